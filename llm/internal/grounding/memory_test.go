package grounding

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/prose"
)

// maxPerWord is what an index may take of memory for each word beside the text itself: where it stands, its page, and itself.
const maxPerWord = 16

func TestAnIndexKeepsNoCopyOfItsText(t *testing.T) {
	const pages, words = 400, 500
	var doc []prose.Page
	for n := range pages {
		var b strings.Builder
		for w := range words {
			fmt.Fprintf(&b, "Word%dofMany ", (n*31+w*7)%5000)
		}
		doc = append(doc, prose.Page{Number: n + 1, Text: b.String()})
	}
	before := heap()
	x := New(doc, "en")
	taken := heap() - before
	if per := taken / (pages * words); per > maxPerWord {
		t.Errorf("%d bytes a word, at most %d", per, maxPerWord)
	}
	if len(x.places("word14ofmany")) == 0 {
		t.Error("the index does not hold its words")
	}
	runtime.KeepAlive(doc)
}

// heap is how much memory is in use.
func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
