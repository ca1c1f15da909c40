package agent

import (
	"errors"
	"maps"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// breakersOf are the values of aidoc_site_breaker by state, as a scrape sees them.
func breakersOf(t *testing.T, s *session) map[string]float64 {
	t.Helper()
	reg := prometheus.NewRegistry()
	reg.MustRegister(&siteGauges{sites: &roster{list: []*session{s}}})
	families, err := reg.Gather()
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]float64{}
	for _, f := range families {
		if f.GetName() != "aidoc_site_breaker" {
			continue
		}
		for _, m := range f.Metric {
			for _, l := range m.Label {
				if l.GetName() == "state" {
					out[l.GetValue()] = m.Gauge.GetValue()
				}
			}
		}
	}
	return out
}

func TestTheBreakersStateIsSeen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBreaker(time.Second)
		s := &session{url: "https://a.example", held: newHeldLeases(), contact: newContact("https://a.example", nil), leases: &leaseLoop{breaker: b, bell: &doorbell{}}}
		s.tuned.Store(&tuned{})
		want := func(step string, state breakerState) {
			t.Helper()
			all := map[string]float64{"closed": 0, "open": 0, "half_open": 0}
			all[string(state)] = 1
			if got := breakersOf(t, s); !maps.Equal(got, all) {
				t.Errorf("%s: %v", step, got)
			}
		}
		want("at first", breakerClosed)
		if b.probing() {
			t.Error("a first request is no probe")
		}
		wait := b.failed(errors.New("502"), 0)
		want("after a failure", breakerOpen)
		if _, until := b.now(); !until.Equal(time.Now().Add(wait)) {
			t.Errorf("open until %v, and the wait is %v", until, wait)
		}
		if !b.probing() {
			t.Error("what follows a failure is a probe")
		}
		want("while it is tried", breakerHalfOpen)
		b.failed(errors.New("502"), 0)
		want("after another failure", breakerOpen)
		b.probing()
		if !b.worked(time.Millisecond) {
			t.Error("it does not say that the site is back")
		}
		want("after an answer", breakerClosed)
	})
}
