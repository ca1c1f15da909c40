package main

import (
	"context"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/test/bench"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient/wptest"
)

// fake is a site, what it was asked, and how it misbehaves.
type fake struct {
	*wptest.Site
	asked   atomic.Int64 // requests that would reach PHP
	bells   atomic.Int64
	trouble wptest.FaultKind
	results *results // nil where nobody counts
	jobs    []int64
}

// results are the moments at which results arrived at any of some sites.
type results struct {
	mu sync.Mutex
	at []time.Time
}

// hook counts a request, and is the site's answer to it where the site is in trouble.
func (f *fake) hook(r *http.Request) wptest.Fault {
	route := r.Header.Get("X-Aidoc-Route")
	if route == "" {
		f.bells.Add(1)
	} else {
		f.asked.Add(1)
	}
	if f.results != nil && strings.Contains(route, "/result") {
		f.results.mu.Lock()
		f.results.at = append(f.results.at, time.Now())
		f.results.mu.Unlock()
	}
	return wptest.Fault{Kind: f.trouble}
}

// work queues that many short texts, each another one.
func (f *fake) work(count int) {
	for i := range count {
		text := fmt.Sprintf("Minutes of meeting %d.\n\nThe council agreed to repair the bridge before winter. Mrs. Adler reports that %d euros are left for it.\n\n", i, 1000+i)
		f.jobs = append(f.jobs, f.AddJob(fmt.Sprintf("minutes-%d.txt", i), "text/plain", []byte(strings.Repeat(text, 10))))
	}
}

// team is the real agent and the sites that it has joined.
type team struct {
	*bench.Agent
	sites []*fake
}

// nothingDue is when a real site asks to be asked again that has a doorbell and neither lease nor retry that comes due.
const nothingDue = time.Minute

// newTeam joins an agent to count sites. They behave until trouble is set and take part once the agent is started.
func newTeam(ctx context.Context, o options, name string, count int, env ...string) (*team, error) {
	agent, err := bench.NewAgent(filepath.Join(o.dir, name), o.agent, env...)
	if err != nil {
		return nil, err
	}
	t := &team{Agent: agent}
	for range count {
		f := &fake{Site: wptest.Start(wptest.Doorbell())}
		f.SetTiming(0, 0, nothingDue)
		t.sites = append(t.sites, f)
		if err := agent.Join(ctx, f.URL(), f.NewToken()); err != nil {
			t.close()
			return nil, err
		}
	}
	for _, f := range t.sites {
		f.Fault(f.hook)
	}
	return t, nil
}

// close ends the sites; those that hang let go when the agent does, so it is stopped before.
func (t *team) close() {
	for _, f := range t.sites {
		f.Close()
	}
}

// await returns when everything that was queued is done.
func (t *team) await(ctx context.Context) error {
	for _, f := range t.sites {
		for _, job := range f.jobs {
			j, err := f.AwaitFunc(ctx, job, func(j wptest.JobState) bool { return j.State == wptest.Done || j.State == wptest.Failed })
			if err != nil {
				return err
			}
			if j.State == wptest.Failed {
				return fmt.Errorf("document %d failed; the agent's log tells why", job)
			}
		}
	}
	return nil
}

// counts are the requests so far, over all sites.
func (t *team) counts() (asked, bells int64) {
	for _, f := range t.sites {
		asked, bells = asked+f.asked.Load(), bells+f.bells.Load()
	}
	return asked, bells
}

func sleep(ctx context.Context, d time.Duration) error { return sleepUntil(ctx, time.Now().Add(d)) }
