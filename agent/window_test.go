package agent_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/agent"
	"github.com/aidoc-pipeline/aidoc-agent/agent/journal"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient/wptest"
)

// Outside the processing windows the site hears until when; docs/protocol.md, POST /lease, has the form of the note.
func TestOutsideItsHoursAnAgentSaysUntilWhen(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := r.site.AddJob("a.txt", "text/plain", doc(1))
	site := &listener{Site: r.site.Client(wpclient.Options{})}
	j, err := journal.Open(t.Context(), filepath.Join(r.dir, "journal.db"), journal.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { j.Close() })
	opens := time.Date(2027, 3, 4, 20, 0, 0, 0, time.FixedZone("", 3600))
	a := r.with(j, site, func(o *agent.Options) {
		o.Open = func(time.Time) bool { return false }
		o.Opens = func(time.Time) (time.Time, bool) { return opens, true }
	})
	stop, _ := start(t, a)
	r.until("the hour is told", func() bool { return site.said("outside the processing window until 2027-03-04T19:00:00Z") })
	if err := stop(); err != nil {
		t.Error(err)
	}
	if got := r.site.Job(id).State; got != wptest.Queued {
		t.Errorf("the job is %v", got)
	}
}
