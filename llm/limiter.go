package llm

import (
	"context"
	"sync"
	"time"
)

// limiter is shared by all calls to one provider. It lets at most cap calls run at a time; a 429
// halves cap and stops new calls until the provider's Retry-After is over, each success raises
// cap a little (additive increase, multiplicative decrease).
type limiter struct {
	mu      sync.Mutex
	max     float64
	cap     float64
	running int
	until   time.Time     // no new call before
	lastCut time.Time     // several 429 of one burst are one cut
	changed chan struct{} // closed and replaced whenever waiting may be over
	clock   Clock
}

func newLimiter(max int, c Clock) *limiter {
	return &limiter{max: float64(max), cap: float64(max), changed: make(chan struct{}), clock: c}
}

// acquire waits for a slot. The caller must release it.
func (l *limiter) acquire(ctx context.Context) error {
	for {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		l.mu.Lock()
		wait := l.until.Sub(l.clock.Now())
		if wait <= 0 && float64(l.running) < max(1, l.cap) {
			l.running++
			l.mu.Unlock()
			return nil
		}
		changed := l.changed
		l.mu.Unlock()
		if wait > 0 {
			if err := l.clock.Sleep(ctx, wait); err != nil {
				return err
			}
			continue
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// release gives the slot back. limited says that the provider answered 429, retryAfter how long it wants rest.
func (l *limiter) release(ok, limited bool, retryAfter time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.running--
	now := l.clock.Now()
	switch {
	case limited:
		if now.Sub(l.lastCut) >= time.Second {
			l.cap = max(1, l.cap/2)
			l.lastCut = now
		}
		if t := now.Add(retryAfter); retryAfter > 0 && t.After(l.until) {
			l.until = t
		}
	case ok:
		l.cap = min(l.max, l.cap+1/max(1, l.cap))
	}
	close(l.changed)
	l.changed = make(chan struct{})
}
