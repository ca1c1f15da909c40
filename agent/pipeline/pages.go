package pipeline

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/extract"
)

// head is what is known of a page without its text.
type head struct {
	number     int
	method     extract.Method
	confidence float64
	turned     int    // clockwise, in degrees, to make it upright
	bytes      int    // of its text
	missing    string // language that it is in and no installed model reads
	err        *extract.Error
}

// pages are those of one document that were read.
type pages struct {
	most  int64 // bytes of text that are held
	heads []head
	texts []extract.Page                                           // the whole pages, of those in heads; none where there is too much text, or it was put aside
	long  bool                                                     // there is too much text to be held
	bytes int64                                                    // of all texts
	kept  func(ctx context.Context) iter.Seq2[extract.Page, error] // those in the journal, in the order of their numbers
	seen  map[int]extract.Page                                     // by number: what a model read in place of what was recognised
}

// add takes a page, in any order. Pages without an error are in the journal, or will be when the reading has ended.
func (p *pages) add(page extract.Page) {
	p.heads = append(p.heads, head{number: page.Number, method: page.Method, confidence: page.Confidence, turned: page.Scan.Turned, bytes: len(page.Text), missing: page.Scan.Missing, err: page.Err})
	p.bytes += int64(len(page.Text))
	switch {
	case p.long:
	case p.bytes > p.most:
		p.long, p.texts = true, nil
	default:
		p.texts = append(p.texts, page)
	}
}

// sort brings pages into the order of their numbers.
func (p *pages) sort() {
	slices.SortFunc(p.heads, func(a, b head) int { return a.number - b.number })
	slices.SortFunc(p.texts, func(a, b extract.Page) int { return a.Number - b.Number })
}

func (p *pages) len() int {
	if p == nil {
		return 0
	}
	return len(p.heads)
}

// failed says that some pages could not be read.
func (p *pages) failed() bool {
	return p != nil && slices.ContainsFunc(p.heads, func(h head) bool { return h.err != nil })
}

// held is how many bytes of text are in memory while the document is summarised.
func (p *pages) held() int64 { return min(p.bytes, p.most) }

// putAside leaves the texts to the journal for a while.
func (p *pages) putAside() { p.texts = nil }

// fetchBack ends that.
func (p *pages) fetchBack(ctx context.Context) error {
	if p.long || p.texts != nil {
		return nil
	}
	texts := make([]extract.Page, 0, len(p.heads))
	for page, err := range p.read(ctx) {
		if err != nil {
			return err
		}
		texts = append(texts, page)
	}
	p.texts = texts
	return nil
}

// all are the pages in order, those that failed among them; an error ends them. What a model read takes the place of what was recognised.
func (p *pages) all(ctx context.Context) iter.Seq2[extract.Page, error] {
	if len(p.seen) == 0 {
		return p.read(ctx)
	}
	return func(yield func(extract.Page, error) bool) {
		for page, err := range p.read(ctx) {
			if s, ok := p.seen[page.Number]; ok && err == nil {
				page = s
			}
			if !yield(page, err) {
				return
			}
		}
	}
}

// read are the pages as the readers gave them, whatever a model made of some.
func (p *pages) read(ctx context.Context) iter.Seq2[extract.Page, error] {
	if p.texts != nil {
		return func(yield func(extract.Page, error) bool) {
			for _, page := range p.texts {
				if !yield(page, nil) {
					return
				}
			}
		}
	}
	return func(yield func(extract.Page, error) bool) {
		next, stop := iter.Pull2(p.kept(ctx))
		defer stop()
		for i, h := range p.heads {
			if h.err != nil {
				if !yield(extract.Page{Number: h.number, Method: h.method, Err: h.err}, nil) {
					return
				}
				continue
			}
			page, err, ok := next()
			for ok && err == nil && page.Number < h.number { // read for somebody else meanwhile
				page, err, ok = next()
			}
			if err == nil && (!ok || page.Number != h.number) { // erased or purged meanwhile
				err = fmt.Errorf("page %d, and %d after it, are in the journal no more", h.number, len(p.heads)-i-1)
			}
			if !yield(page, err) || err != nil {
				return
			}
		}
	}
}

// readable returns the reason why pages hold nothing to summarise, or nil.
func (p *pages) readable() error {
	var first *extract.Error
	missing := ""
	for _, h := range p.heads {
		if h.bytes > 0 {
			return nil
		}
		missing = cmp.Or(missing, h.missing)
		if h.err != nil && first == nil {
			first = h.err
		}
	}
	if first != nil {
		return first
	}
	if missing != "" {
		return &extract.Error{Code: extract.CodeLanguageMissing, Transient: true,
			Message: "The pages are scanned in a language whose recognition model is not installed on the agent's machine; install tesseract-ocr-" + strings.ReplaceAll(missing, "_", "-") + "."}
	}
	return &extract.Error{Code: extract.CodeNoText, Message: "No text was found in this document: its pages are blank or hold pictures without writing."}
}
