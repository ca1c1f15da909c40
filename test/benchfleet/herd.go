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
	untold  []bench.Hit // all agents started at once by a site that tells no numbers, as older plugins do
	unknown []bench.Hit // the same agents, which know nothing of one another, at a site that tells in its first answer
	start   []bench.Hit // all agents started at once, for the first time
	steady  []bench.Hit
	back    []bench.Hit // the site was away and came back
	again   []bench.Hit // all agents started at once, of which each had run before
	times   herdTimes
	agents  int
}

// How the agents of a cohort come by what they know of one another.
type knows int

const (
	nothing   knows = iota
	byEcho          // from the first answer
	byJoining       // from when they joined
	byRunning       // from when they ran last
)

// runHerd runs n agents with their production settings. First twice as agents that know nothing of one another, before a site that says nothing of
// it and one that does; then others that have just joined: start all at once, wait until they have settled, watch, take
// the site away, bring it back, watch; end all, and start all at once again.
func runHerd(ctx context.Context, site *wpsite.Site, dir string, n int, times herdTimes) (*herd, error) {
	out := &herd{agents: n, times: times}
	strangers, err := newPack(ctx, site, dir, "stranger", n)
	if err != nil {
		return nil, err
	}
	for _, c := range []struct {
		know knows
		hits *[]bench.Hit
	}{{nothing, &out.untold}, {byEcho, &out.unknown}} {
		all, err := strangers.begin(ctx, c.know, nil)
		if err == nil {
			err = sleepUntil(ctx, all.at.Add(times.settle))
		}
		all.end()
		if err != nil {
			return nil, err
		}
		if *c.hits, err = requests(site, all.at, all.at.Add(times.settle)); err != nil {
			return nil, err
		}
	}
	return out, out.life(ctx, site, dir)
}

// life is a fleet's from its first start on.
func (h *herd) life(ctx context.Context, site *wpsite.Site, dir string) error {
	pack, err := newPack(ctx, site, dir, "herd", h.agents)
	if err != nil {
		return err
	}
	all, err := pack.begin(ctx, byJoining, nil)
	defer func() { all.end() }()
	if err != nil {
		return err
	}
	at1 := all.at.Add(h.times.settle)
	at2 := at1.Add(h.times.steady)
	if err := sleepUntil(ctx, at2); err != nil {
		return err
	}
	if err := site.Stop(); err != nil {
		return err
	}
	if err := sleepUntil(ctx, at2.Add(h.times.outage)); err != nil {
		return err
	}
	if err := site.Restart(); err != nil {
		return err
	}
	at3 := time.Now().Add(h.times.after)
	if err := sleepUntil(ctx, at3); err != nil {
		return err
	}
	start := all.at
	last := all.end()
	if all, err = pack.begin(ctx, byRunning, last); err != nil {
		return err
	}
	if err := sleepUntil(ctx, all.at.Add(h.times.settle)); err != nil {
		return err
	}
	for _, c := range []struct {
		hits     *[]bench.Hit
		from, to time.Time
	}{{&h.start, start, at1}, {&h.steady, at1, at2}, {&h.back, at2, at3}, {&h.again, all.at, all.at.Add(h.times.settle)}} {
		if *c.hits, err = requests(site, c.from, c.to); err != nil {
			return err
		}
	}
	return nil
}

// requests are those that have reached PHP.
func requests(site *wpsite.Site, from, to time.Time) ([]bench.Hit, error) {
	hits, err := bench.Hits(site.AccessLog())
	return bench.Between(bench.Of(hits, func(h bench.Hit) bool { return !h.Static() }), from, to), err
}

// pack is agents that have joined one after the other.
type pack struct {
	site   wpclient.Site
	url    string
	dir    string
	agents []wpsite.Agent
}

func newPack(ctx context.Context, site *wpsite.Site, dir, name string, n int) (*pack, error) {
	at, agents, err := site.Agents(ctx, name, n)
	return &pack{site: at, url: site.URL, dir: filepath.Join(dir, name), agents: agents}, err
}

// member is one agent of them.
type member struct {
	*agent.Agent
	crowd  agent.Crowd
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

// begin starts all agents in one moment, each as the command does: it waits for its turn, says hello, and asks for work. last is what they knew when they ran last.
func (p *pack) begin(ctx context.Context, know knows, last []agent.Status) (*cohort, error) {
	ctx, stop := context.WithCancel(ctx)
	c := &cohort{stop: stop}
	for i, a := range p.agents {
		client := wpclient.New(p.site, a.Key, wpclient.Options{})
		one, shut, err := newAgent(ctx, filepath.Join(p.dir, a.Name), p.url, client)
		if err != nil {
			client.Close()
			c.end()
			return c, err
		}
		crowd := agent.Crowd{Number: a.ID}
		switch know {
		case byJoining:
			crowd.New = a.NewAgents
		case byRunning:
			crowd.Agents = last[i].Sites[0].Agents
		}
		c.all = append(c.all, member{one, crowd, client, shut})
	}
	c.at = time.Now()
	for _, one := range c.all {
		c.done.Go(func() {
			if sleepUntil(ctx, c.at.Add(agent.StartAfter([]agent.Crowd{one.crowd}))) != nil {
				return
			}
			said, _ := one.client.Echo(ctx)
			if know == byEcho {
				one.crowd.Agents = said.Agents
				if sleepUntil(ctx, time.Now().Add(agent.StartAfter([]agent.Crowd{one.crowd}))) != nil {
					return
				}
			}
			_ = one.Run(ctx) // ends with the context
		})
	}
	return c, nil
}

// end ends them all and returns what each knew; once.
func (c *cohort) end() (last []agent.Status) {
	if c == nil {
		return nil
	}
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
	for _, p := range []struct {
		what string
		hits []bench.Hit
	}{{"by a site that tells no numbers (older plugins)", h.untold}, {"which know nothing of one another until the first answer", h.unknown}} {
		r.Fact("all agents started in the same second, "+p.what+": busiest 10 s", "%.1f requests/s (busiest second %.0f)", bench.Peak(p.hits, window), bench.Peak(p.hits, time.Second))
	}
	for _, p := range []struct {
		what string
		hits []bench.Hit
	}{{"all agents started in the same second, none of which has run before: busiest 10 s", h.start}, {fmt.Sprintf("site back after %v: busiest 10 s", h.times.outage), h.back},
		{"all agents started in the same second, which have run before: busiest 10 s", h.again}} {
		most := bench.Peak(p.hits, window)
		times := 0.0
		if steady > 0 {
			times = most / steady
		}
		r.AtMost(p.what, times, 3, " × steady", "%.1f requests/s = %.1f × steady (busiest second %.0f)", most, times, bench.Peak(p.hits, time.Second))
	}
}
