package agent_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/agent"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

// upload puts a document into the queue and rings.
func (s *memSite) upload() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.left++
	s.rung = fmt.Sprint(time.Now().UnixNano())
}

// TestAnUploadIsPickedUpWithinSeconds: at a site that had work within the hour, by its doorbell alone.
func TestAnUploadIsPickedUpWithinSeconds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const uploads = 100
		s := &memSite{left: 1, way: 20 * time.Millisecond, bell: &wpclient.Doorbell{URL: "https://a.example.org/bell"}}
		var took []time.Duration
		done := make(chan struct{})
		go func() {
			defer close(done)
			time.Sleep(2 * time.Minute)
			for n := range uploads {
				time.Sleep(10*time.Second + rand.N(10*time.Second))
				began := time.Now()
				s.upload()
				for s.given() < n+2 {
					time.Sleep(20 * time.Millisecond)
				}
				took = append(took, time.Since(began))
			}
		}()
		runFor(t, 5*time.Hour, newPageReader(), []*memSite{s}, func(*agent.Options) {}, func() bool {
			select {
			case <-done:
				return true
			default:
				return false
			}
		})
		slices.Sort(took)
		half, most := took[uploads/2], took[uploads*99/100]
		t.Logf("half of %d uploads were leased within %v, 99 %% within %v; %d requests for work", uploads, half, most, s.leases)
		if half > time.Second || most > 3*time.Second {
			t.Errorf("half of the uploads were leased within %v, 99 %% within %v", half, most)
		}
	})
}

// given is how many leases the site has given.
func (s *memSite) given() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return int(s.next)
}

// TestManyQuietSitesAreLookedAtSeldomAndOneIsOften: looks at doorbells are what an idle agent costs.
func TestManyQuietSitesAreLookedAtSeldomAndOneIsOften(t *testing.T) {
	t.Parallel()
	for sites, c := range map[int]struct{ least, most float64 }{1: {.4, .6}, 10: {4, 6}, 200: {6, 9}} {
		t.Run(fmt.Sprint(sites), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var all []*memSite
				for range sites {
					all = append(all, &memSite{bell: &wpclient.Doorbell{URL: "https://a.example.org/bell"}})
				}
				const window, settled = 10 * time.Minute, 2 * time.Minute
				began := time.Now()
				runFor(t, window, newPageReader(), all, func(*agent.Options) {}, func() bool { return false })
				looks, asked := 0, 0
				for _, s := range all {
					asked += s.leases
					for _, at := range s.looks {
						if at.Sub(began) > settled {
							looks++
						}
					}
				}
				if rate := float64(looks) / (window - settled).Seconds(); rate < c.least || rate > c.most {
					t.Errorf("%.2f looks a second at %d sites, want %.1f to %.1f", rate, sites, c.least, c.most)
				}
				if asked > 15*sites {
					t.Errorf("%d requests for work in %v at %d sites", asked, window, sites)
				}
			})
		})
	}
}

// Where the operator has switched the doorbell off, the site reckons with it all the same: what it says of the next question is for an agent that
// hears it ring, and the waits grow from PollMin.
func TestWithoutTheDoorbellAnEmptyQueueIsAskedSoon(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &memSite{left: 1, bell: &wpclient.Doorbell{URL: "https://a.example.org/bell"}}
		began := time.Now()
		runFor(t, time.Hour, newPageReader(), []*memSite{s}, func(o *agent.Options) { o.Settings.NoDoorbell = true }, func() bool { return time.Since(began) > time.Minute })
		if s.leases < 6 {
			t.Errorf("asked %d times in the first minute, want waits of seconds at first", s.leases)
		}
	})
}
