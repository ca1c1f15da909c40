package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/llm/llmtest"
	"github.com/aidoc-pipeline/aidoc-agent/test/bench"
)

// cell is one mix at one speed of the model.
type cell struct {
	name  string
	mix   mix
	delay time.Duration
	runs  []figures
}

// cells are what is measured, once a round each.
func cells(all mix) []cell {
	var out []cell
	for _, ms := range []int{0, 300, 3000} {
		out = append(out, cell{name: fmt.Sprintf("%d documents, %d ms", len(all.docs), ms), mix: all, delay: time.Duration(ms) * time.Millisecond})
	}
	rest := all.without(image)
	return append(out, cell{name: fmt.Sprintf("%d without images, 0 ms", len(rest.docs)), mix: rest})
}

// cellLimit is many times what a cell takes on a busy machine.
const cellLimit = 15 * time.Minute

// measure uploads the mix, starts a new agent with its default settings, and waits until all is done.
func (c *cell) measure(ctx context.Context, b *bed, bin, dir, name string) (got figures, err error) {
	ctx, stop := context.WithTimeout(ctx, cellLimit)
	defer stop()
	model := llmtest.NewServer(func(int, llmtest.Call) llmtest.Reply { return llmtest.Reply{Delay: c.delay} })
	defer model.Close()
	agent, err := b.agent(ctx, bin, dir, name, model)
	if err != nil {
		return nil, err
	}
	for i, d := range c.mix.docs {
		if _, err := b.Upload(ctx, fmt.Sprintf("%s-%d%s", name, i, filepath.Ext(d.path)), d.data); err != nil {
			return nil, err
		}
	}
	if err := b.clear(); err != nil {
		return nil, err
	}
	before, err := b.questions(ctx)
	if err != nil {
		return nil, err
	}
	began, err := b.questions(ctx)
	if err != nil {
		return nil, err
	}
	run := taken{cell: c, asking: began - before}
	if err := run.watch(ctx, b, agent); err != nil {
		return nil, err
	}
	ended, err := b.questions(ctx)
	if err != nil {
		return nil, err
	}
	run.queries, run.calls = ended-began-run.asking, len(model.Calls())
	return run.figures(), nil
}

// modelName is one whose context the agent knows. Of others it thinks that they take 4,096 tokens, and cuts a document into a dozen calls.
const modelName = "gpt-4o-mini"

// agent is one that has joined the site and thinks with the model.
func (b *bed) agent(ctx context.Context, bin, dir, name string, model *llmtest.Server) (*bench.Agent, error) {
	a, err := bench.NewAgent(dir, bin, "AIDOC_SUMMARY_PROVIDER=openai", "AIDOC_SUMMARY_MODEL="+modelName,
		"AIDOC_SUMMARY_BASE_URL="+model.OpenAIURL(), "AIDOC_SUMMARY_API_KEY=none")
	if err != nil {
		return nil, err
	}
	tokens, err := b.Tokens(ctx, name, 1)
	if err != nil {
		return nil, err
	}
	return a, a.Join(ctx, b.URL, tokens[0])
}

// taken is what one run took.
type taken struct {
	cell           *cell
	steady         float64       // documents a minute, without start and end
	wall           time.Duration // from the first question for work to the last result
	agent, readers time.Duration
	use            use
	memory         bench.Memory
	hits           []bench.Hit
	queries, calls int
	asking         int // queries that asking for their number costs
	failed         int
	elapsed        time.Duration // of the clock, between the two readings of processor time
}

// watch is the run itself, from the start of the agent to the last result.
func (t *taken) watch(ctx context.Context, b *bed, agent *bench.Agent) (err error) {
	before, err := b.use()
	if err != nil {
		return err
	}
	start := time.Now()
	if err := agent.Start(); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, agent.Stop()) }()
	memory := bench.WatchMemory(agent.PID(), bench.Resident)
	ended, waitErr := b.await(ctx, len(t.cell.mix.docs), agent)
	t.memory = memory()
	if waitErr != nil {
		return waitErr
	}
	cpu, err := bench.CPUOf(agent.PID())
	if err != nil {
		return err
	}
	t.agent, t.readers = cpu.Own, bench.Tree(agent.PID())-cpu.Own
	after, err := b.use()
	if err != nil {
		return err
	}
	t.use, t.elapsed = after.since(before), time.Since(start)
	hits, err := bench.Hits(b.AccessLog())
	if err != nil {
		return err
	}
	t.hits = bench.Of(hits, func(h bench.Hit) bool { return h.At.Add(-h.Took).After(start) })
	return t.clock(ended)
}

func (t *taken) clock(ended map[int64]ending) error {
	var last time.Time
	var at []time.Time
	for _, e := range ended {
		at = append(at, e.at)
		if e.at.After(last) {
			last = e.at
		}
		if e.failed {
			t.failed++
		}
	}
	t.steady = steadyRate(at)
	for _, h := range t.hits {
		if h.Route == "lease" {
			t.wall = last.Sub(h.At.Add(-h.Took))
			return nil
		}
	}
	return errors.New("the access log has no question for work: the way of agents' requests has changed")
}

// figures are what the page shows, a document where that says something.
func (t *taken) figures() figures {
	n := float64(len(t.cell.mix.docs))
	each := func(d time.Duration) float64 { return d.Seconds() / n }
	ours := t.agent + t.readers + t.use.nginx + t.use.php + t.use.mariadb + t.use.self
	cores := t.elapsed * time.Duration(runtime.NumCPU())
	f := figures{
		rate: n / t.wall.Minutes(), steady: t.steady, cpuAgent: each(t.agent), cpuReaders: each(t.readers), cpuPHP: each(t.use.php), cpuMariaDB: each(t.use.mariadb),
		cpuNginx: each(t.use.nginx), cpuModel: each(t.use.self), queries: float64(t.queries) / n, calls: float64(t.calls) / n,
		memAgent: float64(t.memory.Own) / 1024, memReader: float64(t.memory.Largest) / 1024, memAll: float64(t.memory.Together) / 1024,
		busyOurs: 100 * bench.Ratio(ours, cores), busyOthers: 100 * max(0, bench.Ratio(t.use.cores-ours, cores)), failures: float64(t.failed),
	}
	for _, h := range t.hits {
		f[figure(h.Route)] += 1 / n
		if !h.Static() {
			f[requests] += 1 / n
		}
	}
	return f
}
