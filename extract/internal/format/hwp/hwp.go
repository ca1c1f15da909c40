// Package hwp reads documents of Hangul 2002 and later (HWP 5), as Hancom has published the format: a compound file whose streams are
// records, packed by deflate.
package hwp

import (
	"bytes"
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/cfb"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/flow"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/le"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/props"
)

// MIME is the type of a document of Hangul.
const MIME = "application/x-hwp"

const label = "Hangul (HWP)"

// signature begins the stream FileHeader of every version.
const signature = "HWP Document File"

// Flags of the file header.
const (
	flagPacked      = 1 << 0
	flagPassword    = 1 << 1
	flagDistributed = 1 << 2 // may be read by anybody, and not be changed
	flagRights      = 1<<4 | 1<<8 | 1<<10
)

// maxSections bounds the streams of a document's body.
const maxSections = 1000

// IsDocument says that a compound file is one of Hangul.
func IsDocument(f *cfb.File) bool { return bytes.HasPrefix(f.Read("FileHeader"), []byte(signature)) }

// Open reads a document; of files inside it those are read that lim has a reader for. Errors are *doc.Fail.
func Open(f *cfb.File, lim doc.Limits) (doc.Source, error) {
	head := f.Read("FileHeader")
	flags := le.U32(head, 36)
	switch major := le.U32(head, 32) >> 24; {
	case flags&(flagPassword|flagRights) != 0:
		return nil, doc.Encrypted(label)
	case major != 5:
		return nil, doc.Failf(doc.CodeUnsupportedType, nil, "The file is a Hangul document of a version that is not read; save it as DOCX or PDF and upload that.")
	}
	r := &reader{file: f, packed: flags&flagPacked != 0, most: flow.MostRunning(max(lim.MaxPages, 1))}
	r.loadInfo()
	names := r.sections(flags&flagDistributed != 0)
	if len(names) == 0 {
		return nil, doc.Corrupt(label, nil)
	}
	var cause error
	lost := 0
	for _, n := range names {
		if err := r.section(n); errors.Is(err, cfb.ErrBudget) {
			return nil, doc.Failf(doc.CodeTooLarge, err, "The %s file unpacks to more than the limits allow; split it into smaller files and upload those.", label)
		} else if err != nil {
			cause, lost = err, lost+1
		}
	}
	texts := r.texts()
	if len(texts) == 0 && lost == len(names) {
		return nil, doc.Corrupt(label, cause)
	}
	s := &doc.Static{Meta: doc.Info{Format: "hwp", MIME: MIME}, Texts: texts, Pictures: r.pictures(len(texts))}
	if lost > 0 {
		s.Meta.Warn("A part of the document is damaged, or too long to be read to its end; text is missing there.")
	}
	s.Texts = append(s.Texts, r.objects(lim)...)
	if len(s.Texts) == 0 {
		s.Texts = []string{""}
	}
	p := properties(f)
	s.Meta.Title, s.Meta.Author = p.Title, p.Author
	s.Texts = p.Append(s.Texts)
	return s, nil
}

// sections names the streams of the body in their order. Of a document for distribution they lie elsewhere, behind a cipher whose key
// stands before them.
func (r *reader) sections(distributed bool) []string {
	var out []string
	folder := "bodytext/section"
	if distributed {
		folder = "viewtext/section"
	}
	for _, e := range r.file.List() {
		if n, ok := strings.CutPrefix(strings.ToLower(e.Path), folder); ok && e.Stream {
			if _, err := strconv.Atoi(n); err == nil && len(out) < maxSections {
				out = append(out, e.Path)
			}
		}
	}
	slices.SortFunc(out, flow.Natural)
	return out
}

// section reads one stream of the body.
func (r *reader) section(name string) error {
	data := r.file.Read(name)
	if data == nil {
		return cfb.ErrBudget
	}
	var in *records
	if strings.HasPrefix(strings.ToLower(name), "viewtext/") {
		plain, ok := distributed(data)
		if !ok {
			return cfb.ErrFormat
		}
		in = r.records(plain)
	} else {
		in = r.records(data)
	}
	r.in = in
	r.blocks(0, &r.out, 0)
	if r.full {
		return cfb.ErrBudget
	}
	r.notes()
	if in.err == nil && in.cut {
		return errCut
	}
	return in.err
}

// errCut says that a paragraph is longer than what is kept of one.
var errCut = errors.New("a paragraph is too long")

// properties reads the summary, which has the form of Office's under another name.
func properties(f *cfb.File) props.Props {
	for _, n := range []string{"\x05HwpSummaryInformation", "HwpSummaryInformation"} {
		if b := f.Read(n); b != nil {
			return cfb.Summary(b)
		}
	}
	return props.Props{}
}
