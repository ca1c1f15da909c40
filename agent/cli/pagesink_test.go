package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/extract"
)

func samplePages(n int) []extract.Page {
	pages := make([]extract.Page, n)
	for i := range pages {
		pages[i] = extract.Page{Number: i + 1, Method: extract.MethodText, Confidence: 1, Text: fmt.Sprintf("Annual <report>\nHeading %d\nName\tSum\nA & B\t%d\nend\n%d", i, i, i+1), Marks: []extract.Mark{
			{Kind: extract.MarkHeader, From: 0, To: 1, Y: 30}, {Kind: extract.MarkHeading, From: 1, To: 2, Level: 2},
			{Kind: extract.MarkTable, From: 2, To: 4}, {Kind: extract.MarkFooter, From: 5, To: 6, Y: 970}}}
	}
	if n > 4 {
		pages[3].Text, pages[3].Marks = "", nil
		pages[3].Err = &extract.Error{Code: extract.CodeTimeout, Message: "Reading took longer than the limit allows."}
		pages[2].Text = strings.TrimSuffix(pages[2].Text, "3") + "a word that is hyphen-"
		pages[2].Marks = pages[2].Marks[:3]
	}
	return pages
}

// shuffled are pages in an order in which several readers could end them, and worse.
func shuffled(pages []extract.Page) []extract.Page {
	out := slices.Clone(pages)
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out
}

// markdownOf is the Markdown of all pages at once.
func markdownOf(pages []extract.Page) string {
	var b strings.Builder
	out := extract.Joiner{W: &b}
	for _, text := range extract.Markdown(pages) {
		_ = out.Add(text)
	}
	_ = out.End()
	return b.String()
}

// What is written as pages come is what would be written of all of them at once.
func TestSinksWriteWhatTheWholeGives(t *testing.T) {
	t.Parallel()
	doc := extract.Document{Format: "pdf", Title: "<a>", Warnings: []string{"w"}}
	for _, n := range []int{0, 1, 2, 4, 9, 100} {
		pages := samplePages(n)
		var all []extract.Page // null in JSON when there are none
		all = append(all, pages...)
		object, err := json.Marshal(struct {
			File     string           `json:"file"`
			Document extract.Document `json:"document"`
			Pages    []extract.Page   `json:"pages"`
			Error    *extract.Error   `json:"error,omitempty"`
		}{"a<b>.pdf", doc, all, &extract.Error{Code: "corrupt_file", Message: "m"}})
		if err != nil {
			t.Fatal(err)
		}
		for form, c := range map[string]struct {
			sink    func(io.Writer, string) pageSink
			want    string
			failure error
		}{
			"text":     {func(w io.Writer, dir string) pageSink { return newTextSink(w, dir) }, extract.RenderText(pages), nil},
			"markdown": {func(w io.Writer, dir string) pageSink { return &markdownSink{w: w, spool: newPageSpool(dir)} }, markdownOf(pages), nil},
			"json":     {func(w io.Writer, dir string) pageSink { return &jsonSink{w, "a<b>.pdf", newPageSpool(dir)} }, string(object) + "\n", &extract.Error{Code: "corrupt_file", Message: "m"}},
		} {
			dir := t.TempDir()
			var got strings.Builder
			s := c.sink(&got, dir)
			for _, p := range shuffled(pages) {
				if err := s.page(p); err != nil {
					t.Fatal(err)
				}
			}
			if err := s.finish(doc, c.failure); err != nil || got.String() != c.want {
				t.Errorf("%d pages as %s (%v):\n%s\nwant\n%s", n, form, err, got.String(), c.want)
			}
			s.close()
			if left, _ := os.ReadDir(dir); len(left) > 0 {
				t.Errorf("%s leaves %v behind", form, left)
			}
		}
	}
}

// A text that is complete up to a page is out before the next one comes.
func TestTextIsWrittenAsItComes(t *testing.T) {
	t.Parallel()
	var got strings.Builder
	s := newTextSink(&got, t.TempDir())
	defer s.close()
	for _, n := range []int{1, 3, 2} {
		before := got.Len()
		if err := s.page(extract.Page{Number: n, Text: fmt.Sprint("page ", n)}); err != nil {
			t.Fatal(err)
		}
		if wrote := got.Len() > before; wrote != (n != 3) {
			t.Errorf("after page %d: %q", n, got.String())
		}
	}
}

// Not parallel: it measures the heap.
func TestSinksHoldNoPages(t *testing.T) {
	const pages, size = 2000, 10 << 10
	for form, sink := range map[string]pageSink{"text": newTextSink(io.Discard, t.TempDir()), "json": &jsonSink{io.Discard, "f", newPageSpool(t.TempDir())}, "markdown": &markdownSink{io.Discard, newPageSpool(t.TempDir())}} {
		before := heap()
		for n := pages; n > 0; n-- { // the first page comes last
			p := extract.Page{Number: n, Text: strings.Repeat("words ", size/6), Method: extract.MethodText, Confidence: 1}
			if err := sink.page(p); err != nil {
				t.Fatal(err)
			}
		}
		if grown := heap() - before; grown > pages*size/10 {
			t.Errorf("%s holds %d KiB of a text of %d KiB", form, grown>>10, pages*size>>10)
		}
		if err := sink.finish(extract.Document{}, nil); err != nil {
			t.Error(err)
		}
		sink.close()
	}
}

func heap() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// A file has its name only once it is complete, and what could not be read leaves none.
func TestExtractLeavesNoHalfFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	in, out := filepath.Join(dir, "a.bin"), filepath.Join(dir, "out")
	if err := os.WriteFile(in, []byte("\x7fELF\x02\x01\x01\x00\x00\x00"), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, _, errs := cmd(t, filepath.Join(dir, "data"), "extract", "-o", out, in); code != exitDocuments {
		t.Errorf("exit %d: %s", code, errs)
	}
	if left, err := os.ReadDir(out); err != nil || len(left) > 0 {
		t.Errorf("%v %v", left, err)
	}
	o, err := (&extractCmd{Out: filepath.Join(dir, "absent")}).output(nil, in)
	if !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%v %v", o, err)
	}
}
