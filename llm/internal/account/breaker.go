package account

import (
	"sync"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/internal/backoff"
)

// How soon a stopped account is tried again: at first, and at last.
const (
	probeFirst = 10 * time.Second
	probeLast  = 10 * time.Minute
)

// breaker is a circuit breaker: closed, or open until a probe succeeds. Half open is the time of that probe, which its caller makes.
type breaker struct {
	clock Clock

	mu      sync.Mutex
	pace    *backoff.Backoff
	reason  error // nil: closed
	since   time.Time
	next    time.Time
	changed chan struct{}
}

func newBreaker(c Clock) *breaker {
	return &breaker{clock: c, pace: backoff.New(probeFirst, probeLast), changed: make(chan struct{})}
}

func (b *breaker) allow() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.reason
}

func (b *breaker) trip(reason error, asked time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.reason != nil { // calls that were under way when it tripped find the same
		b.reason = reason
		return
	}
	b.since = b.clock.Now()
	b.reason = reason
	b.putOff(asked)
	b.tell()
}

// worked ends an outage for good: a call has succeeded.
func (b *breaker) worked() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.pace.Reset()
	b.close()
}

// tried ends an outage after a probe. The next one begins with the pause this one had come to, unless a real call succeeds.
func (b *breaker) tried(err error, asked time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err == nil {
		b.close()
		return
	}
	if b.reason != nil {
		b.reason = err
		b.putOff(asked)
	}
}

func (b *breaker) close() {
	if b.reason != nil {
		b.reason = nil
		b.tell()
	}
}

func (b *breaker) putOff(asked time.Duration) { b.next = b.clock.Now().Add(b.pace.Next(asked)) }

func (b *breaker) tell() {
	close(b.changed)
	b.changed = make(chan struct{})
}

func (b *breaker) outage() (Outage, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return Outage{Reason: b.reason, Since: b.since, Next: b.next}, b.reason != nil
}

func (b *breaker) watch() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.changed
}
