package agent_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/agent"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient/wptest"
)

// stubbornCache is a server in front of the site that keeps the doorbell's file for ever, by its path alone or with the query.
func (r *rig) stubbornCache(queries bool) {
	var mu sync.Mutex
	kept := map[string]*httptest.ResponseRecorder{}
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		if !strings.Contains(q.URL.Path, "/bell-") {
			r.site.ServeHTTP(w, q)
			return
		}
		mu.Lock()
		defer mu.Unlock()
		key := q.URL.Path
		if queries {
			key = q.URL.String()
		}
		if kept[key] == nil {
			kept[key] = httptest.NewRecorder()
			plain := q.Clone(q.Context())
			plain.Header.Del("If-None-Match")
			r.site.ServeHTTP(kept[key], plain)
		} else {
			w.Header().Set("X-Cache", "HIT from front")
		}
		w.Write(kept[key].Body.Bytes())
	}))
	r.t.Cleanup(front.Close)
	r.site.SetHome(front.URL)
}

// What the agent has found out about a cache in front of the doorbell, the site is told, and its status shows.
func TestACacheInFrontOfTheDoorbellIsTold(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		queries bool
		want    wpclient.Hearing
	}{
		"around it":         {true, wpclient.Hearing{State: wpclient.BellAround, Sign: "X-Cache: HIT from front"}},
		"whatever is asked": {false, wpclient.Hearing{State: wpclient.BellKept, Sign: "X-Cache: HIT from front"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, wptest.Doorbell())
			r.stubbornCache(c.queries)
			a := r.agent()
			stop, _ := start(t, a)
			defer stop()
			heard := func(states ...string) func() bool {
				return func() bool {
					h := r.site.Able().Doorbell
					return h != nil && slices.Contains(states, h.State)
				}
			}
			r.until("the site is told that the bell works", heard(wpclient.BellWorks))
			r.await(r.site.AddJob("a.txt", "text/plain", doc(1)), wptest.Done)
			r.until("the site is told of the cache", heard(c.want.State))
			if got := r.site.Able().Doorbell; *got != c.want {
				t.Errorf("the site was told %+v", got)
			}
			if got := a.Status().Sites[0].Doorbell; got == nil || *got != c.want {
				t.Errorf("the status says %+v", got)
			}
			r.await(r.site.AddJob("b.txt", "text/plain", doc(2)), wptest.Done)
		})
	}
}

// An older site refuses what it does not know.
func TestAnOlderSiteIsNotToldOfTheDoorbell(t *testing.T) {
	t.Parallel()
	r := newRig(t, wptest.Doorbell(), wptest.WithoutOnly())
	stop, _ := start(t, r.agent(func(*agent.Options) {}))
	defer stop()
	r.await(r.site.AddJob("a.txt", "text/plain", doc(1)), wptest.Done)
	if got := r.site.Able().Doorbell; got != nil {
		t.Errorf("it was told %+v", got)
	}
}
