package room

import (
	"context"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"
)

// Place is that of one document in work, from its lease to its outcome. Its methods are called one after another.
type Place struct {
	room *Room
	site *site
	lane *Lane // the site's when the document came

	text int64 // bytes of text that are booked
	past bool  // it is summarised, or was; guarded by room.mu
	left sync.Once
}

// Download waits for its turn to ask its site for a file. end is to be called when that is over.
func (p *Place) Download(ctx context.Context) (end func(), err error) {
	return p.turn(ctx, p.site.files, nil)
}

// Read waits for a reader. end is to be called when the document is read.
func (p *Place) Read(ctx context.Context) (end func(), err error) {
	return p.turn(ctx, p.room.reading, nil)
}

// turn waits for one; back gives it back, nil: as those of the room are.
func (p *Place) turn(ctx context.Context, s *semaphore.Weighted, back func()) (end func(), err error) {
	if err := p.room.await(ctx, s, 1); err != nil {
		return nil, err
	}
	if back == nil {
		back = func() { p.room.giveBack(s, 1) }
	}
	return sync.OnceFunc(back), nil
}

// Keep tells whether a document of so many bytes of text may hold it in memory while it waits. It waits for nothing.
func (p *Place) Keep(bytes int64) bool {
	bytes = min(bytes, p.room.limits.Text)
	if !p.room.text.TryAcquire(bytes) {
		return false
	}
	p.text = bytes
	return true
}

// Summarise waits for its turn to be summarised, and for room for so many bytes of text where Keep has found none. end is to be called when the
// document is summarised; the text is booked until Leave.
func (p *Place) Summarise(ctx context.Context, bytes int64) (end func(), err error) {
	// Text first: who has it waits for a turn only, and who has a turn for nothing.
	if bytes = min(bytes, p.room.limits.Text); p.text == 0 && bytes > 0 {
		if err := p.room.await(ctx, p.room.text, bytes); err != nil {
			return nil, err
		}
		p.text = bytes
	}
	end, err = p.turn(ctx, p.lane.turns, p.lane.end)
	if err == nil {
		p.goOn()
	}
	return end, err
}

// goOn makes room for another lease.
func (p *Place) goOn() {
	r := p.room
	r.mu.Lock()
	defer r.mu.Unlock()
	if !p.past {
		p.past = true
		r.goOn(p.site, time.Now())
		r.wake()
	}
}

// Leave ends it all.
func (p *Place) Leave() {
	p.left.Do(func() {
		p.goOn()
		r := p.room
		r.mu.Lock()
		r.work--
		p.site.work--
		r.wake()
		r.mu.Unlock()
		if p.text > 0 {
			r.giveBack(r.text, p.text)
		}
	})
}
