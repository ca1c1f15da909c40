package account

import (
	"context"
	"sync"
	"time"
)

// How a limiter climbs back after a 429: not before a rest, then by one call at a time (with none, as climb finds).
const (
	restAfterCut = 10 * time.Second
	climbEvery   = 5 * time.Second
	burst        = time.Second // several 429 within it are one cut
)

// longestWait bounds one wait for an allowance: what headers promised is looked at again after it.
const longestWait = time.Minute

// Bounds are how many calls run at a time: First at first, up to Most where the provider has room for them. Where both are the same,
// so many do.
type Bounds struct {
	First, Most int
	Patience    time.Duration // how long a call may take; 0: for ever
}

// limiter lets at most cap calls run at a time, and none begin that the provider's stated allowances have no room for. A 429 halves cap
// and stops new calls until the provider's Retry-After is over; successes raise it, slowly after a 429, else as climb finds.
type limiter struct {
	clock  Clock
	max    int
	resize func(calls int) // told when cap changes, one call after another; may be nil

	mu        sync.Mutex
	cap       int
	climb     climb
	running   int
	until     time.Time // no new call before
	lastCut   time.Time
	lastClimb time.Time
	requests  allowance
	tokens    allowance
	changed   chan struct{} // closed and replaced whenever waiting may be over
}

func newLimiter(b Bounds, c Clock) *limiter {
	return &limiter{max: max(b.First, b.Most), cap: b.First, climb: climb{first: b.First, patience: b.Patience}, changed: make(chan struct{}), clock: c}
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
		l.climb.waited = true
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
	before, now := l.cap, l.clock.Now()
	switch {
	case o.Limited:
		l.cut(now, o.RetryAfter)
	case !o.OK:
	case !l.lastCut.IsZero() && now.Sub(l.lastCut) < cutMatters:
		if l.cap < l.max && now.Sub(l.lastCut) >= restAfterCut && now.Sub(l.lastClimb) >= climbEvery {
			l.cap++
			l.lastClimb = now
		}
	default:
		l.cap = l.climb.next(now, o.Took, l.cap, l.max)
	}
	if l.cap != before && l.resize != nil {
		l.resize(l.cap)
	}
	close(l.changed)
	l.changed = make(chan struct{})
}

// cut halves how many calls run at a time, and lets none begin until the provider has had the rest that it wants.
func (l *limiter) cut(now time.Time, rest time.Duration) {
	if now.Sub(l.lastCut) >= burst {
		l.cap = max(1, l.cap/2)
		l.lastCut = now
		l.climb.round()
	}
	if t := now.Add(rest); rest > 0 && t.After(l.until) {
		l.until = t
	}
}

// watch tells f how many calls may run at a time, now and whenever that changes.
func (l *limiter) watch(f func(calls int)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.resize = f
	f(l.cap)
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
