package site

import (
	"testing"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/internal/backoff"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

func unsigned503() error {
	return &wpclient.Error{Op: "lease", Kind: wpclient.Transient, Status: 503, RetryAfter: 10 * time.Minute}
}

func signedWish(d time.Duration) error {
	return &wpclient.Error{Op: "lease", Kind: wpclient.Transient, Status: 429, Signed: true, RetryAfter: d}
}

func TestOnlyTheSitesOwnWishIsKept(t *testing.T) {
	for range 200 {
		b := backoff.New(time.Second, time.Minute)
		if w := WaitAfter(b, unsigned503()); w > 2*time.Second {
			t.Fatalf("the first wait after a maintenance page is %s", w)
		}
		for range 10 {
			if w := WaitAfter(b, unsigned503()); w < time.Second || w > time.Minute {
				t.Fatalf("an unsigned Retry-After made it %s", w)
			}
		}
		if w := WaitAfter(b, signedWish(15*time.Minute)); w < 15*time.Minute || w > 17*time.Minute {
			t.Fatalf("a signed Retry-After of 15 min made it %s", w)
		}
	}
}

// TestManyAgentsComeBackWithinAMinuteAndNotAtOnce: however long a site was away, and whatever its maintenance page asked for.
func TestManyAgentsComeBackWithinAMinuteAndNotAtOnce(t *testing.T) {
	const agents = 500
	for _, outage := range []time.Duration{10 * time.Second, time.Minute, 10 * time.Minute} {
		perSecond := map[int]int{}
		for range agents {
			b, at := backoff.New(time.Second, time.Minute), time.Duration(0)
			for at < outage {
				at += WaitAfter(b, unsigned503())
			}
			late := at - outage
			if late > time.Minute {
				t.Fatalf("after %s one came back %s later", outage, late)
			}
			perSecond[int(late/time.Second)]++
		}
		for second, n := range perSecond {
			if n > agents/5 {
				t.Errorf("after %s, %d of %d came in second %d", outage, n, agents, second)
			}
		}
	}
}
