package agent

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

// backoff is decorrelated jitter: each wait is drawn between base and three times the last one, but
// never beyond max, so that agents that failed together do not come back together. The draw itself is
// bounded, not its result: cutting the result off at max would gather everybody there.
type backoff struct {
	base, max time.Duration
	last      time.Duration
}

func newBackoff(base, max time.Duration) *backoff { return &backoff{base: base, max: max} }

// next returns the wait before the next try; atLeast is what the other side asked for.
func (b *backoff) next(atLeast time.Duration) time.Duration {
	hi := min(max(3*b.last, 2*b.base), b.max)
	b.last = b.base + rand.N(max(hi-b.base, 1))
	return max(b.last, atLeast)
}

func (b *backoff) reset() { b.last = 0 }

// retry repeats try while it fails transiently, until ctx ends. It returns try's last error.
func retry(ctx context.Context, b *backoff, try func() error) error {
	for {
		err := try()
		if err == nil || !wpclient.IsTransient(err) || !sleep(ctx, b.next(wpclient.RetryAfter(err))) {
			return err
		}
	}
}

// jitter returns d ± the given fraction.
func jitter(d time.Duration, fraction float64) time.Duration {
	span := time.Duration(float64(d) * fraction)
	if span <= 0 {
		return d
	}
	return d - span + rand.N(2*span)
}

// sleep waits for d or until ctx ends, whichever comes first; it reports whether d passed.
func sleep(ctx context.Context, d time.Duration) bool {
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
