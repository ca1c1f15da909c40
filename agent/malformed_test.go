package agent_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/wpclient/wptest"
)

// spoil puts a value into the leases of one document's job.
func spoil(filename, field string, value any) func(string, []byte) []byte {
	return func(route string, body []byte) []byte {
		var m map[string]any
		if json.Unmarshal(body, &m) != nil || !strings.HasSuffix(route, "/lease") {
			return body
		}
		for _, l := range m["leases"].([]any) {
			if lease := l.(map[string]any); lease["filename"] == filename {
				lease[field] = value
			}
		}
		out, _ := json.Marshal(m)
		return out
	}
}

// TestALeaseThatMakesNoSenseIsGivenBack, and the second time failed with the reason; what came with it is worked on.
func TestALeaseThatMakesNoSenseIsGivenBack(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	bad := r.site.AddJob("bad.txt", "text/plain", doc(1))
	good := r.site.AddJob("good.txt", "text/plain", doc(2))
	r.site.Rewrite(spoil("bad.txt", "ttl_ms", int64(1e18)))
	stop, _ := start(t, r.agent())
	defer stop()
	r.await(good, wptest.Done)
	got := r.await(bad, wptest.Failed)
	if got.Releases != 1 || len(got.Failures) != 1 || got.Failures[0].Code != "lease_malformed" || !strings.Contains(got.Failures[0].Message, "ttl_ms") {
		t.Errorf("%+v", got)
	}
	if n := strings.Count(r.log.String(), "a lease was not taken"); n != 2 {
		t.Errorf("%d warnings for two leases", n)
	}
}

// TestALeaseWhoseTimeIsUpIsNoFault: a site that keeps giving those is asked at its pace, and no document fails for it.
func TestALeaseWhoseTimeIsUpIsNoFault(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := r.site.AddJob("late.txt", "text/plain", doc(1))
	r.site.Rewrite(spoil("late.txt", "ttl_ms", 0))
	stop, _ := start(t, r.agent())
	defer stop()
	if got := r.awaitFunc(id, func(j wptest.JobState) bool { return j.Releases == 3 }); len(got.Failures) != 0 || got.Crashes != 0 {
		t.Errorf("%+v", got)
	}
	r.site.Rewrite(nil)
	r.await(id, wptest.Done)
}
