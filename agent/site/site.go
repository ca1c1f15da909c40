// Package site says how a site is asked again: how long to wait after what failed, and which answers are final. It knows the kinds
// of answers, and neither what is asked nor who asks.
package site

import (
	"context"
	"errors"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/internal/backoff"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

// WaitAfter returns the wait before the next try of what failed with err. What the site itself asked for, signed, is the least.
// Anybody else's Retry-After is a hint: WordPress' own maintenance page says ten minutes and is over in ten seconds, and anybody
// on the network path could say anything.
func WaitAfter(b *backoff.Backoff, err error) time.Duration {
	if asked := Asked(err); asked > 0 {
		return b.Asked(asked)
	}
	return b.Hinted(wpclient.RetryAfter(err))
}

// Asked is how long the site itself asked to wait, 0 where nobody vouches for the answer.
func Asked(err error) time.Duration {
	var e *wpclient.Error
	if errors.As(err, &e) && e.Signed {
		return e.RetryAfter
	}
	return 0
}

// Retry repeats try while it fails transiently, until ctx ends. It returns try's last error.
func Retry(ctx context.Context, b *backoff.Backoff, try func() error) error {
	for {
		err := try()
		if err == nil || !wpclient.IsTransient(err) || !backoff.Sleep(ctx, WaitAfter(b, err)) {
			return err
		}
	}
}

// IsFinal reports whether the site itself has given its final answer about a lease or an outcome.
// wpclient gives these kinds to signed answers only.
func IsFinal(err error) bool { return wpclient.IsLeaseOver(err) || isConflict(err) }

// isConflict: the site will never take these bytes: other content under the same result_id, or a
// request it calls malformed.
func isConflict(err error) bool {
	switch wpclient.KindOf(err) {
	case wpclient.Conflict, wpclient.Invalid:
		return true
	}
	return false
}
