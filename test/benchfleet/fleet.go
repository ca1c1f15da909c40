package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/test/bench"
)

// idleCost is what an agent costs that has nothing to do.
type idleCost struct {
	cpu                  float64 // % of a core, agent and readers
	agentMiB, allMiB     float64
	readers              int
	askedEach, bellsEach float64 // a minute and site
}

// busyCost is what documents cost it.
type busyCost struct {
	rate      float64       // documents a minute
	cpu       time.Duration // a document, agent and readers
	agentMiB  float64       // at its most
	askedEach float64       // requests a document
}

// Targets of an agent for 200 idle sites.
const (
	manySites     = 200
	manySitesCPU  = 1.0
	manySitesMiB  = 60.0
	busyDocuments = 200
	busyLimit     = 15 * time.Minute
)

// fleetPart watches all sizes idle at the same time, for an idle agent takes nothing from another, and busy one after another.
func fleetPart(ctx context.Context, o options, r *bench.Report) error {
	teams := make([]*team, len(o.sizes))
	defer func() {
		for _, t := range teams {
			if t != nil {
				t.close()
			}
		}
	}()
	for i, n := range o.sizes {
		t, err := newTeam(ctx, o, fmt.Sprint("fleet-", n), n)
		if err != nil {
			return err
		}
		teams[i] = t
		say("an agent has joined %d sites", n)
	}
	idle, err := idleAll(ctx, o, teams)
	if err != nil {
		return err
	}
	for i, n := range o.sizes {
		idle[i].rows(r, n)
	}
	for i, n := range o.sizes {
		c, err := teams[i].busy(ctx)
		if err != nil {
			return fmt.Errorf("%d sites: %w", n, err)
		}
		say("%d sites: %.0f documents a minute", n, c.rate)
		r.Fact(fmt.Sprintf("%s, busy", count(n)), "%.0f documents a minute, %.3f CPU s and %.1f requests a document, agent at most %.0f MiB",
			c.rate, c.cpu.Seconds(), c.askedEach, c.agentMiB)
	}
	return nil
}

func idleAll(ctx context.Context, o options, teams []*team) ([]idleCost, error) {
	costs, errs := make([]idleCost, len(teams)), make([]error, len(teams))
	var running sync.WaitGroup
	for i, t := range teams {
		running.Go(func() { costs[i], errs[i] = t.idle(ctx, o) })
	}
	running.Wait()
	return costs, errors.Join(errs...)
}

func (t *team) idle(ctx context.Context, o options) (c idleCost, err error) {
	if err := t.Start(); err != nil {
		return c, err
	}
	defer func() { err = errors.Join(err, t.Stop()) }()
	if err := sleep(ctx, o.settle); err != nil {
		return c, err
	}
	asked, bells := t.counts()
	before, start := bench.Tree(t.PID()), time.Now()
	if err := sleep(ctx, o.watch); err != nil {
		return c, err
	}
	spent, took := bench.Tree(t.PID())-before, time.Since(start)
	askedNow, bellsNow := t.counts()
	if askedNow == asked && bellsNow == bells {
		return c, errors.New("the agent asked none of its sites: it has ended, or does not know them; its log tells")
	}
	family := bench.Family(t.PID())
	c = idleCost{cpu: 100 * bench.Ratio(spent, took), agentMiB: mib(bench.Resident(t.PID())), readers: len(family) - 1}
	for _, pid := range family {
		c.allMiB += mib(bench.Proportional(pid))
	}
	each := took.Minutes() * float64(len(t.sites))
	c.askedEach, c.bellsEach = float64(askedNow-asked)/each, float64(bellsNow-bells)/each
	return c, nil
}

func (c idleCost) rows(r *bench.Report, sites int) {
	name := count(sites) + ", idle"
	asked := func() string {
		return fmt.Sprintf("%.2f requests and %.1f looks at the doorbell a minute and site", c.askedEach, c.bellsEach)
	}
	if sites != manySites {
		r.Fact(name, "%.2f %% of a core, agent %.0f MiB, readers: %d, together with them %.0f MiB; %s", c.cpu, c.agentMiB, c.readers, c.allMiB, asked())
		return
	}
	r.AtMost(name+": processor", c.cpu, manySitesCPU, " % of a core", "%.2f %%; %s", c.cpu, asked())
	r.AtMost(name+": memory of the agent", c.agentMiB, manySitesMiB, " MiB", "%.0f MiB, readers: %d, together with them %.0f MiB", c.agentMiB, c.readers, c.allMiB)
}

// busy gives every site its share of the documents, and starts the agent.
func (t *team) busy(ctx context.Context) (c busyCost, err error) {
	ctx, stop := context.WithTimeout(ctx, busyLimit)
	defer stop()
	n := 0
	for _, f := range t.sites {
		f.work(busyDocuments / len(t.sites))
		n += len(f.jobs)
	}
	asked, _ := t.counts()
	start := time.Now()
	if err := t.Start(); err != nil {
		return c, err
	}
	defer func() { err = errors.Join(err, t.Stop()) }()
	if err := t.await(ctx); err != nil {
		return c, err
	}
	took, spent := time.Since(start), bench.Tree(t.PID())
	askedNow, _ := t.counts()
	return busyCost{rate: float64(n) / took.Minutes(), cpu: spent / time.Duration(n), agentMiB: mib(bench.Highest(t.PID())),
		askedEach: float64(askedNow-asked) / float64(n)}, nil
}

func mib(kib int64) float64 { return float64(kib) / 1024 }

func count(sites int) string {
	if sites == 1 {
		return "1 site"
	}
	return fmt.Sprintf("%d sites", sites)
}
