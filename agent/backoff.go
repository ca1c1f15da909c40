package agent

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

// backoff draws each wait evenly between base and a bound that triples with each failure, up to max.
// The bound grows by itself, not with what was drawn: else chance would keep many agents' waits short,
// and they would all be there in the first seconds after an outage. The draw is bounded, not its
// result: cutting the result off at max would gather everybody there.
type backoff struct {
	base, max time.Duration
	bound     time.Duration // of the last draw; 0 after a success
}

func newBackoff(base, max time.Duration) *backoff { return &backoff{base: base, max: max} }

// next returns the wait before the next try; atLeast is what the other side asked for.
func (b *backoff) next(atLeast time.Duration) time.Duration {
	b.bound = min(max(3*b.bound, 2*b.base), b.max)
	wait := b.base + rand.N(max(b.bound-b.base, 1))
	return max(wait, atLeast)
}

func (b *backoff) reset() { b.bound = 0 }

// after returns the wait before the next try of what failed with err. What the site itself asked for, signed, is the least. Anybody
// else's Retry-After is a hint: WordPress' own maintenance page says ten minutes and is over in ten seconds, and whoever is on the
// way could say anything. It moves the draw into the upper half, never over the bound.
func (b *backoff) after(err error) time.Duration {
	if asked := askedBySite(err); asked > 0 {
		return b.next(asked + rand.N(asked/8+1)) // all its agents were told the same
	}
	wait := b.next(0)
	if asked := min(wpclient.RetryAfter(err), b.bound); asked > wait {
		wait = max(wait, asked/2+rand.N(asked/2+1))
	}
	return wait
}

// askedBySite is how long the site itself asked to wait, 0 where nobody vouches for the answer.
func askedBySite(err error) time.Duration {
	var e *wpclient.Error
	if errors.As(err, &e) && e.Signed {
		return e.RetryAfter
	}
	return 0
}

// retry repeats try while it fails transiently, until ctx ends. It returns try's last error.
func retry(ctx context.Context, b *backoff, try func() error) error {
	for {
		err := try()
		if err == nil || !wpclient.IsTransient(err) || !sleep(ctx, b.after(err)) {
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
