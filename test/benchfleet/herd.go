package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/agent"
	"github.com/aidoc-pipeline/aidoc-agent/agent/journal"
	"github.com/aidoc-pipeline/aidoc-agent/agent/objectstore"
	"github.com/aidoc-pipeline/aidoc-agent/extract"
	"github.com/aidoc-pipeline/aidoc-agent/llm"
	"github.com/aidoc-pipeline/aidoc-agent/test/bench"
	"github.com/aidoc-pipeline/aidoc-agent/test/linear/wpsite"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

// idler is an extractor that is never asked: the queue stays empty.
type idler struct{}

func (idler) Extract(context.Context, string, extract.Options) (extract.Document, error) {
	return extract.Document{}, errors.New("the queue was meant to be empty")
}
func (idler) Version() string     { return "bench" }
func (idler) MIMEs() []string     { return []string{"application/pdf", "text/plain", "image/png"} }
func (idler) Languages() []string { return []string{"eng"} }

// Phases of the herd's run.
type herdTimes struct {
	settle, steady, outage, after time.Duration
}

// herd is what a site sees of many real agents with an empty queue.
type herd struct {
	start  []bench.Hit // all agents started at once, for the first time
	steady []bench.Hit
	back   []bench.Hit // the site was away and came back
	again  []bench.Hit // all agents started at once, of which each had run before
	times  herdTimes
	agents int
}

// runHerd runs n agents with their production settings: start all at once, wait until they have settled, watch, take
// the site away, bring it back, watch; end all, and start all at once again.
func runHerd(ctx context.Context, site *wpsite.Site, dir string, n int, times herdTimes) (*herd, error) {
	at, agents, err := site.Agents(ctx, "herd", n)
	if err != nil {
		return nil, err
	}
	open := func(i int) (member, error) {
		client := wpclient.New(at, agents[i].Key, wpclient.Options{})
		one, shut, err := newAgent(ctx, filepath.Join(dir, fmt.Sprint("agent-", i)), site.URL, client)
		return member{one, agents[i].ID, client, shut}, err
	}
	all, err := begin(ctx, n, open, make([]agent.Status, n))
	if err != nil {
		return nil, err
	}
	defer func() { all.end() }()
	start := all.at
	at1 := start.Add(times.settle)
	at2 := at1.Add(times.steady)
	if err := sleepUntil(ctx, at2); err != nil {
		return nil, err
	}
	if err := site.Stop(); err != nil {
		return nil, err
	}
	if err := sleepUntil(ctx, at2.Add(times.outage)); err != nil {
		return nil, err
	}
	if err := site.Restart(); err != nil {
		return nil, err
	}
	back := time.Now()
	at3 := back.Add(times.after)
	if err := sleepUntil(ctx, at3); err != nil {
		return nil, err
	}
	last := all.end()
	if all, err = begin(ctx, n, open, last); err != nil {
		return nil, err
	}
	again := all.at
	if err := sleepUntil(ctx, again.Add(times.settle)); err != nil {
		return nil, err
	}
	hits, err := bench.Hits(site.AccessLog())
	if err != nil {
		return nil, err
	}
	hits = bench.Of(hits, func(h bench.Hit) bool { return h.Route != bench.Doorbell })
	return &herd{agents: n, times: times, start: bench.Between(hits, start, at1), steady: bench.Between(hits, at1, at2),
		back: bench.Between(hits, at2, at3), again: bench.Between(hits, again, again.Add(times.settle))}, nil
}

// member is one agent of them.
type member struct {
	*agent.Agent
	id     int64
	client *wpclient.Client
	shut   func()
}

// cohort is agents that run.
type cohort struct {
	at   time.Time // of the start
	all  []member
	stop context.CancelFunc
	done sync.WaitGroup
}

// begin starts n agents in one moment, each as the command does that has found the status last: it waits for its turn, says hello, and asks for work.
func begin(ctx context.Context, n int, open func(int) (member, error), last []agent.Status) (*cohort, error) {
	ctx, stop := context.WithCancel(ctx)
	c := &cohort{stop: stop}
	for i := range n {
		one, err := open(i)
		if err != nil {
			c.end()
			return c, err
		}
		c.all = append(c.all, one)
	}
	c.at = time.Now()
	for i, one := range c.all {
		wait := agent.StartAfter(last[i], func(string) int64 { return one.id })
		c.done.Go(func() {
			if sleepUntil(ctx, c.at.Add(wait)) != nil {
				return
			}
			_, _ = one.client.Echo(ctx)
			_ = one.Run(ctx) // ends with the context
		})
	}
	return c, nil
}

// end ends them all and returns what each knew; once.
func (c *cohort) end() (last []agent.Status) {
	for _, one := range c.all {
		last = append(last, one.Status())
	}
	c.stop()
	c.done.Wait()
	for _, one := range c.all {
		one.shut()
		one.client.Close()
	}
	c.all = nil
	return last
}

func newAgent(ctx context.Context, dir, url string, client *wpclient.Client) (*agent.Agent, func(), error) {
	if err := os.MkdirAll(filepath.Join(dir, "spool"), 0o700); err != nil {
		return nil, nil, err
	}
	j, err := journal.Open(ctx, filepath.Join(dir, "journal.db"), journal.Options{})
	if err != nil {
		return nil, nil, err
	}
	store, err := objectstore.OpenDir(filepath.Join(dir, "store"))
	if err != nil {
		return nil, nil, errors.Join(err, j.Close())
	}
	sum, err := llm.FromConfig(llm.Config{})
	if err != nil {
		return nil, nil, errors.Join(err, j.Close(), store.Close())
	}
	a, err := agent.New(agent.Options{
		Settings:  agent.Settings{Slots: 2, WorkDir: filepath.Join(dir, "spool"), MaxBytes: 64 << 20},
		Info:      wpclient.AgentInfo{Version: "1.0.0", Host: "localhost", OS: "linux", Arch: "amd64"},
		Sites:     []agent.SiteHandle{{URL: url, Client: client}},
		Journal:   j,
		Store:     store,
		Extractor: idler{}, Summariser: sum,
		Log: slog.New(slog.DiscardHandler),
	})
	return a, func() { _ = j.Close(); _ = store.Close() }, err
}

func sleepUntil(ctx context.Context, t time.Time) error {
	timer := time.NewTimer(time.Until(t))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// rows are what the site saw.
func (h *herd) rows(r *bench.Report) {
	steady := float64(len(h.steady)) / h.times.steady.Seconds() // a second
	perAgent := steady * 60 / float64(h.agents)
	r.AtMost("requests of an idle agent, doorbell working", perAgent, 2, " a minute", "%.2f a minute", perAgent)
	r.Fact(fmt.Sprintf("%d idle agents", h.agents), "%.2f requests/s", steady)
	const window = 10 * time.Second
	most := bench.Peak(h.start, window)
	r.Fact("all agents started in the same second, none of which has run before: busiest 10 s", "%.1f requests/s (busiest second %.0f)", most, bench.Peak(h.start, time.Second))
	for _, p := range []struct {
		what string
		hits []bench.Hit
	}{{fmt.Sprintf("site back after %v: busiest 10 s", h.times.outage), h.back}, {"all agents started in the same second: busiest 10 s", h.again}} {
		most := bench.Peak(p.hits, window)
		times := 0.0
		if steady > 0 {
			times = most / steady
		}
		r.AtMost(p.what, times, 3, " × steady", "%.1f requests/s = %.1f × steady (busiest second %.0f)", most, times, bench.Peak(p.hits, time.Second))
	}
}
