package room

import (
	"context"
	"slices"
	"time"
)

// Ask is a request for leases that is under way. What it may bring is kept free for it, but not for long: a site that does not answer in
// its usual time takes nothing from the others.
type Ask struct {
	N int // leases to ask for; 0 where there is no room

	room  *Room
	site  *site
	kept  int         // what is still kept free; guarded by room.mu
	lend  *time.Timer // ends that
	ended bool        // guarded by room.mu
}

// waiter wants to ask.
type waiter struct {
	site  *site
	keep  time.Duration
	grant chan *Ask
}

// Ask waits until there is room worth asking for. What the answer may bring is kept free for it during keep. It is worth it where a reader would soon have
// nothing to do, or where half of what is taken ahead is free: so one request brings several. The caller must End it.
func (r *Room) Ask(ctx context.Context, site string, keep time.Duration) (*Ask, error) {
	w := &waiter{keep: keep, grant: make(chan *Ask, 1)}
	r.mu.Lock()
	w.site = r.site(site)
	w.site.waiting++
	r.waiters = append(r.waiters, w)
	r.wake()
	r.mu.Unlock()
	select {
	case a := <-w.grant:
		return a, nil
	case <-ctx.Done():
	}
	r.mu.Lock()
	if i := slices.Index(r.waiters, w); i >= 0 {
		r.leaveQueue(i)
	}
	r.mu.Unlock()
	select {
	case a := <-w.grant: // it came at the same moment
		a.End()
	default:
	}
	return nil, context.Cause(ctx)
}

// Probe is an Ask that nothing is kept free for: for a site that has failed and may do so again. It waits for nothing.
func (r *Room) Probe(site string) *Ask {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.site(site)
	return &Ask{N: r.freeFor(s, time.Now()), room: r, site: s}
}

// leaveQueue takes out the waiter at i. The caller holds mu.
func (r *Room) leaveQueue(i int) {
	r.waiters[i].site.waiting--
	r.waiters = slices.Delete(r.waiters, i, i+1)
}

// wake lets ask who may, the longest waiting first. The caller holds mu.
func (r *Room) wake() {
	for i := 0; i < len(r.waiters); {
		now := time.Now()
		if free := r.free(now); free == 0 || r.before+r.asked > r.limits.Readers && free < (r.ahead(now)+1)/2 {
			return
		}
		w := r.waiters[i]
		n := r.freeFor(w.site, now)
		if n == 0 {
			i++
			continue
		}
		r.leaveQueue(i)
		a := &Ask{N: n, room: r, site: w.site, kept: n}
		r.asked += n
		w.site.asked += n
		a.lend = time.AfterFunc(w.keep, a.drop)
		w.grant <- a
	}
}

// drop keeps nothing free any more.
func (a *Ask) drop() {
	r := a.room
	r.mu.Lock()
	defer r.mu.Unlock()
	r.asked -= a.kept
	a.site.asked -= a.kept
	a.kept = 0
	r.wake()
}

// End is called when the request is over. What it did not Take is free.
func (a *Ask) End() {
	if a.lend != nil {
		a.lend.Stop()
	}
	a.room.mu.Lock()
	a.ended = true
	a.room.mu.Unlock()
	a.drop()
}

// Take gives a place to one of the documents that the request brought; nil where there is no room for it any more, or where it
// brought more than was asked for.
func (a *Ask) Take() *Place {
	r := a.room
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case a.ended || a.N == 0:
		return nil
	case a.kept > 0:
		a.kept--
		a.site.asked--
		r.asked--
	case r.free(time.Now()) == 0 || a.site.left() == 0:
		return nil
	}
	a.N--
	if r.work == 0 {
		r.moved = time.Now()
	}
	r.work++
	r.before++
	a.site.work++
	a.site.before++
	return &Place{room: r, site: a.site, lane: a.site.lane}
}
