package agent_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient/wptest"
)

// The two clocks come apart in the middle of a document: every request is refused with the stated
// reason, nothing is lost, and once the clock is right the result arrives in its first attempt.
func TestWorkOutlivesClocksThatComeApart(t *testing.T) {
	t.Parallel()
	for _, jump := range []time.Duration{10 * time.Minute, -10 * time.Minute, 24 * time.Hour, -24 * time.Hour} {
		t.Run(jump.String(), func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			id := r.site.AddJob("d.txt", "text/plain", doc(1))
			r.reader.gate = onPage(2, func() { r.site.SetClockOffset(jump) })
			stop, _ := start(t, r.agent())
			defer stop()
			r.until("a result is refused for the clock", func() bool {
				for _, q := range r.site.Requests() {
					if strings.HasSuffix(q.Route, "/result") && q.Code == wpclient.CodeClockSkew {
						return true
					}
				}
				return false
			})
			if got := r.site.Job(id); got.State != wptest.Leased || len(got.Failures) != 0 {
				t.Errorf("while the clocks were apart: %s, %v", got.State, got.Failures)
			}
			r.awaitOutbox(1)
			r.site.SetClockOffset(0)
			if got := r.await(id, wptest.Done); got.Accepted != 1 || got.Attempt != 1 || got.Crashes != 0 || r.reader.reads(page2) != 1 {
				t.Errorf("accepted %d, attempt %d, crashes %d, page read %d times", got.Accepted, got.Attempt, got.Crashes, r.reader.reads(page2))
			}
			if !strings.Contains(r.log.String(), wpclient.CodeClockSkew) {
				t.Error("the log does not name the clock")
			}
		})
	}
}

// What waits in the outbox is not thrown away for its age, whatever the clock says.
func TestAJumpingClockThrowsNoUnsentResultAway(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := r.site.AddJob("d.txt", "text/plain", doc(1))
	r.reader.gate = onPage(2, func() { r.site.SetClockOffset(24 * time.Hour) })
	stop, _ := start(t, r.agent())
	defer stop()
	r.awaitOutbox(1)
	if _, err := r.journal.Purge(context.Background(), time.Now().Add(100*24*time.Hour)); err != nil {
		t.Fatal(err)
	}
	r.awaitOutbox(1)
	r.site.SetClockOffset(0)
	r.await(id, wptest.Done)
}
