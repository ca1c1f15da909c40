package agent_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/agent"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient/wptest"
)

// What could not be read of a document reaches the sites that take it, and no older one, which would refuse the result for it.
func TestWarningsReachSitesThatTakeThem(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for i := range wpclient.MaxWarnings + 1 {
		r.reader.warnings = append(r.reader.warnings, fmt.Sprintf("File %d could not be read.", i))
	}
	start(t, r.agent(func(*agent.Options) {}))
	if got := r.await(r.site.AddJob("one.txt", "text/plain", doc(1)), wptest.Done).Result.Warnings; !slices.Equal(got, r.reader.warnings[:wpclient.MaxWarnings]) {
		t.Errorf("%q", got)
	}
	r.site.BecomeOlder()
	if got := r.await(r.site.AddJob("two.txt", "text/plain", doc(2)), wptest.Done).Result.Warnings; got != nil {
		t.Errorf("the older site was told %q", got)
	}
}
