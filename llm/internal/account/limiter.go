package account

import (
	"context"
	"sync"
	"time"
)

// How a limiter climbs back after a 429: not before a rest, then by one call at a time.
const (
	restAfterCut = 10 * time.Second
	climbEvery   = 5 * time.Second
	burst        = time.Second // several 429 within it are one cut
)

// longestWait bounds one wait for an allowance: what headers promised is looked at again after it.
const longestWait = time.Minute

// limiter lets at most cap calls run at a time, and none begin that the provider's stated allowances have no room for. A 429 halves cap
// and stops new calls until the provider's Retry-After is over; successes raise it slowly.
type limiter struct {
	clock Clock
	max   int

	mu        sync.Mutex
	cap       int
	running   int
	until     time.Time // no new call before
	lastCut   time.Time
	lastClimb time.Time
	requests  allowance
	tokens    allowance
	changed   chan struct{} // closed and replaced whenever waiting may be over
}

func newLimiter(max int, c Clock) *limiter {
	return &limiter{max: max, cap: max, changed: make(chan struct{}), clock: c}
}

func (l *limiter) acquire(ctx context.Context, tokens int) error {
	for {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		wait, changed := l.try(tokens)
		switch {
		case wait == 0 && changed == nil:
			return nil
		case wait > 0:
			if err := l.clock.Sleep(ctx, wait); err != nil {
				return err
			}
		default:
			select {
			case <-changed:
			case <-ctx.Done():
				return context.Cause(ctx)
			}
		}
	}
}

// try takes a slot, or says how long to wait, or what to wait for.
func (l *limiter) try(tokens int) (wait time.Duration, changed <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.clock.Now()
	if wait := l.until.Sub(now); wait > 0 {
		return wait, nil
	}
	if l.running >= l.cap {
		return 0, l.changed
	}
	if wait := max(l.requests.wait(now, 1), l.tokens.wait(now, tokens)); wait > 0 {
		return min(wait, longestWait), nil
	}
	l.requests.take(now, 1)
	l.tokens.take(now, tokens)
	l.running++
	return 0, nil
}

func (l *limiter) release(o Outcome) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.running--
	now := l.clock.Now()
	switch {
	case o.Limited:
		if now.Sub(l.lastCut) >= burst {
			l.cap = max(1, l.cap/2)
			l.lastCut = now
		}
		if t := now.Add(o.RetryAfter); o.RetryAfter > 0 && t.After(l.until) {
			l.until = t
		}
	case o.OK && l.cap < l.max && now.Sub(l.lastCut) >= restAfterCut && now.Sub(l.lastClimb) >= climbEvery:
		l.cap++
		l.lastClimb = now
	}
	close(l.changed)
	l.changed = make(chan struct{})
}

func (l *limiter) observe(seen limits) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if seen.requests.limit > 0 {
		l.requests = seen.requests
	}
	if seen.tokens.limit > 0 {
		l.tokens = seen.tokens
	}
}
