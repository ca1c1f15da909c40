package agent

import "sync"

// slots bounds the jobs in flight over all sites. A lease loop reserves before it asks, so the
// agent never holds a lease that it has no room to work on.
type slots struct {
	mu    sync.Mutex
	total int
	used  int
	freed chan struct{} // closed and replaced whenever a slot comes free
}

func newSlots(n int) *slots { return &slots{total: n, freed: make(chan struct{})} }

// reserve takes up to want slots and returns how many it got.
func (s *slots) reserve(want int) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := max(0, min(want, s.total-s.used))
	s.used += n
	return n
}

// release gives n slots back.
func (s *slots) release(n int) {
	if n == 0 {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.used -= n
	close(s.freed)
	s.freed = make(chan struct{})
}

// changed is closed at the next release.
func (s *slots) changed() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.freed
}

func (s *slots) inUse() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.used
}
