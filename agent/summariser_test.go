package agent_test

import (
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/agent"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient/wptest"
)

// A site hears who writes the summaries once its answers say that it takes this, and an older one, which would refuse it, never.
func TestTheSummariserIsToldToSitesThatTakeIt(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	start(t, r.agent(func(o *agent.Options) { o.Settings.Summariser = "openai/small" }))
	r.await(r.site.AddJob("one.txt", "text/plain", doc(1)), wptest.Done)
	r.await(r.site.AddJob("two.txt", "text/plain", doc(2)), wptest.Done)
	if got := r.site.Able().Summariser; got != "openai/small" {
		t.Errorf("told %q", got)
	}
	r.site.BecomeOlder() // The first request is refused, the next one comes without.
	r.await(r.site.AddJob("three.txt", "text/plain", doc(3)), wptest.Done)
	if got := r.site.Able().Summariser; got != "" {
		t.Errorf("the older site took %q", got)
	}
}
