package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/test/bench"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient/wptest"
)

const (
	workingSites   = 10
	troubleWork    = 400 // documents a working site: more than are done meanwhile
	troubleSettle  = 10 * time.Second
	troubleWatch   = 120 * time.Second // longer than an agent waits for an answer
	troubleWindow  = 10 * time.Second
	troubleAtLeast = .95
)

// inTrouble are the sites beside the working ones.
var inTrouble = []wptest.FaultKind{wptest.Hang, wptest.Hang, wptest.BadGateway, wptest.BadGateway}

// throughput is what an agent did in the time it was watched.
type throughput struct {
	documents int
	slowest   int // window
}

// troublePart runs an agent whose sites all work, and beside it one that has sites in trouble too.
func troublePart(ctx context.Context, o options, r *bench.Report) (err error) {
	var teams []*team
	defer func() {
		for _, t := range teams {
			err = errors.Join(err, t.Stop())
			t.close()
		}
	}()
	for name, more := range map[string][]wptest.FaultKind{"sound": nil, "troubled": inTrouble} {
		t, err := newTeam(ctx, o, name, workingSites+len(more), "AIDOC_AGENT_SLOTS=2")
		if err != nil {
			return err
		}
		t.setUp(more)
		teams = append(teams, t)
	}
	// The one without trouble first, whatever the map's order.
	slices.SortFunc(teams, func(a, b *team) int { return len(a.sites) - len(b.sites) })
	for _, t := range teams {
		if err := t.Start(); err != nil {
			return err
		}
	}
	say("two agents, one with sites in trouble: %v", troubleSettle+troubleWatch)
	if err := sleep(ctx, troubleSettle); err != nil {
		return err
	}
	from := time.Now()
	if err := sleep(ctx, troubleWatch); err != nil {
		return err
	}
	sound, troubled := teams[0].done(from), teams[1].done(from)
	if sound.documents == 0 {
		return errors.New("the agent without sites in trouble did nothing; its log tells why")
	}
	share := float64(troubled.documents) / float64(sound.documents)
	r.Fact(fmt.Sprintf("%d working sites, 2 slots", workingSites), "%s", sound)
	r.AtLeast(fmt.Sprintf("the same and %d in trouble, throughput", len(inTrouble)), share, troubleAtLeast, " ×", "%.2f ×: %s", share, troubled)
	return nil
}

// setUp gives the working sites work, and the others, which are the last, their trouble.
func (t *team) setUp(more []wptest.FaultKind) {
	arrived := &results{}
	for i, f := range t.sites {
		if i < workingSites {
			f.results = arrived
			f.work(troubleWork)
			continue
		}
		f.trouble = more[i-workingSites]
	}
}

// done counts what arrived in the time of watching.
func (t *team) done(from time.Time) throughput {
	arrived := t.sites[0].results
	arrived.mu.Lock()
	defer arrived.mu.Unlock()
	windows := make([]int, troubleWatch/troubleWindow)
	for _, at := range arrived.at {
		if i := int(at.Sub(from) / troubleWindow); !at.Before(from) && i < len(windows) {
			windows[i]++
		}
	}
	n := throughput{slowest: slices.Min(windows)}
	for _, w := range windows {
		n.documents += w
	}
	return n
}

func (n throughput) String() string {
	return fmt.Sprintf("%d documents in %v, %d in the slowest %v", n.documents, troubleWatch, n.slowest, troubleWindow)
}
