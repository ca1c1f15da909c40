package pool

import (
	"context"
	"time"
)

// crewTick is how often a document is looked at for whether another child is worth its start. Starting
// one and opening the file in it takes about as much processor time as this much reading.
const helperInterval = 100 * time.Millisecond

// crewTicks is for how many ticks work must be left: what two children save in time is worth their start only
// where it shows. The fonts of a document are read by each of them.
const helperMinIntervals = 3

// worthHelp waits until another child would pay, and says false when the document is done before:
// a short one is read by one child. It pays once a few ticks' worth of pages is left to begin, and at
// once when a page is recognised while another is left: that takes many ticks.
func (j *extraction) worthHelper(ctx context.Context) bool {
	tick := time.NewTicker(helperInterval)
	defer tick.Stop()
	before, _ := j.progress()
	for {
		select {
		case <-tick.C:
		case <-j.slowPage:
			_, left := j.progress()
			return left > 0
		case <-j.allTaken:
			return false
		case <-ctx.Done():
			return false
		}
		taken, left := j.progress()
		if left > 0 && left >= helperMinIntervals*(taken-before) {
			return true
		}
		before = taken
	}
}

// progress gives the pages given out to read and those that are left.
func (j *extraction) progress() (taken, left int) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.next, j.doc.Pages - j.next
}

// hurry lets other children help from now on.
func (j *extraction) requestHelper() { j.slowOnce.Do(func() { close(j.slowPage) }) }
