package pool

import (
	"context"
	"time"
)

// helperInterval is how often it is decided whether another child is worth its start for a document. Starting
// one and opening the file in it takes about as much processor time as this much reading.
const helperInterval = 100 * time.Millisecond

// helperMinIntervals is for how many intervals work must be left: what two children save in time is worth the start only
// where it shows. The fonts of a document are read by each of them.
const helperMinIntervals = 3

// worthHelper waits until another child would pay, and says false when the document is done before:
// a short one is read by one child. It pays once a few intervals' worth of pages is left, and at
// once when a page is recognised while another is left: that takes many intervals. A child that was free only a moment ago is for
// the next document: two documents are read by two children with less work than by both of them, one after the other.
func (x *extraction) worthHelper(ctx context.Context) bool {
	tick := time.NewTicker(helperInterval)
	defer tick.Stop()
	before, _ := x.progress()
	for {
		select {
		case <-tick.C:
		case <-x.slowPage:
			_, left := x.progress()
			return left > 0
		case <-x.allTaken:
			return false
		case <-ctx.Done():
			return false
		}
		taken, left := x.progress()
		if left > 0 && left >= helperMinIntervals*(taken-before) && x.p.spare(helperInterval) {
			return true
		}
		before = taken
	}
}

// progress gives the pages given out to read and those that are left.
func (x *extraction) progress() (taken, left int) {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.next, x.doc.Pages - x.next
}

// requestHelper lets other children join at once: a page needs recognition.
func (x *extraction) requestHelper() { x.slowOnce.Do(func() { close(x.slowPage) }) }
