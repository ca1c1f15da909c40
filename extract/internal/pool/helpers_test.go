package pool

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
)

// A second child costs what a hundred milliseconds of reading cost: it must come to a document that
// takes longer, and not to one that is done by then.
func TestWorthHelper(t *testing.T) {
	for name, c := range map[string]struct {
		pages int
		each  time.Duration
		after int // pages begun when help comes, 0: none comes
	}{
		"short text":          {pages: 50, each: time.Millisecond},
		"nearly done":         {pages: 60, each: 2 * time.Millisecond},
		"two ticks left":      {pages: 150, each: 2 * time.Millisecond},
		"long text":           {pages: 500, each: 2 * time.Millisecond, after: 51},
		"two scanned pages":   {pages: 2, each: 2 * time.Second, after: 1},
		"one scanned page":    {pages: 1, each: 2 * time.Second},
		"three scanned pages": {pages: 3, each: 2 * time.Second, after: 1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				x := &extraction{p: &Pool{startable: 1}, doc: doc.Info{Pages: c.pages}, allTaken: make(chan struct{})}
				help := make(chan int, 1)
				go func() {
					n := 0
					if x.worthHelper(context.Background()) {
						n, _ = x.progress()
					}
					help <- n
				}()
				// Off the ticks, so that neither comes first by chance.
				time.Sleep(time.Millisecond / 2)
				for x.nextPage() >= 0 {
					time.Sleep(c.each)
				}
				if got := <-help; got < c.after-1 || got > c.after+1 || (got > 0) != (c.after > 0) {
					t.Errorf("help came after %d pages, want %d", got, c.after)
				}
			})
		})
	}
}

func TestWorthHelperEndsWithTheExtraction(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	x := &extraction{doc: doc.Info{Pages: 9}, allTaken: make(chan struct{})}
	if x.worthHelper(ctx) {
		t.Error("help for a cancelled document")
	}
}

// A page that is recognised takes longer than any start: help comes before the first interval is over.
func TestARecognisedPageGetsHelpAtOnce(t *testing.T) {
	for left, want := range map[int]bool{0: false, 1: true} {
		synctest.Test(t, func(t *testing.T) {
			x := &extraction{doc: doc.Info{Pages: 1 + left}, allTaken: make(chan struct{}), slowPage: make(chan struct{})}
			start := time.Now()
			x.nextPage()
			x.requestHelper()
			x.requestHelper()
			if got := x.worthHelper(t.Context()); got != want || time.Since(start) > 0 {
				t.Errorf("%d pages left: help %v after %v, want %v at once", left, got, time.Since(start), want)
			}
		})
	}
}

// Between two documents a reader is free for a moment. Help that took it then would keep the next document waiting, and read the fonts of
// this one once more.
func TestAChildThatWasFreeAMomentAgoIsForTheNextDocument(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &Pool{}
		x := &extraction{p: p, doc: doc.Info{Pages: 10_000}, allTaken: make(chan struct{})}
		helped := make(chan time.Time, 1)
		go func() {
			if x.worthHelper(t.Context()) {
				helped <- time.Now()
			}
		}()
		// Another document after the other, with pauses.
		for range 8 {
			time.Sleep(230 * time.Millisecond)
			p.allowStart()
			time.Sleep(50 * time.Millisecond)
			p.mu.Lock()
			p.startable--
			p.mu.Unlock()
		}
		synctest.Wait()
		if len(helped) > 0 {
			t.Fatal("help took the reader of the next document")
		}
		p.allowStart()
		last := time.Now()
		if took := (<-helped).Sub(last); took < helperInterval || took > 3*helperInterval {
			t.Errorf("help came %v after the last document", took)
		}
	})
}
