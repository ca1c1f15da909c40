package agent

import (
	"context"
	"slices"
	"sync"

	"github.com/aidoc-pipeline/aidoc-agent/agent/room"
	"github.com/aidoc-pipeline/aidoc-agent/llm"
)

// engines are the model accounts in use; they come and go while the agent runs.
type engines struct {
	mu    sync.Mutex
	inUse []*watched
	begin func(*watched) // starts to watch one; nil while the agent does not run
}

type watched struct {
	engine *llm.Engine
	lane   *room.Lane         // of documents that it summarises
	end    context.CancelFunc // ends the watching; nil where it has not begun
}

func (g *engines) list() (out []*llm.Engine) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, w := range g.inUse {
		out = append(out, w.engine)
	}
	return out
}

// run watches those in use, each as one does it, until ctx ends.
func (g *engines) run(ctx context.Context, one func(context.Context, *llm.Engine)) {
	var all sync.WaitGroup
	g.mu.Lock()
	g.begin = func(w *watched) {
		var mine context.Context
		mine, w.end = context.WithCancel(ctx)
		all.Go(func() { one(mine, w.engine) })
	}
	for _, w := range g.inUse {
		g.begin(w)
	}
	g.mu.Unlock()
	<-ctx.Done()
	g.mu.Lock()
	g.begin = nil
	g.mu.Unlock()
	all.Wait()
}

// use makes the engines of these summarisers those in use, that of main in the room's main lane, each other one in a lane of its own. fit is told
// how many calls an account has room for, now and whenever that changes.
func (g *engines) use(main llm.Summariser, others []llm.Summariser, r *room.Room, fit func(l *room.Lane, calls int)) {
	for _, w := range g.exchange(main, others, r) {
		w.engine.WatchCalls(func(n int) { // holds a lock of the account: none of ours may be held around it
			if g.has(w) {
				fit(w.lane, n)
			}
		})
	}
}

func (g *engines) has(w *watched) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return slices.Contains(g.inUse, w)
}

// laneOf is where documents that s summarises wait; nil: in the main lane.
func (g *engines) laneOf(s llm.Summariser) *room.Lane {
	e := llm.EngineOf(s)
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, w := range g.inUse {
		if w.engine == e {
			return w.lane
		}
	}
	return nil
}

// exchange ends what is used no more and returns what is new, or in another lane than before.
func (g *engines) exchange(main llm.Summariser, others []llm.Summariser, r *room.Room) (fresh []*watched) {
	g.mu.Lock()
	defer g.mu.Unlock()
	was := map[*llm.Engine]*watched{}
	for _, w := range g.inUse {
		was[w.engine] = w
	}
	g.inUse = nil
	seen := map[*llm.Engine]bool{}
	for i, s := range append([]llm.Summariser{main}, others...) {
		e := llm.EngineOf(s)
		if e == nil || seen[e] {
			continue
		}
		seen[e] = true
		w := was[e]
		if w == nil || (w.lane == r.Main()) != (i == 0) {
			w = &watched{engine: e, lane: r.Main()}
			if i > 0 {
				w.lane = r.NewLane(llm.MostCalls + maxReaders)
			}
			fresh = append(fresh, w)
			if g.begin != nil {
				g.begin(w)
			}
		} else {
			delete(was, e)
		}
		g.inUse = append(g.inUse, w)
	}
	for _, gone := range was {
		if gone.end != nil {
			gone.end()
		}
	}
	return fresh
}

// maxReaders is what extract.workers takes at the most.
const maxReaders = 256
