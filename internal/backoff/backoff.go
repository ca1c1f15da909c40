// Package backoff is how everything here waits before it tries again: one policy of growing, jittered pauses, one reader of
// Retry-After, one sleep that ends with its context. It knows neither what is tried nor who is asked.
package backoff

import (
	"context"
	"math/rand/v2"
	"time"
)

// Backoff draws each wait evenly between base and a bound that triples with each failure, up to limit. The bound grows by
// itself, not with what was drawn: else chance would keep many agents' waits short, and they would all be there in the first
// seconds after an outage. The draw is bounded, not its result: cutting the result off at the limit would gather everybody
// there. It is not safe for concurrent use.
type Backoff struct {
	base, limit time.Duration
	bound       time.Duration // of the last draw; 0 after a success
}

// New returns a Backoff whose waits lie between base and limit.
func New(base, limit time.Duration) *Backoff { return &Backoff{base: base, limit: limit} }

// Next returns the wait before the next try, at least atLeast.
func (b *Backoff) Next(atLeast time.Duration) time.Duration {
	b.bound = min(max(3*b.bound, 2*b.base), b.limit)
	wait := b.base + rand.N(max(b.bound-b.base, 1))
	return max(wait, atLeast)
}

// Asked is Next for an answer that asked to wait this long, by whom it may.
func (b *Backoff) Asked(wait time.Duration) time.Duration { return b.Next(Spread(wait)) }

// Spread is a wait that was asked for, and up to an eighth more: all who ask were told the same.
func Spread(wait time.Duration) time.Duration { return wait + rand.N(wait/8+1) }

// Hinted is Next for an answer that is not verified and that asked to wait this long. The hint moves the draw into the
// upper half, never over the bound.
func (b *Backoff) Hinted(hint time.Duration) time.Duration {
	wait := b.Next(0)
	if hint = min(hint, b.bound); hint > wait {
		wait = max(wait, hint/2+rand.N(hint/2+1))
	}
	return wait
}

// Reset forgets the failures: the next wait is a short one again.
func (b *Backoff) Reset() { b.bound = 0 }

// Jitter returns d ± the given fraction.
func Jitter(d time.Duration, fraction float64) time.Duration {
	span := time.Duration(float64(d) * fraction)
	if span <= 0 {
		return d
	}
	return d - span + rand.N(2*span)
}

// Sleep waits for d or until ctx ends, whichever comes first; it reports whether d passed.
func Sleep(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}
