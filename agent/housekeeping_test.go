package agent_test

import (
	"strings"
	"testing"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/agent"
	"github.com/aidoc-pipeline/aidoc-agent/llm"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient/wptest"
)

// times is a schedule that starts at once, again and again, and remembers in which zone it was asked.
type times chan string

func (s times) Next(t time.Time) time.Time {
	select {
	case s <- t.Location().String():
	default:
	}
	return t.Add(time.Millisecond)
}

func TestHousekeepingRunsAtItsTimesInItsZone(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	asked := make(times, 1)
	a := r.agent(func(o *agent.Options) {
		o.Settings.Housekeeping, o.Settings.Zone = asked, time.FixedZone("Nepal", 5*3600+45*60)
	})
	stop, _ := start(t, a)
	if zone := <-asked; zone != "Nepal" {
		t.Errorf("the schedule was asked in the zone %s", zone)
	}
	r.until("the journal was tidied", func() bool { return strings.Contains(r.log.String(), "msg=housekeeping") })
	other := make(times, 1)
	set := agent.Settings{Housekeeping: other, Zone: time.FixedZone("Chatham", 12*3600+45*60)}
	a.Retune(agent.Tuning{Settings: set, Summariser: llm.Extractive{}})
	if zone := <-other; zone != "Chatham" {
		t.Errorf("the new schedule was asked in the zone %s", zone)
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
}

// What is stored goes when it is too old.
func TestHousekeepingRemovesArtifactsThatAreTooOld(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	asked := make(times, 1)
	over := r.site.AddJob("over.txt", "text/plain", doc(1))
	stop, _ := start(t, r.agent(func(o *agent.Options) {
		o.Settings.KeepStored, o.Settings.Housekeeping, o.Settings.Zone, o.Settings.ShareText = time.Millisecond, asked, time.UTC, true
	}))
	r.await(over, wptest.Done)
	r.until("what was stored is removed", func() bool {
		return strings.Contains(r.log.String(), "removed what was stored of a job") && r.stored(over) == 0
	})
	if files := r.texts(); len(files) != 0 {
		t.Errorf("shared are still %v", files)
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
}
