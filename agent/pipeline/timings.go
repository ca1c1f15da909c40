package pipeline

import (
	"sync"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/extract"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

// timings is how long the parts of the work took, without the waits for a turn.
type timings struct {
	mu   sync.Mutex
	took map[string]time.Duration
	last time.Time // when the last page was read
}

func (t *timings) add(phase string, d time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.took == nil {
		t.took = map[string]time.Duration{}
	}
	t.took[phase] += d
}

// since adds the time since a part began: `defer t.since(phase, time.Now())`.
func (t *timings) since(phase string, began time.Time) { t.add(phase, time.Since(began)) }

// reading is called when the reading of pages begins.
func (t *timings) reading() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.last = time.Now()
}

// page books the time since the page before.
func (t *timings) page(p extract.Page) {
	now := time.Now()
	t.mu.Lock()
	d := now.Sub(t.last)
	t.last = now
	t.mu.Unlock()
	if p.Method == extract.MethodOCR {
		t.add("ocr", d)
		return
	}
	t.add("extract", d)
}

// told is what a site is told; what took less than a millisecond is told as one.
func (t *timings) told() *wpclient.Timings {
	t.mu.Lock()
	defer t.mu.Unlock()
	ms := func(phase string) int64 {
		d, happened := t.took[phase]
		if !happened {
			return 0
		}
		return max(1, d.Milliseconds())
	}
	return &wpclient.Timings{Download: ms("download"), Extract: ms("extract"), OCR: ms("ocr"), Summarise: ms("summarise"), Store: ms("store")}
}
