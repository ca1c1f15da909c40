package agent

import (
	"context"
	"sync"

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
	calls  int                // that it has room for
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

// use makes the engines of these summarisers those in use. fit is told how many calls they have room for together, now and whenever that changes.
func (g *engines) use(of []llm.Summariser, fit func(calls int)) {
	for _, w := range g.exchange(of) {
		w.engine.WatchCalls(func(n int) { // holds a lock of the account: none of ours may be held around it
			g.mu.Lock()
			defer g.mu.Unlock()
			w.calls = n
			g.tell(fit)
		})
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.tell(fit) // one may have gone
}

// exchange ends what is used no more and returns what is new.
func (g *engines) exchange(of []llm.Summariser) (fresh []*watched) {
	g.mu.Lock()
	defer g.mu.Unlock()
	was := map[*llm.Engine]*watched{}
	for _, w := range g.inUse {
		was[w.engine] = w
	}
	g.inUse = nil
	seen := map[*llm.Engine]bool{}
	for _, s := range of {
		e := llm.EngineOf(s)
		if e == nil || seen[e] {
			continue
		}
		seen[e] = true
		w := was[e]
		if w == nil {
			w = &watched{engine: e}
			fresh = append(fresh, w)
			if g.begin != nil {
				g.begin(w)
			}
		}
		g.inUse = append(g.inUse, w)
		delete(was, e)
	}
	for _, gone := range was {
		if gone.end != nil {
			gone.end()
		}
	}
	return fresh
}

// tell adds up; 0 is said where no model is in use. The caller holds mu.
func (g *engines) tell(fit func(calls int)) {
	sum := 0
	for _, w := range g.inUse {
		sum += w.calls
	}
	if len(g.inUse) == 0 || sum > 0 { // else they are about to say
		fit(sum)
	}
}
