package objectstore

import (
	"path"
	"sync"
)

// maxSynced bounds how many folders are remembered: those of the jobs at hand are few, and forgetting one costs no more than syncing it again.
const maxSynced = 4096

// synced knows which folders' own names are durable: a file in one of them needs its folder synced, and none above it. The root always is.
type synced struct {
	mu      sync.Mutex
	known   map[string]bool
	removed int // folders so far
}

// lacking are the folders above folder that have to be synced, because the name of the next one below, or its own, may not be durable.
func (s *synced) lacking(folder string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []string
	for f := folder; f != "." && !s.known[f]; f = path.Dir(f) {
		out = append(out, path.Dir(f))
	}
	return out
}

// removals is what add is told: what was synced while a folder was removed may be another one now.
func (s *synced) removals() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.removed
}

// add notes that the names of folder and of those above it are durable, if none was removed since.
func (s *synced) add(folder string, since int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.removed != since {
		return
	}
	if s.known == nil || len(s.known) >= maxSynced {
		s.known = map[string]bool{}
	}
	for f := folder; f != "."; f = path.Dir(f) {
		s.known[f] = true
	}
}

// forget is told that folder, or one above it, is not there: another process removed it, or it never was.
func (s *synced) forget(folder string, there func(string) bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.removed++
	for f := folder; f != "." && !there(f); f = path.Dir(f) {
		delete(s.known, f)
	}
}

// remove removes one folder; false where that does not go. It is forgotten in the same moment: the next one of that name is another.
func (s *synced) remove(folder string, by func(string) error) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if by(folder) != nil {
		return false
	}
	s.removed++
	delete(s.known, folder)
	return true
}
