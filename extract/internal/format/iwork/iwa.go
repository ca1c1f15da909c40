package iwork

import (
	"archive/zip"
	"bytes"
	"cmp"
	"errors"
	"io"
	"path"
	"slices"
	"strings"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/flow"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/zipx"
)

// Types of objects in the archives of iWork 2013 and later.
const (
	iwaStorage   = 2001 // a text
	iwaModel     = 6001
	iwaTile      = 6002 // rows of a table
	iwaDataList  = 6005 // strings of a table by number
	maxIWAObject = 1 << 20
)

// iwaFile holds the objects of a document by their numbers.
type iwaFile struct {
	objects map[uint64]iwaObject
	order   []uint64
	work    int // bytes of objects looked at by way of references
}

// maxIWAWork bounds what tables that refer to the same objects cost.
const maxIWAWork = 256 << 20

// object gives the bytes of an object of a kind, nil when it is another.
func (f *iwaFile) object(id uint64, kind int) []byte {
	o := f.objects[id]
	if f.work += len(o.data); o.kind != kind || f.work > maxIWAWork {
		return nil
	}
	return o.data
}

type iwaObject struct {
	kind int
	data []byte
	part string
}

// iwaTexts reads the texts and tables of a document, slides as pages of their own.
func iwaTexts(f *zipx.File, format string, lim doc.Limits) ([]string, error) {
	parts, err := iwaParts(f, lim.MaxUnpacked)
	if err != nil {
		return nil, err
	}
	doc := iwaFile{objects: map[uint64]iwaObject{}}
	left := lim.MaxUnpacked
	for _, p := range parts {
		raw, err := unpackIWA(p.data, &left)
		doc.read(p.name, raw)
		if errors.Is(err, zipx.ErrBudget) {
			return nil, err
		}
	}
	var out flow.Pager
	out.Hard = format != "pages"
	last := ""
	for _, id := range doc.order {
		o := doc.objects[id]
		if format == "key" && o.part != last {
			out.Cut()
		}
		last = o.part
		switch o.kind {
		case iwaStorage:
			out.Add(iwaText(o.data), "\n\n")
		case iwaModel:
			out.Add(doc.table(o.data), "\n\n")
		}
	}
	return out.Done(), nil
}

type iwaPart struct {
	name string
	data []byte
}

// templates are parts whose text only says where text goes, or is none.
var templates = []string{"master", "template", "documentstylesheet", "themestylesheet", "viewstate", "annotationauthor", "calculationengine"}

// iwaParts lists the archives: in the file itself or in a zip inside it, the main part first and the
// others by their numbers, which grow with time.
func iwaParts(f *zipx.File, budget int64) ([]iwaPart, error) {
	var out []iwaPart
	keep := func(name string) bool {
		base := strings.ToLower(path.Base(name))
		return strings.HasSuffix(base, ".iwa") && !slices.ContainsFunc(templates, func(t string) bool { return strings.HasPrefix(base, t) })
	}
	for _, n := range f.Names() {
		switch {
		case keep(n):
			b, err := f.Bytes(n)
			if err != nil {
				return nil, err
			}
			out = append(out, iwaPart{path.Base(n), b})
		case path.Base(n) == "index.zip":
			b, err := f.Bytes(n)
			if err != nil {
				return nil, err
			}
			zr, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
			if err != nil {
				return nil, err
			}
			for _, e := range zr.File {
				if !keep(e.Name) {
					continue
				}
				r, err := e.Open()
				if err != nil {
					continue
				}
				data, err := io.ReadAll(io.LimitReader(r, budget+1))
				r.Close()
				if budget -= int64(len(data)); budget < 0 {
					return nil, zipx.ErrBudget
				}
				if err == nil {
					out = append(out, iwaPart{strings.ToLower(path.Base(e.Name)), data})
				}
			}
		}
	}
	slices.SortStableFunc(out, func(a, b iwaPart) int {
		return cmp.Or(cmp.Compare(partRank(a.name), partRank(b.name)), cmp.Compare(len(a.name), len(b.name)), cmp.Compare(a.name, b.name))
	})
	return out, nil
}

func partRank(name string) int {
	if strings.HasPrefix(name, "document") {
		return 0
	}
	return 1
}

// read takes the objects out of an unpacked archive: a header that names types and lengths, then the objects.
func (f *iwaFile) read(part string, b []byte) {
	for len(b) > 0 {
		n, k := protowire.ConsumeVarint(b)
		if k < 0 || n > uint64(len(b)-k) {
			return
		}
		head := b[k : k+int(n)]
		b = b[k+int(n):]
		id := uint64(0)
		type message struct{ kind, size uint64 }
		var messages []message
		fields(head, func(num protowire.Number, v uint64, data []byte) {
			switch {
			case num == 1:
				id = v
			case num == 2 && data != nil:
				var m message
				fields(data, func(num protowire.Number, v uint64, _ []byte) {
					switch num {
					case 1:
						m.kind = v
					case 3:
						m.size = v
					}
				})
				messages = append(messages, m)
			}
		})
		for i, m := range messages {
			if m.size > uint64(len(b)) {
				return
			}
			if _, known := f.objects[id]; i == 0 && !known {
				f.objects[id] = iwaObject{int(m.kind), b[:m.size], part}
				f.order = append(f.order, id)
			}
			b = b[m.size:]
		}
	}
}

// fields shows the fields of a message: numbers in v, the rest in data.
func fields(b []byte, visit func(num protowire.Number, v uint64, data []byte)) {
	for len(b) > 0 {
		num, kind, n := protowire.ConsumeTag(b)
		if n < 0 {
			return
		}
		b = b[n:]
		switch kind {
		case protowire.VarintType:
			v, n := protowire.ConsumeVarint(b)
			if n < 0 {
				return
			}
			visit(num, v, nil)
			b = b[n:]
		case protowire.BytesType:
			data, n := protowire.ConsumeBytes(b)
			if n < 0 {
				return
			}
			visit(num, 0, data)
			b = b[n:]
		default:
			n := protowire.ConsumeFieldValue(num, kind, b)
			if n < 0 {
				return
			}
			b = b[n:]
		}
	}
}

// iwaText is the text of a storage: its field 3, in pieces. Objects stand in it as U+FFFC.
func iwaText(b []byte) string {
	var s strings.Builder
	fields(b, func(num protowire.Number, _ uint64, data []byte) {
		if num == 3 && data != nil && s.Len() < maxIWAObject {
			s.Write(data)
		}
	})
	var paragraphs []string
	for _, p := range strings.FieldsFunc(s.String(), func(r rune) bool { return strings.ContainsRune("\n\r\u2029\x04\x05\x0c", r) }) {
		if p = strings.TrimSpace(iwaLine.Replace(p)); p != "" {
			paragraphs = append(paragraphs, p)
		}
	}
	return strings.Join(paragraphs, "\n\n")
}

var iwaLine = strings.NewReplacer("\ufffc", "", "\x0e", "", "\u2028", "\n")

// errSnappy is the answer to damaged compression.
var errSnappy = errors.New("compressed data is damaged")

// unpackIWA unpacks the chunks of an archive: each has a zero byte, three bytes of length and data
// packed by Snappy without its usual frame. What was unpacked before damage is returned.
func unpackIWA(b []byte, left *int64) ([]byte, error) {
	var out []byte
	for len(b) >= 4 {
		n := int(b[1]) | int(b[2])<<8 | int(b[3])<<16
		if b[0] != 0 || n > len(b)-4 {
			return out, errSnappy
		}
		chunk, err := unsnap(b[4:4+n], *left)
		if err != nil {
			return out, err
		}
		*left -= int64(len(chunk))
		out = append(out, chunk...)
		b = b[4+n:]
	}
	return out, nil
}

// unsnap unpacks one Snappy block of at most limit bytes.
func unsnap(b []byte, limit int64) ([]byte, error) {
	size, n := protowire.ConsumeVarint(b)
	if n < 0 {
		return nil, errSnappy
	}
	if int64(size) < 0 || int64(size) > limit {
		return nil, zipx.ErrBudget
	}
	b = b[n:]
	if size > 64*uint64(len(b))+64 { // no copy writes more than 64 bytes
		return nil, errSnappy
	}
	out := make([]byte, 0, size)
	for len(b) > 0 {
		tag := b[0]
		b = b[1:]
		var length, offset int
		switch tag & 3 {
		case 0:
			length = int(tag >> 2)
			if length >= 60 {
				extra := length - 59
				if len(b) < extra {
					return nil, errSnappy
				}
				length = 0
				for i := range extra {
					length |= int(b[i]) << (8 * i)
				}
				b = b[extra:]
			}
			length++
			if length <= 0 || length > len(b) || uint64(len(out)+length) > size {
				return nil, errSnappy
			}
			out = append(out, b[:length]...)
			b = b[length:]
			continue
		case 1:
			if len(b) < 1 {
				return nil, errSnappy
			}
			length, offset = 4+int(tag>>2&7), int(tag>>5)<<8|int(b[0])
			b = b[1:]
		default:
			width := 2
			if tag&3 == 3 {
				width = 4
			}
			if len(b) < width {
				return nil, errSnappy
			}
			length = 1 + int(tag>>2)
			for i := range width {
				offset |= int(b[i]) << (8 * i)
			}
			b = b[width:]
		}
		if offset <= 0 || offset > len(out) || uint64(len(out)+length) > size {
			return nil, errSnappy
		}
		for range length {
			out = append(out, out[len(out)-offset])
		}
	}
	return out, nil
}
