package agent

import (
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
// half open: one request is a probe, which no room is kept free for. It belongs to leaseLoop's goroutine.
type breaker struct {
	pace     *backoff.Backoff
	failures int           // since the last good answer
	usual    time.Duration // how long good answers take
}

func newBreaker(first time.Duration) *breaker {
	return &breaker{pace: backoff.New(first, 60*first), usual: keepLeast / 3}
}

// failed opens it, for as long as it returns.
func (b *breaker) failed(err error) time.Duration {
	b.failures++
	return site.WaitAfter(b.pace, err)
}

// worked closes it, and tells whether it was not.
func (b *breaker) worked(took time.Duration) (again bool) {
	again = b.failures > 0
	b.failures = 0
	b.pace.Reset()
	b.usual += (took - b.usual) / 8
	return again
}

// halfOpen says that the next request is a probe.
func (b *breaker) halfOpen() bool { return b.failures > 0 }

// keep is how long room is kept free for a request.
func (b *breaker) keep() time.Duration { return min(max(3*b.usual, keepLeast), keepMost) }
