package extract

import (
	"context"
	"time"
)

// crewTick is how often a document is looked at for whether another child is worth its start. Starting
// one and opening the file in it takes about as much processor time as this much reading.
const crewTick = 100 * time.Millisecond

// crewTicks is for how many ticks work must be left: what two children save in time is worth their start only
// where it shows. The fonts of a document are read by each of them.
const crewTicks = 3

// worthHelp waits until another child would pay, and says false when the document is done before:
// a short one is read by one child. It pays once a few ticks' worth of pages is left to begin, and at
// once when a page is recognised while another is left: that takes many ticks.
func (j *job) worthHelp(ctx context.Context) bool {
	tick := time.NewTicker(crewTick)
	defer tick.Stop()
	before, _ := j.progress()
	for {
		select {
		case <-tick.C:
		case <-j.slow:
			_, left := j.progress()
			return left > 0
		case <-j.begun:
			return false
		case <-ctx.Done():
			return false
		}
		taken, left := j.progress()
		if left > 0 && left >= crewTicks*(taken-before) {
			return true
		}
		before = taken
	}
}

// progress gives the pages given out to read and those that are left.
func (j *job) progress() (taken, left int) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.next, j.doc.Pages - j.next
}

// hurry lets other children help from now on.
func (j *job) hurry() { j.slowly.Do(func() { close(j.slow) }) }
