// Package room says how much work there is room for: how many leases may be asked for, whose turn it is to download, to be read and to be
// summarised, and whose text is held in memory meanwhile. It knows no site, no lease and no job.
//
// Four bounds stand in place of one number of documents: reading is bounded by readers, questions to a model by the calls that run at a time,
// what is finished by the outbox (not here), and leases by what can be begun within a beat. A document that waits for one of them
// takes nothing from the others (docs/adr/0018-four-bounds.md).
package room

import (
	"context"
	"errors"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"
)

// Limits are the bounds. All are positive.
type Limits struct {
	Jobs     int           // documents in work at a time, however they wait
	Readers  int           // documents that are read at a time
	Calls    int           // documents that are summarised at a time, at the most; see Lane
	Text     int64         // bytes of the text of documents that are read and not finished; one document may have more
	Patience time.Duration // how long a document waits for a turn before it is given back: a beat
}

// The most leases that are taken ahead of need, and the most downloads from one site at a time.
const (
	MaxAhead     = 16
	perSiteFiles = 4
)

// ErrLate ends the wait for a turn that did not come within the patience: another agent may be sooner.
var ErrLate = errors.New("its turn did not come within a beat")

// Room is safe for concurrent use.
type Room struct {
	limits  Limits // Jobs guarded by mu
	reading *semaphore.Weighted
	main    *Lane
	text    *semaphore.Weighted

	mu      sync.Mutex
	work    int // documents in work
	before  int // those of them that nobody has begun to summarise
	asked   int // leases that requests under way may bring
	sites   map[string]*site
	waiters []*waiter                    // who wants to ask, the longest waiting first
	begun   []time.Time                  // when documents went on to be summarised, or ended before; of the last half of the patience
	moved   time.Time                    // the last of these, or when the first document came
	lateFor map[*semaphore.Weighted]bool // turns that somebody has waited for in vain, until the next one is over
}

// New makes an empty room.
func New(l Limits) *Room {
	r := &Room{limits: l,
		reading: semaphore.NewWeighted(int64(l.Readers)),
		text:    semaphore.NewWeighted(l.Text),
		sites:   map[string]*site{}, lateFor: map[*semaphore.Weighted]bool{}}
	r.main = r.NewLane(l.Calls)
	return r
}

// Default are the bounds of an agent with so many readers and so many calls at a time, where nobody has set how many documents it takes.
func Default(readers, calls int) Limits {
	const most = 64 // that one request may ask for
	return Limits{Jobs: min(most, readers+MaxAhead+calls), Readers: readers, Calls: calls}
}

// InUse is how many documents are in work.
func (r *Room) InUse() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.work
}

// ahead is how many leases may be held beyond those that are read: as many as went on within half the patience, for so many will again. Where
// all readers are busy and nothing has moved for that long, none is. The caller holds mu.
func (r *Room) ahead(now time.Time) int {
	recent := now.Add(-r.limits.Patience / 2)
	for len(r.begun) > 0 && r.begun[0].Before(recent) {
		r.begun = r.begun[1:]
	}
	if len(r.begun) == 0 && r.before >= r.limits.Readers && r.moved.Before(recent) {
		return 0
	}
	return min(max(len(r.begun), r.limits.Readers), MaxAhead)
}

// free is how many leases may be asked for now. The caller holds mu.
func (r *Room) free(now time.Time) int {
	if r.lateFor[r.reading] || r.lateFor[r.text] {
		return 0
	}
	return max(0, min(r.limits.Jobs-r.work-r.asked, r.limits.Readers+r.ahead(now)-r.before-r.asked))
}

// freeFor is how many of these one site may ask for: room is divided among the sites that have work or want to ask, so that the documents of
// none, be its downloads ever so slow, keep out those of the others. The caller holds mu.
func (r *Room) freeFor(s *site, now time.Time) int {
	if r.lateFor[s.files] || r.lateFor[s.lane.turns] {
		return 0
	}
	active := 0
	for _, o := range r.sites {
		if o.work+o.asked+o.waiting > 0 || o == s {
			active++
		}
	}
	return max(0, min(r.free(now), s.left(), r.share(s, r.limits.Jobs, active)-s.work-s.asked, r.share(s, r.limits.Readers+r.ahead(now), active)-s.before-s.asked))
}

// share is how much of most a site may have beside the others that are active: what those leave that take less, because of a cap of their
// own, is divided among the rest. The caller holds mu.
func (r *Room) share(s *site, most, active int) int {
	capped := map[*site]bool{}
	for again := true; again && active > 1; {
		again = false
		for _, o := range r.sites {
			if o != s && !capped[o] && o.most > 0 && o.work+o.asked+o.waiting > 0 && o.most*active < most {
				capped[o], again = true, true
				most, active = most-o.most, active-1
			}
		}
	}
	return (most + active - 1) / active
}

// site is what one site has in the room.
type site struct {
	work, before, asked int // as in Room
	waiting             int // who want to ask
	most                int // documents in work at a time; 0: as the room says
	files               *semaphore.Weighted
	lane                *Lane // in which its documents are summarised
}

// left is how many more documents its cap allows.
func (s *site) left() int {
	if s.most == 0 {
		return 1 << 30
	}
	return max(0, s.most-s.work-s.asked)
}

// site finds or makes the part of a site. The caller holds mu.
func (r *Room) site(name string) *site {
	s := r.sites[name]
	if s == nil {
		s = &site{files: semaphore.NewWeighted(perSiteFiles), lane: r.main}
		r.sites[name] = s
	}
	return s
}

// goOn books that a document needs no reader any more. The caller holds mu.
func (r *Room) goOn(s *site, now time.Time) {
	r.before--
	s.before--
	r.moved = now
	r.begun = append(r.begun, now)
	if len(r.begun) > MaxAhead {
		r.begun = r.begun[len(r.begun)-MaxAhead:]
	}
}

// await takes n of what is bounded, in the order of asking; ErrLate where that takes longer than the patience.
func (r *Room) await(ctx context.Context, s *semaphore.Weighted, n int64) error {
	if s.TryAcquire(n) {
		return nil
	}
	ctx, cancel := context.WithTimeoutCause(ctx, r.limits.Patience, ErrLate)
	defer cancel()
	if s.Acquire(ctx, n) == nil {
		return nil
	}
	err := context.Cause(ctx)
	if errors.Is(err, ErrLate) {
		r.late(s, n)
	}
	return err
}

// late notes that a turn was waited for in vain, until the next one ends. Where the last one ended in that very moment there is none to end.
func (r *Room) late(s *semaphore.Weighted, n int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if s.TryAcquire(n) {
		s.Release(n)
		return
	}
	r.lateFor[s] = true
}

// giveBack ends a turn: who was late for one may be asked for again.
func (r *Room) giveBack(s *semaphore.Weighted, n int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	s.Release(n)
	delete(r.lateFor, s)
	r.wake()
}
