package agent_test

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/agent"
	"github.com/aidoc-pipeline/aidoc-agent/agent/batch"
	"github.com/aidoc-pipeline/aidoc-agent/llm"
	"github.com/aidoc-pipeline/aidoc-agent/llm/llmtest"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient/wptest"
)

const twoDays = 172_800

var dayPolicy = batch.Policy{Mode: batch.All, Wait: 10 * time.Minute, GiveUp: 26 * time.Hour}

func inBatches(e *llm.Engine, p batch.Policy) func(*agent.Options) {
	return func(o *agent.Options) { o.Summariser, o.Batch = e, p }
}

// once runs a process that ends with the queues, and closes its journal.
func (r *rig) once(e *llm.Engine, p batch.Policy) (agent.Status, error) {
	r.t.Helper()
	a := r.agent(inBatches(e, p))
	err := a.Once(r.t.Context())
	status := a.Status()
	if err := r.journal.Close(); err != nil {
		r.t.Fatal(err)
	}
	return status, err
}

// stranger is a second agent of the same site, with a memory of its own.
func (r *rig) stranger() *rig {
	return &rig{t: r.t, dir: r.t.TempDir(), site: r.site, reader: newPageReader(), log: r.log}
}

// Documents go back to the site while a batch is answered, as no attempt and with the reason, and are done when they come back to a later
// process: asked once, at half the price, read once.
func TestDocumentsWaitAtTheSiteForABatch(t *testing.T) {
	r := newRig(t)
	r.site.SetMaxRetryAfter(twoDays)
	r.site.SetBudget(&wpclient.Budget{})
	e, srv := model(t, nil)
	ids := []int64{r.site.AddJob("a.txt", "text/plain", doc(1)), r.site.AddJob("b.txt", "text/plain", doc(2))}
	status, err := r.once(e, dayPolicy)
	if !errors.Is(err, agent.ErrWaits) {
		t.Fatalf("once did not say what waits: %v", err)
	}
	if b := status.Batches; b == nil || b.Documents != 2 || b.Batches != 1 || b.Questions != 2 || b.Gathered != 0 || b.Since.IsZero() {
		t.Errorf("status: %+v", b)
	}
	for _, id := range ids {
		j := r.site.Job(id)
		if j.State != wptest.Queued || j.Attempt != 0 || len(j.Failures) != 0 || len(j.Released) != 1 {
			t.Fatalf("job: %+v", j)
		}
		if w := j.Released[0]; w.Code != wpclient.CodeBatch || w.RetryAfterS < 20*60 || w.RetryAfterS > 30*60 {
			t.Errorf("released with %+v", w)
		}
		if spent := j.Beats[len(j.Beats)-1].Spent; spent == nil || spent.Tokens == 0 {
			t.Errorf("the site does not know what may be spent: %+v", spent)
		}
	}
	atMost := map[int64]int64{}
	for _, id := range ids {
		beats := r.site.Job(id).Beats
		atMost[id] = beats[len(beats)-1].Spent.Tokens
		r.site.Due(id)
	}
	if _, err := r.once(e, dayPolicy); err != nil {
		t.Fatal(err)
	}
	for _, id := range ids {
		j := r.site.Job(id)
		if j.State != wptest.Done || j.Result.Provider != "openai" || j.Result.CostUSD <= 0 {
			t.Fatalf("job: %+v", j)
		}
		in, out := float64(j.Result.TokensIn), float64(j.Result.TokensOut)
		if want := (in + 10*out) / 2e6; j.Result.CostUSD < want*0.999 || j.Result.CostUSD > want*1.001 {
			t.Errorf("cost %v, half the price is %v", j.Result.CostUSD, want)
		}
		if s := j.Result.Spent; s == nil || s.Tokens != 0 {
			t.Errorf("told twice what it cost: %+v", s)
		}
		told := int64(-1) // of the first lease, at last
		for _, h := range j.ToldLater {
			if h.Epoch == 1 {
				told = h.Spent.Tokens
			}
		}
		if told != int64(in+out) || told >= atMost[id] {
			t.Errorf("of the first lease the site was told %d at last and %d before, billed %v", told, atMost[id], in+out)
		}
	}
	if n := len(srv.Calls()); n != 0 || len(srv.SentBatches()) != 1 || len(srv.Files()) != 0 {
		t.Errorf("%d direct calls, %d batches, files %v", n, len(srv.SentBatches()), srv.Files())
	}
	if n := r.reader.reads(page1); n > 0 {
		t.Errorf("page 1 was read %d times", n)
	}
}

// An agent that finds another one's batch in the checkpoint gives the document back; when nothing came in time it goes on by itself.
func TestAnotherAgentsBatchIsWaitedFor(t *testing.T) {
	for name, c := range map[string]struct {
		old   time.Duration // the other agent's question
		asks  int
		state string
	}{
		"in time": {time.Hour, 0, wptest.Queued},
		"too old": {27 * time.Hour, 1, wptest.Done},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			r.site.SetMaxRetryAfter(twoDays)
			e, srv := model(t, nil)
			srv.SetBatchMode(llmtest.BatchMode{Slow: true})
			id := r.site.AddJob("a.txt", "text/plain", doc(1))
			if _, err := r.once(e, dayPolicy); !errors.Is(err, agent.ErrWaits) {
				t.Fatal(err)
			}
			beats := r.site.Job(id).Beats
			for len(beats) > 1 && len(beats[len(beats)-1].Checkpoint) == 0 {
				beats = beats[:len(beats)-1] // one that came later says nothing of it
			}
			var mark map[string]any
			if err := json.Unmarshal(beats[len(beats)-1].Checkpoint, &mark); err != nil {
				t.Fatal(err)
			}
			waiting, _ := mark["batch"].(map[string]any)
			if waiting["account"] != e.Account() {
				t.Fatalf("checkpoint %s", beats[len(beats)-1].Checkpoint)
			}
			for _, at := range []string{"since_ms", "until_ms"} {
				waiting[at] = waiting[at].(float64) - float64(c.old.Milliseconds())
			}
			raw, err := json.Marshal(mark)
			if err != nil {
				t.Fatal(err)
			}
			r.site.SetCheckpoint(id, raw)
			r.site.Due(id)
			other := r.stranger()
			if _, err := other.once(e, batch.Policy{}); err != nil {
				t.Fatal(err)
			}
			j := r.site.Job(id)
			if j.State != c.state || len(srv.Calls()) != c.asks {
				t.Fatalf("%s with %d direct calls", j.State, len(srv.Calls()))
			}
			if c.state == wptest.Queued {
				if n := len(j.Released); n != 2 || j.Released[1].Code != wpclient.CodeBatch || j.Attempt != 0 {
					t.Fatalf("releases %+v", j.Released)
				}
				// The first agent still finds its mark and its answer.
				srv.FinishBatches()
				r.site.Due(id)
				if _, err := r.once(e, dayPolicy); err != nil || r.site.Job(id).State != wptest.Done || len(srv.Calls()) != 0 {
					t.Errorf("%v, %+v", err, r.site.Job(id))
				}
			}
		})
	}
}

func TestOnlyBackfillsWait(t *testing.T) {
	r := newRig(t)
	r.site.SetMaxRetryAfter(twoDays)
	e, srv := model(t, nil)
	fresh, old := r.site.AddJob("a.txt", "text/plain", doc(1)), r.site.AddBackfill("b.txt", "text/plain", doc(2))
	policy := dayPolicy
	policy.Mode = batch.Backfill
	if _, err := r.once(e, policy); !errors.Is(err, agent.ErrWaits) {
		t.Fatal(err)
	}
	if a, b := r.site.Job(fresh), r.site.Job(old); a.State != wptest.Done || b.State != wptest.Queued || len(b.Released) != 1 {
		t.Errorf("new upload %+v, backfill %+v", a, b)
	}
	if len(srv.Calls()) != 1 || len(srv.SentBatches()) != 1 {
		t.Errorf("%d direct calls, %d batches", len(srv.Calls()), len(srv.SentBatches()))
	}
}

// A site that cannot keep documents back is sent no field that it does not know: its documents are asked about directly.
func TestASiteThatKnowsNoWaitsGetsDirectCalls(t *testing.T) {
	r := newRig(t)
	e, srv := model(t, nil)
	id := r.site.AddJob("a.txt", "text/plain", doc(1))
	if _, err := r.once(e, dayPolicy); err != nil {
		t.Fatal(err)
	}
	if j := r.site.Job(id); j.State != wptest.Done || len(srv.Calls()) != 1 || len(srv.SentBatches()) != 0 {
		t.Errorf("%+v", j)
	}
}

// A running agent sends and reads batches by itself, and what it has spent is in its status.
func TestARunningAgentLooksAfterItsBatches(t *testing.T) {
	r := newRig(t)
	r.site.SetMaxRetryAfter(twoDays)
	e, srv := model(t, nil)
	id := r.site.AddJob("a.txt", "text/plain", doc(1))
	a := r.agent(inBatches(e, batch.Policy{Mode: batch.All, Wait: time.Millisecond, GiveUp: time.Hour}))
	// Gathered by an earlier process: the first round of the next one sends it.
	stop, _ := start(t, a)
	r.awaitFunc(id, func(j wptest.JobState) bool { return len(j.Released) > 0 })
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	if err := r.journal.Close(); err != nil {
		t.Fatal(err)
	}
	stop, _ = start(t, r.agent(inBatches(e, batch.Policy{Mode: batch.All, Wait: time.Millisecond, GiveUp: time.Hour})))
	for deadline := time.Now().Add(30 * time.Second); len(srv.SentBatches()) == 0; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("no batch was sent")
		}
	}
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	totals, err := r.journal.BatchTotals(t.Context())
	if err != nil || totals.Documents+totals.Gathered > 1 {
		t.Errorf("%+v, %v", totals, err)
	}
}
