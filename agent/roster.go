package agent

import (
	"context"
	"slices"
	"sync"
)

// roster is the sites that are worked for now. Sessions come and go while the agent runs; it is over when the last one has ended.
type roster struct {
	mu     sync.Mutex
	list   []*session
	begin  func(*session) // starts a session's loops; nil while the agent does not run
	active int            // sessions whose run has not returned
	over   chan struct{}  // closed when the last of them has
	errs   []error
}

func newRoster() *roster { return &roster{over: make(chan struct{})} }

// all is a snapshot.
func (r *roster) all() []*session {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.list)
}

func (r *roster) find(url string) *session {
	for _, s := range r.all() {
		if s.url == url {
			return s
		}
	}
	return nil
}

// add takes a session in, and starts it where the agent runs; false where the site is there already or the agent has ended.
func (r *roster) add(s *session) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if slices.ContainsFunc(r.list, func(o *session) bool { return o.url == s.url }) || isClosed(r.over) {
		return false
	}
	r.list = append(r.list, s)
	if r.begin != nil {
		r.active++
		r.begin(s)
	}
	return true
}

// start begins all sessions. run is what each of them does until it ends.
func (r *roster) start(beat func(*session), run func(*session) error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.begin = func(s *session) {
		beat(s)
		go func() { r.ended(s, run(s)) }()
	}
	for _, s := range r.list {
		r.active++
		r.begin(s)
	}
}

func (r *roster) ended(s *session, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err != nil {
		r.errs = append(r.errs, err)
	}
	if s.left && r.active > 1 { // nobody asks for it any more; the last one stays, to tell how the agent ended
		r.list = slices.DeleteFunc(r.list, func(o *session) bool { return o == s })
	}
	if r.active--; r.active == 0 {
		close(r.over)
	}
}

// wait returns what the sessions could not get over when the last one has ended.
func (r *roster) wait() []error {
	<-r.over
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.errs
}

// beatsOf starts the beats of a session; they end with ctx, after the last lease is settled.
func beatsOf(ctx context.Context, aux *sync.WaitGroup) func(*session) {
	return func(s *session) { aux.Go(func() { s.beats.loop(ctx) }) }
}
