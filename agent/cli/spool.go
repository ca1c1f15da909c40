package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
	"os"
	"slices"

	"github.com/aidoc-pipeline/aidoc-agent/extract"
)

// pageSpool keeps pages in a file until they are asked for, so that a long document does not stand in memory: of a page
// it remembers where it is. It has no name in the file system and is gone with the process.
type pageSpool struct {
	file *os.File // made when the first page comes
	dir  string
	end  int64
	at   map[int]span
}

// span is a part of a file.
type span struct{ from, n int64 }

func newPageSpool(dir string) *pageSpool { return &pageSpool{dir: dir, at: map[int]span{}} }

func (s *pageSpool) close() {
	if s.file != nil {
		s.file.Close()
	}
}

// put keeps a page under its number.
func (s *pageSpool) put(p extract.Page) error {
	raw, err := json.Marshal(p)
	if err != nil {
		return err
	}
	if s.file == nil {
		if s.file, err = unnamed(s.dir); err != nil {
			return err
		}
	}
	if _, err := s.file.WriteAt(raw, s.end); err != nil {
		return fmt.Errorf("cannot keep a page aside: %w", err)
	}
	s.at[p.Number] = span{s.end, int64(len(raw))}
	s.end += int64(len(raw))
	return nil
}

// take gives a page back and forgets it.
func (s *pageSpool) take(number int) (p extract.Page, ok bool, err error) {
	sp, ok := s.at[number]
	if !ok {
		return p, false, nil
	}
	delete(s.at, number)
	p, err = s.page(sp)
	if len(s.at) == 0 {
		s.end = 0 // nobody waits for what is in the file
	}
	return p, true, err
}

func (s *pageSpool) page(sp span) (p extract.Page, err error) {
	raw := make([]byte, sp.n)
	if _, err := s.file.ReadAt(raw, sp.from); err != nil {
		return p, fmt.Errorf("cannot read a page that was kept aside: %w", err)
	}
	return p, json.Unmarshal(raw, &p)
}

// numbers are those of the pages it holds, in order.
func (s *pageSpool) numbers() []int { return slices.Sorted(maps.Keys(s.at)) }

// pages are those it holds, in the order of their numbers.
func (s *pageSpool) pages() iter.Seq2[extract.Page, error] {
	return func(yield func(extract.Page, error) bool) {
		for _, n := range s.numbers() {
			if p, err := s.page(s.at[n]); !yield(p, err) || err != nil {
				return
			}
		}
	}
}

// copyJSON writes the pages it holds, in order, as the JSON they are kept as.
func (s *pageSpool) copyJSON(w io.Writer) error {
	for i, n := range s.numbers() {
		if i > 0 {
			if _, err := io.WriteString(w, ","); err != nil {
				return err
			}
		}
		sp := s.at[n]
		if _, err := io.Copy(w, io.NewSectionReader(s.file, sp.from, sp.n)); err != nil {
			return err
		}
	}
	return nil
}

// unnamed is a file that nobody else can open, in dir.
func unnamed(dir string) (*os.File, error) {
	f, err := os.CreateTemp(dir, "pages-*")
	if err != nil {
		return nil, fmt.Errorf("cannot make a temporary file in %s: %w", dir, err)
	}
	if err := os.Remove(f.Name()); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}
