package linear

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/test/linear/wpsite"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

// World is a running site and the agents that fight over its queue, history after history.
type World struct {
	Site    *wpsite.Site
	at      wpclient.Site
	agents  []wpsite.Agent
	names   map[string]string // agent id → name
	pool    *http.Transport
	changed atomic.Int64 // requests that were changed on their way
	counter atomic.Int64 // makes every UPDATE of Age and Wake change its row, so that affected rows mean found rows
}

// Through lets the next histories go another way to the site: nil is the way through nginx and php-fpm.
func (w *World) Through(t *http.Transport) {
	if t == nil {
		t = &http.Transport{MaxIdleConnsPerHost: 2 * len(w.agents), ResponseHeaderTimeout: time.Minute}
	}
	w.pool = t
}

// Plan is the size of a history.
type Plan struct {
	Operations int // of each client
	Jobs       int
	Seed       uint64
}

// NewWorld joins as many agents as there will be clients.
func NewWorld(ctx context.Context, site *wpsite.Site, clients int) (*World, error) {
	at, agents, err := site.Agents(ctx, "linear", clients)
	if err != nil {
		return nil, err
	}
	w := &World{Site: site, at: at, agents: agents, names: map[string]string{}}
	w.Through(nil)
	for _, a := range agents {
		w.names[fmt.Sprint(a.ID)] = a.Name
	}
	return w, nil
}

// arena is one history under way.
type arena struct {
	*World
	*History
	docs  []wpsite.Document
	mu    sync.Mutex
	board []wpclient.Lease // leases that somebody was told of, for others to steal and for time to end
}

// Record runs one history: every client at once, each one thing at a time; at the end every row is read.
func (w *World) Record(ctx context.Context, plan Plan) (*History, error) {
	docs, err := w.Site.Documents(ctx, plan.Jobs)
	if err != nil {
		return nil, err
	}
	jobs := make([]int64, len(docs))
	for i, d := range docs {
		jobs[i] = d.Job
	}
	a := &arena{World: w, History: newHistory(jobs), docs: docs}
	errs := make(chan error, len(w.agents))
	for i, agent := range w.agents {
		c := newClient(a, i, agent, rand.New(rand.NewPCG(plan.Seed, uint64(i))))
		go func() { errs <- c.run(ctx, plan.Operations) }()
	}
	for range w.agents {
		if e := <-errs; e != nil {
			err = e
		}
	}
	if err != nil {
		return nil, err
	}
	last := newClient(a, 0, w.agents[0], rand.New(rand.NewPCG(plan.Seed, 99)))
	for _, d := range docs {
		if err := last.read(ctx, d); err != nil {
			return nil, err
		}
	}
	return a.History, nil
}

func (a *arena) post(l wpclient.Lease) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.board = append(a.board, l)
}

// told is one of the leases told last, by whomever.
func (a *arena) told(rng *rand.Rand, last int) (wpclient.Lease, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.board) == 0 {
		return wpclient.Lease{}, false
	}
	return a.board[len(a.board)-1-rng.IntN(min(last, len(a.board)))], true
}
