package agent

import (
	"context"
	"errors"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/internal/backoff"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

// waitAfter returns the wait before the next try of what failed with err. What the site itself asked for, signed, is the least.
// Anybody else's Retry-After is a hint: WordPress' own maintenance page says ten minutes and is over in ten seconds, and whoever
// is on the way could say anything.
func waitAfter(b *backoff.Backoff, err error) time.Duration {
	if asked := askedBySite(err); asked > 0 {
		return b.Asked(asked)
	}
	return b.Hinted(wpclient.RetryAfter(err))
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
func retry(ctx context.Context, b *backoff.Backoff, try func() error) error {
	for {
		err := try()
		if err == nil || !wpclient.IsTransient(err) || !backoff.Sleep(ctx, waitAfter(b, err)) {
			return err
		}
	}
}
