package agent

import (
	"sync"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/agent/site"
	"github.com/aidoc-pipeline/aidoc-agent/internal/backoff"
)

// How long room is kept free for what a request for work may bring: a few times as long as the site needs as a rule, within these.
const (
	keepLeast = 500 * time.Millisecond
	keepMost  = 3 * time.Second
)

// breaker is a site's circuit breaker for requests for work: closed while it answers; open after a failure, for a wait that grows with each; then
// half open: one request is a probe, which no room is kept free for. It belongs to leaseLoop's goroutine, but for what now tells.
type breaker struct {
	pace     *backoff.Backoff
	failures int           // since the last good answer
	usual    time.Duration // how long good answers take

	mu    sync.Mutex
	state breakerState
	until time.Time // while it is open: when a probe is made, at the latest
}

// breakerState is what a breaker does now.
type breakerState string

const (
	breakerClosed   breakerState = "closed"
	breakerOpen     breakerState = "open"
	breakerHalfOpen breakerState = "half_open"
)

var breakerStates = []breakerState{breakerClosed, breakerOpen, breakerHalfOpen}

func newBreaker(first time.Duration) *breaker {
	return &breaker{pace: backoff.New(first, 60*first), usual: keepLeast / 3, state: breakerClosed}
}

// failed opens it, for as long as it returns. From the second failure on, one of many agents waits for its turn too: those that failed just
// before the site comes back would else be there together.
func (b *breaker) failed(err error, agents int) time.Duration {
	b.failures++
	wait := site.WaitAfter(b.pace, err)
	if b.failures > 1 {
		wait = max(wait, among(agents, 0, startEvery, startsLongest))
	}
	b.become(breakerOpen, time.Now().Add(wait))
	return wait
}

// worked closes it, and tells whether it was not.
func (b *breaker) worked(took time.Duration) (again bool) {
	again = b.failures > 0
	b.failures = 0
	b.pace.Reset()
	b.usual += (took - b.usual) / 8
	b.become(breakerClosed, time.Time{})
	return again
}

// probing makes the next request a probe where the last one failed, and tells whether it is one. Its wait is over then.
func (b *breaker) probing() bool {
	if b.failures == 0 {
		return false
	}
	b.become(breakerHalfOpen, time.Time{})
	return true
}

func (b *breaker) become(s breakerState, until time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.state, b.until = s, until
}

// now is what it does, and where it is open, until when. Anybody may ask.
func (b *breaker) now() (breakerState, time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.state, b.until
}

// keep is how long room is kept free for a request.
func (b *breaker) keep() time.Duration { return min(max(3*b.usual, keepLeast), keepMost) }
