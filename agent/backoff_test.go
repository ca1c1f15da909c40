package agent

import (
	"testing"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/internal/backoff"
)

func TestBackoffIsJitteredCappedAndObeysTheServer(t *testing.T) {
	b := backoff.New(time.Second, time.Minute)
	var last time.Duration
	for range 50 {
		last = b.Next(0)
		if last < time.Second || last > time.Minute {
			t.Fatalf("wait %s", last)
		}
	}
	if got := b.Next(5 * time.Minute); got != 5*time.Minute {
		t.Errorf("Retry-After of 5 min became %s", got)
	}
	b.Reset()
	if got := b.Next(0); got > 2*time.Second {
		t.Errorf("after a success the first wait was %s", got)
	}
}
