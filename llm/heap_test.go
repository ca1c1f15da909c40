package llm_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/llm"
)

// heapPerByte is how much memory may be taken for a byte of text while it is summarised, the text itself not counted. An agent decides by such a
// figure how much text it holds at a time. With a model it holds the server of the test as well, which keeps every prompt.
const heapPerByte = 16

// TestSummarisingTakesWhatItIsBookedAt runs alone: it watches the heap of the whole process.
func TestSummarisingTakesWhatItIsBookedAt(t *testing.T) {
	computes(t)
	if underRace {
		t.Skip("the race detector has memory of its own")
	}
	d := varied(250, 4000)
	size := 0
	for _, p := range d.Pages {
		size += len(p.Text)
	}
	f := newFixture(t, nil)
	for name, s := range map[string]llm.Summariser{"extractive": llm.Extractive{}, "a model": f.engine(t)} {
		t.Run(name, func(t *testing.T) {
			if _, err := s.Summarise(context.Background(), varied(1, 4000), nil, nil); err != nil { // loads what is loaded once
				t.Fatal(err)
			}
			peak := peakHeap(func() {
				if _, err := s.Summarise(context.Background(), d, nil, nil); err != nil {
					t.Error(err)
				}
			})
			if per := float64(peak) / float64(size); per > heapPerByte || per < 1 {
				t.Errorf("%.1f bytes of heap for a byte of text, at most %d", per, heapPerByte)
			}
		})
	}
}

// varied is a document whose words are those of a language in number.
func varied(pages, bytes int) llm.Document {
	r := rand.New(rand.NewPCG(1, 9))
	zipf := rand.NewZipf(r, 1.1, 4, 30_000)
	d := llm.Document{Title: "Varied", Filename: "varied.txt"}
	for n := range pages {
		var b strings.Builder
		for w := 0; b.Len() < bytes; w++ {
			fmt.Fprintf(&b, "w%xe", zipf.Uint64())
			b.WriteString([]string{" ", " the ", " ", " of ", ". The "}[w%5*min(1, r.IntN(6))])
			if r.IntN(80) == 0 {
				b.WriteString(".\n\nOn 3 May 2024 ")
			}
		}
		d.Pages = append(d.Pages, llm.Page{Number: n + 1, Text: b.String()})
	}
	return d
}

// peakHeap is how much more memory is in use during do, as the collector finds it at the end of each of its rounds.
func peakHeap(do func()) (peak uint64) {
	defer debug.SetGCPercent(debug.SetGCPercent(10))
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	before := m.HeapAlloc
	done := make(chan struct{})
	go func() { defer close(done); do() }()
	for {
		select {
		case <-done:
			return peak
		default:
			runtime.ReadMemStats(&m)
			if m.HeapAlloc > before {
				peak = max(peak, m.HeapAlloc-before)
			}
			runtime.Gosched()
		}
	}
}
