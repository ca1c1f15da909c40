package agent_test

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/agent"
	"github.com/aidoc-pipeline/aidoc-agent/agent/journal"
	"github.com/aidoc-pipeline/aidoc-agent/llm"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient/wptest"
)

// payer is a Summariser of one paid step. The step's answer is on disk when paid is closed; the summary is done only
// where hang is nil.
type payer struct {
	paid  chan struct{}
	hang  bool
	calls int
}

func (p *payer) Name() string { return "test" }

func (p *payer) Summarise(ctx context.Context, _ llm.Document, c llm.Cache, _ func(int, int)) (llm.Summary, error) {
	if _, ok, err := c.Get(ctx, "step-one"); err != nil {
		return llm.Summary{}, err
	} else if !ok {
		p.calls++
		if err := c.Put(ctx, "step-one", llm.Completion{Text: "the paid answer", TokensIn: 7}); err != nil {
			return llm.Summary{}, err
		}
	}
	if p.hang {
		close(p.paid)
		<-ctx.Done()
		return llm.Summary{}, ctx.Err()
	}
	return llm.Summary{Title: "T", Markdown: "Text.", Provider: "test", Model: "test", Chunks: 1}, nil
}

// An agent that is killed the moment after an answer was paid takes nothing with it: the next one, on another machine
// with the same object store, does not pay again.
func TestAPaidAnswerOutlivesItsAgentAtOnce(t *testing.T) {
	r := newRig(t)
	id := r.site.AddJob("d.txt", "text/plain", doc(1))
	first := &payer{paid: make(chan struct{}), hang: true}
	_, kill := start(t, r.agent(func(o *agent.Options) { o.Summariser = first }))
	<-first.paid
	kill()
	r.site.Expire(id)

	dir := t.TempDir()
	j, err := journal.Open(t.Context(), filepath.Join(dir, "journal.db"), journal.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { j.Close() })
	second := &payer{}
	stop, _ := start(t, r.with(j, wpclient.New(r.site.Site(), r.site.NewKey(), wpclient.Options{}), func(o *agent.Options) {
		o.Settings.WorkDir, o.Summariser = filepath.Join(dir, "spool"), second
	}))
	r.await(id, wptest.Done)
	if err := stop(); err != nil {
		t.Error(err)
	}
	if first.calls != 1 || second.calls != 0 {
		t.Errorf("paid %d and %d times, want once and not again", first.calls, second.calls)
	}
	if left, _ := filepath.Glob(filepath.Join(r.dir, "store", "processed", "*", "checkpoint", "*")); len(left) > 0 {
		t.Errorf("left behind in the store: %v", left)
	}
}
