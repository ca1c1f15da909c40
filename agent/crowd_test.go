package agent

import (
	"errors"
	"log/slog"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

// busiest is the most of them within so long.
func busiest(at []time.Duration, within time.Duration) (most int) {
	slices.Sort(at)
	for i, from := range at {
		end, _ := slices.BinarySearch(at, from+within)
		most = max(most, end-i)
	}
	return most
}

// after tells how long after the ring each of so many idle agents of a site asks it for work.
func after(t *testing.T, agents int) (asked []time.Duration) {
	t.Helper()
	const quiet = 30 * time.Second
	site := &bellSite{content: "1"}
	last := wpclient.LeaseResponse{Doorbell: &wpclient.Doorbell{URL: "u", Now: "1"}, Agents: agents}
	var mu sync.Mutex
	var all sync.WaitGroup
	began := time.Now()
	for range agents {
		bell := &doorbell{}
		bell.told(last.Doorbell)
		i := &idle{set: fixed(withDefaults(Settings{})), client: site, bells: ringing(t), bell: bell, pollNow: newSignal(), refusal: func() string { return "" }, log: slog.New(slog.DiscardHandler)}
		all.Go(func() {
			i.wait(t.Context(), last)
			mu.Lock()
			defer mu.Unlock()
			asked = append(asked, time.Since(began)-quiet)
		})
	}
	time.Sleep(quiet)
	site.set("2", nil)
	all.Wait()
	slices.Sort(asked)
	return asked
}

func TestAFleetThatHearsOneRingComesOneAfterTheOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		asked := after(t, 100)
		if asked[0] < 0 || asked[0] > 2*time.Second || asked[99] > 8*time.Second {
			t.Errorf("the first asks after %v, the last after %v", asked[0], asked[99])
		}
		if most := busiest(asked, time.Second); most > 36 {
			t.Errorf("%d of 100 ask within a second", most)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		if asked := after(t, 3); asked[2] > 2500*time.Millisecond {
			t.Errorf("the last of three asks after %v", asked[2])
		}
	})
}

// Agents ask once a minute, each at its own moment; then the site is away for a minute. Busy they are in the first seconds after it, with those that
// failed just before. A crowd's own rate is what counts; that of more agents than there are makes chance small.
func TestAFleetComesBackOneAfterTheOther(t *testing.T) {
	const agents, outage = 4000, time.Minute
	for crowd, bound := range map[int]float64{100: 2.3, 1: 3} {
		var back []time.Duration
		for range agents {
			b, at := newBreaker(time.Second), rand.N(time.Minute)
			for at < outage {
				at += b.failed(errors.New("503"), crowd)
			}
			if at-outage > time.Minute {
				t.Fatalf("one comes back after %v", at-outage)
			}
			back = append(back, at-outage)
		}
		if got := float64(busiest(back, 10*time.Second)) / 10 / (agents / 60.0); got > bound {
			t.Errorf("one of %d: in the busiest 10 s they ask %.2f times as often as at rest, want %v at the most", crowd, got, bound)
		}
	}
}

func TestOneOfAFewWaitsForNobody(t *testing.T) {
	for range 1000 {
		if d := among(aloneAtStart-1, 0, startEvery, startsLongest); d != 0 {
			t.Fatalf("waits %v", d)
		}
		if d := among(1_000_000, 0, startEvery, startsLongest); d > startsLongest {
			t.Fatalf("waits %v", d)
		}
	}
}
