package hwp

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/flow"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/le"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/numbering"
)

// What stands before the paragraphs of a shape.
const (
	headOutline = 1
	headNumber  = 2
	headBullet  = 3
)

// shape is what of a paragraph's shape decides the mark before it.
type shape struct {
	head  byte
	level int
	list  int // counted from 1
}

// bin is a picture or an object that is kept beside the text.
type bin struct {
	kind   int // binEmbedded or binObject
	plain  bool
	stream string
}

// Kinds of bins; others are links to files elsewhere.
const (
	binEmbedded = 1
	binObject   = 2
)

// Bounds of the tables.
const (
	maxShapes    = 65536
	maxLists     = 4096
	maxBins      = 10000
	maxMark      = 100 // letters of the mark before a paragraph
	listLevels   = 7
	numberFields = 12 // bytes before the form of a level's mark
)

// loadInfo reads what the document's paragraphs refer to; what is damaged of it is left out.
func (r *reader) loadInfo() {
	r.lists = numbering.NewLists()
	in := r.records(r.file.Read("DocInfo"))
	lists := 0
	for {
		rec, ok := in.peek()
		if !ok {
			return
		}
		switch {
		case rec.tag == tagParaShape && len(r.shapes) < maxShapes:
			flags := le.U32(rec.data, 0)
			r.shapes = append(r.shapes, shape{head: byte(flags >> 23 & 3), level: flags >> 25 & 7, list: le.U16(rec.data, 30)})
		case rec.tag == tagNumbering && lists < maxLists:
			lists++
			id := strconv.Itoa(lists)
			r.lists.Nums[id], r.lists.Abstract[id] = id, levels(rec.data)
		case rec.tag == tagBinData && len(r.bins) < maxBins:
			r.bins = append(r.bins, parseBin(rec.data))
		}
		in.take()
	}
}

// levels reads a numbering: a form such as "^1.^2)" for each level, then where each begins.
func levels(b []byte) map[int]numbering.Level {
	out := map[int]numbering.Level{}
	at := 0
	for i := range listLevels {
		text, end := wide(b, at+numberFields)
		if len(text) > maxMark || end > len(b) {
			break
		}
		out[i] = numbering.Level{Format: numberFormat(le.U32(b, at) >> 5 & 15), Text: levelMark(text, i), Start: 1, Restart: -1}
		at = end
	}
	at += 2
	for i := range listLevels {
		if l, ok := out[i]; ok && at+4*i+4 <= len(b) {
			l.Start = le.U32(b, at+4*i) & 0xffff
			out[i] = l
		}
	}
	return out
}

// levelMark writes the form of a level's mark as package numbering has it: ^1 is the number of the first level, ^n the numbers of all down
// to this one, ^N the same with a dot at its end.
func levelMark(form string, level int) string {
	path := make([]string, level+1)
	for i := range path {
		path[i] = "%" + strconv.Itoa(i+1)
	}
	all := strings.Join(path, ".")
	for i := range listLevels {
		form = strings.ReplaceAll(form, "^"+strconv.Itoa(i+1), "%"+strconv.Itoa(i+1))
	}
	return strings.NewReplacer("^n", all, "^N", all+".").Replace(form)
}

func parseBin(b []byte) bin {
	flags := le.U16(b, 0)
	ext, _ := wide(b, 4)
	out := bin{kind: flags & 15, plain: flags>>4&3 == 2}
	if out.kind == binEmbedded || out.kind == binObject {
		out.stream = fmt.Sprintf("BinData/BIN%04X.%s", le.U16(b, 2), ext)
	}
	return out
}

// picture notes that a picture stands on the page that is read.
func (r *reader) picture(id int) {
	if id > 0 && id <= len(r.bins) && r.bins[id-1].kind == binEmbedded {
		r.pics.Add(len(r.out.Pages), r.bins[id-1].stream)
	}
}

// pictures loads what was noted, for pages of text.
func (r *reader) pictures(pages int) []doc.Picture {
	return r.pics.Load(func(stream string) (io.ReadCloser, error) {
		for _, b := range r.bins {
			if b.stream == stream {
				return r.open(b)
			}
		}
		return nil, io.ErrUnexpectedEOF
	}, max(pages, 1))
}

func (r *reader) open(b bin) (io.ReadCloser, error) {
	data := r.file.Read(b.stream)
	if data == nil {
		return nil, io.ErrUnexpectedEOF
	}
	return io.NopCloser(r.unpacked(data, r.packed && !b.plain)), nil
}

// objects reads the documents of other programs that stand in this one.
func (r *reader) objects(lim doc.Limits) []string {
	if lim.Embedded == nil {
		return nil
	}
	in := flow.NewInside(lim)
	n := 0
	for _, b := range r.bins {
		if b.kind != binObject {
			continue
		}
		n++
		in.Add("object "+strconv.Itoa(n), func() (io.ReadCloser, error) {
			f, err := r.open(b)
			if err == nil {
				_, err = io.CopyN(io.Discard, f, 4) // its size
			}
			return f, err
		})
	}
	var out []string
	for _, t := range in.Texts {
		out = append(out, flow.Paginate(t)...)
	}
	return out
}
