//go:build e2e

package e2e

import (
	"strings"
	"testing"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/llm/llmtest"
)

// paid are the environment variables of an agent with a paid model at srv.
func paid(srv *llmtest.Server, more ...string) []string {
	return append([]string{"AIDOC_SUMMARY_PROVIDER=openai", "AIDOC_SUMMARY_MODEL=m", "AIDOC_SUMMARY_BASE_URL=" + srv.OpenAIURL(),
		"AIDOC_SUMMARY_USD_PER_MTOK_IN=10", "AIDOC_SUMMARY_USD_PER_MTOK_OUT=100"}, more...)
}

// A cap that an admin sets for the site: what documents cost is booked there, the agent pays for nothing beyond it, and what is left over is given
// back without an attempt, or has the embedded summary where the agent is set so.
func TestASitesCapOnModels(t *testing.T) {
	t.Parallel()
	srv := llmtest.NewServer(nil)
	defer srv.Close()
	s := testSite(t)
	s.WP(t, "setting", "max_usd_day", "2")

	first := s.Upload(t, "first.txt", text(1))
	joined(t, s, "payer", paid(srv)...).Do(t, "once").want(t, exitOK)
	if item := s.AwaitRest(t, time.Minute, first)[first]; item.State != "done" {
		t.Fatalf("within the cap: %s (%s)", item.State, item.Detail)
	}
	if n := s.Count(t, "SELECT COUNT(*) AS n FROM {p}aidoc_spending WHERE usd_nano > 0 AND tokens > 0"); n != 1 || len(srv.Calls()) == 0 {
		t.Errorf("%d leases booked, %d calls made", n, len(srv.Calls()))
	}

	s.WP(t, "setting", "max_usd_day", "0.01") // what is left of it pays for nothing
	calls := len(srv.Calls())
	second := s.Upload(t, "second.txt", text(2))
	got := joined(t, s, "waiter", paid(srv)...).Do(t, "once")
	if !strings.Contains(got.Stderr, "what this site allows for models is spent") {
		t.Errorf("exit %d:\n%s", got.Code, got.Stderr)
	}
	if n := s.Count(t, "SELECT COUNT(*) AS n FROM {p}aidoc_jobs WHERE attachment_id = %d AND state = 'queued' AND attempt = 0", second); n != 1 {
		t.Errorf("the document that waits: %v", s.SQL(t, "SELECT state, attempt, error_message FROM {p}aidoc_jobs WHERE attachment_id = %d", second))
	}
	joined(t, s, "frugal", paid(srv, "AIDOC_SUMMARY_OVER_CAP=extractive")...).Do(t, "once").want(t, exitOK)
	if item := s.AwaitRest(t, time.Minute, second)[second]; item.State != "done" {
		t.Fatalf("with the embedded summary: %s (%s)", item.State, item.Detail)
	}
	if n := len(srv.Calls()); n != calls {
		t.Errorf("%d calls beyond the cap", n-calls)
	}
}
