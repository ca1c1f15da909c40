package room

import "golang.org/x/sync/semaphore"

// mostCalls is how many documents are summarised at a time in a lane whatever is set: more than any provider is asked at a time.
const mostCalls = 1024

// Lane is where documents wait for their turn to be summarised: one for each model, so that a slow one keeps no document of another waiting.
type Lane struct {
	room  *Room
	turns *semaphore.Weighted

	// Guarded by room.mu.
	most int // as the lane was made or resized
	fit  int // what Fit said last; 0: nothing
	kept int // turns that nobody gets
	want int // how many those should be
}

// NewLane makes one in which so many documents are summarised at a time at the most.
func (r *Room) NewLane(most int) *Lane {
	r.mu.Lock()
	defer r.mu.Unlock()
	l := &Lane{room: r, turns: semaphore.NewWeighted(mostCalls), most: most}
	l.keep()
	return l
}

// Main is the lane of all sites that were assigned none.
func (r *Room) Main() *Lane { return r.main }

// Fit has at most n documents summarised at a time from now on, at least one and never more than the lane's own bound: the model has no more
// room, or has it again. Those that are under way go on.
func (l *Lane) Fit(n int) {
	l.room.mu.Lock()
	defer l.room.mu.Unlock()
	l.fit = max(1, n)
	l.keep()
}

// Resize changes the lane's own bound.
func (l *Lane) Resize(most int) {
	l.room.mu.Lock()
	defer l.room.mu.Unlock()
	l.most = most
	l.keep()
}

// keep holds back the turns that nobody gets. Those that are taken are held back when they end (end). The caller holds mu.
func (l *Lane) keep() {
	most := min(l.most, mostCalls)
	if l.fit > 0 {
		most = min(most, l.fit)
	}
	l.want = mostCalls - most
	if l.kept < l.want && l.turns.TryAcquire(int64(l.want-l.kept)) {
		l.kept = l.want
	}
	for l.kept < l.want && l.turns.TryAcquire(1) {
		l.kept++
	}
	if l.kept > l.want {
		l.turns.Release(int64(l.kept - l.want))
		l.kept = l.want
		l.open()
	}
}

// end gives a turn back: who was late for one may be asked for again.
func (l *Lane) end() {
	l.room.mu.Lock()
	defer l.room.mu.Unlock()
	if l.kept < l.want {
		l.kept++
	} else {
		l.turns.Release(1)
	}
	l.open()
}

func (l *Lane) open() {
	delete(l.room.lateFor, l.turns)
	l.room.wake()
}
