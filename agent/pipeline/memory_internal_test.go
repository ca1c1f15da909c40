package pipeline

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/agent/journal"
	"github.com/aidoc-pipeline/aidoc-agent/extract"
	"github.com/aidoc-pipeline/aidoc-agent/llm"
)

// longReader reads a document that is longer than anybody holds, page by page.
type longReader struct {
	extract.Extractor
	pages int
}

func (longReader) Version() string { return "long" }

func (r longReader) Extract(_ context.Context, _ string, o extract.Options) (extract.Document, error) {
	d := extract.Document{Format: "txt", MIME: "text/plain", Pages: r.pages}
	if err := o.OnDocument(d); err != nil {
		return d, err
	}
	for n := 1; n <= r.pages; n++ {
		var b strings.Builder
		for i := range 40 {
			fmt.Fprintf(&b, "On page %d the council heard of matter %d in district %d and put it off until another day. ", n, n*41+i, i*n%97)
		}
		if err := o.OnPage(page(n, extract.MethodText, 0, b.String())); err != nil {
			return d, err
		}
	}
	return d, nil
}

// heap is how much is alive, without what earlier tests left.
type heap struct{ base, peak uint64 }

func (h *heap) look() {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	if h.base == 0 {
		h.base = m.HeapAlloc
	}
	h.peak = max(h.peak, m.HeapAlloc)
}

// What a document is made of is never in memory all at once: not while it is read, nor while it is summarised or stored.
func TestALongDocumentIsNeverInMemory(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(50))
	j, err := journal.Open(t.Context(), filepath.Join(t.TempDir(), "journal.db"), journal.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	const most, count = 256 << 10, 2000 // enough that half of it is far above what the reading itself takes
	var h heap
	h.look()
	r := &reading{journal: j, extractor: longReader{pages: count}, sha256: "aa", most: most, log: slog.New(slog.DiscardHandler),
		progress: func(_ string, done, _ int) {
			if done%200 == 0 {
				h.look()
			}
		}}
	_, p, err := r.read(t.Context(), "a path")
	if err != nil {
		t.Fatal(err)
	}
	if p.bytes < 6<<20 || p.len() != count {
		t.Fatalf("%d pages with %d bytes", p.len(), p.bytes)
	}
	var d llm.Document
	if err := p.forModel(t.Context(), &d); err != nil {
		t.Fatal(err)
	}
	h.look()
	s, err := llm.Extractive{}.Summarise(t.Context(), d, nil, func(int, int) { h.look() })
	if err != nil || len(s.PagesRead) == 0 || !strings.Contains(s.Markdown, "too long to be read whole") {
		t.Errorf("read %d pages, %v:\n%s", len(s.PagesRead), err, s.Markdown)
	}
	written := 0
	look := writerFunc(func(b []byte) (int, error) {
		if before := written; before>>20 != (before+len(b))>>20 {
			h.look()
		}
		written += len(b)
		return len(b), nil
	})
	if err := writeText(look, p.all(t.Context())); err != nil || written < int(p.bytes) {
		t.Errorf("%d of %d bytes stored, %v", written, p.bytes, err)
	}
	if took := h.peak - h.base; took > uint64(p.bytes)/2 {
		t.Errorf("%d KiB alive at the most, for a document of %d of which %d may be held", took>>10, p.bytes>>10, most>>10)
	}
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(b []byte) (int, error) { return f(b) }

var _ io.Writer = writerFunc(nil)
