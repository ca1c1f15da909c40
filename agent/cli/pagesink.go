package cli

import (
	"encoding/json"
	"io"

	"github.com/aidoc-pipeline/aidoc-agent/extract"
)

// pageSink writes a document as its pages come, in whatever order. Memory does not grow with their number.
type pageSink interface {
	page(extract.Page) error
	// finish writes what is left. failure is why the document could not be read, nil when it could.
	finish(doc extract.Document, failure error) error
	close()
}

// textSink writes pages in order; one that comes before its turn waits in the spool.
type textSink struct {
	out   extract.Joiner
	next  int
	early *pageSpool
}

func newTextSink(w io.Writer, dir string) *textSink {
	return &textSink{out: extract.Joiner{W: w}, next: 1, early: newPageSpool(dir)}
}

func (s *textSink) page(p extract.Page) error {
	if p.Number != s.next {
		return s.early.put(p)
	}
	for ok := true; ok; s.next++ {
		if err := s.out.Add(p.Text); err != nil {
			return err
		}
		var err error
		if p, ok, err = s.early.take(s.next + 1); err != nil {
			return err
		}
	}
	return nil
}

func (s *textSink) finish(extract.Document, error) error {
	for p, err := range s.early.pages() {
		if err != nil {
			return err
		}
		if err := s.out.Add(p.Text); err != nil {
			return err
		}
	}
	return s.out.End()
}

func (s *textSink) close() { s.early.close() }

// markdownSink keeps all pages aside: only the whole document tells which lines are running heads.
type markdownSink struct {
	w     io.Writer
	spool *pageSpool
}

func (s *markdownSink) page(p extract.Page) error { return s.spool.put(p) }
func (s *markdownSink) close()                    { s.spool.close() }

func (s *markdownSink) finish(extract.Document, error) error {
	var m extract.Margins
	for p, err := range s.spool.pages() {
		if err != nil {
			return err
		}
		m.Add(p)
	}
	out := extract.Joiner{W: s.w}
	if err := m.Markdown(s.spool.pages(), out.Add); err != nil {
		return err
	}
	return out.End()
}

// jsonSink keeps all pages aside: the document comes first, and its warning is known last.
type jsonSink struct {
	w     io.Writer
	path  string
	spool *pageSpool
}

func (s *jsonSink) page(p extract.Page) error { return s.spool.put(p) }
func (s *jsonSink) close()                    { s.spool.close() }

// finish writes one object a file: document, its pages with method, confidence and language, and what went wrong.
func (s *jsonSink) finish(doc extract.Document, failure error) error {
	var err error
	put := func(before string, v any) {
		if err != nil {
			return
		}
		var raw []byte
		if raw, err = json.Marshal(v); err == nil {
			_, err = s.w.Write(append([]byte(before), raw...))
		}
	}
	put(`{"file":`, s.path)
	put(`,"document":`, doc)
	if len(s.spool.at) == 0 {
		put(`,"pages":`, nil)
	} else if err == nil {
		if _, err = io.WriteString(s.w, `,"pages":[`); err == nil {
			err = s.spool.copyJSON(s.w)
		}
		if err == nil {
			_, err = io.WriteString(s.w, "]")
		}
	}
	if failure != nil {
		put(`,"error":`, asExtractError(failure))
	}
	if err != nil {
		return err
	}
	_, err = io.WriteString(s.w, "}\n")
	return err
}
