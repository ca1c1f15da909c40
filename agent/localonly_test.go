package agent_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/agent"
	"github.com/aidoc-pipeline/aidoc-agent/llm"
	"github.com/aidoc-pipeline/aidoc-agent/llm/llmtest"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient/wptest"
)

// noting is a summariser that notes which documents it was told to keep here.
type noting struct {
	llm.Extractive
	mu   sync.Mutex
	kept map[string]bool
	tone map[string]llm.Tone
}

func (n *noting) Summarise(ctx context.Context, d llm.Document, c llm.Cache, progress func(done, total int)) (llm.Summary, error) {
	n.mu.Lock()
	n.kept[d.Filename], n.tone[d.Filename] = d.LocalOnly, d.Style.Tone
	n.mu.Unlock()
	return n.Extractive.Summarise(ctx, d, c, progress)
}

// What is local-only by the site's word for a document, or by the operator's for the site, is so to the summariser.
func TestLocalOnlyReachesTheSummariser(t *testing.T) {
	t.Parallel()
	for name, all := range map[string]bool{"by the document": false, "by the site": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, n := newRig(t), &noting{kept: map[string]bool{}, tone: map[string]llm.Tone{}}
			secret := r.site.AddLocalOnlyJob("secret.txt", "text/plain", doc(1))
			open := r.site.AddJob("open.txt", "text/plain", doc(2))
			stop, _ := start(t, r.agent(func(o *agent.Options) {
				o.Summariser = n
				o.Sites[0].LocalOnly = all
			}))
			r.await(secret, wptest.Done)
			r.await(open, wptest.Done)
			if err := stop(); err != nil {
				t.Fatal(err)
			}
			if !n.kept["secret.txt"] || n.kept["open.txt"] != all {
				t.Errorf("kept here: %v", n.kept)
			}
		})
	}
}

// The style that is wanted for a site and a type reaches the summariser.
func TestStyleReachesTheSummariser(t *testing.T) {
	t.Parallel()
	r, n := newRig(t), &noting{kept: map[string]bool{}, tone: map[string]llm.Tone{}}
	id := r.site.AddJob("minutes.txt", "text/plain", doc(1))
	stop, _ := start(t, r.agent(func(o *agent.Options) {
		o.Summariser = n
		o.Sites[0].Style = func(mime string) llm.Style {
			if mime == "text/plain" {
				return llm.Style{Tone: llm.TonePlain}
			}
			return llm.Style{}
		}
	}))
	r.await(id, wptest.Done)
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	if n.tone["minutes.txt"] != llm.TonePlain {
		t.Errorf("tones %v", n.tone)
	}
}

// remote is a summariser over a model server that counts as far away, and what fills its empty account.
func remote(t *testing.T) (llm.Summariser, func()) {
	t.Helper()
	var filled atomic.Bool
	e, _ := model(t, func(int, llmtest.Call) llmtest.Reply {
		if filled.Load() {
			return llmtest.Reply{}
		}
		return llmtest.NoQuota
	})
	p, err := llm.Private(e, llm.Config{Provider: "openai"}, llm.Privacy{})
	if err != nil {
		t.Fatal(err)
	}
	return p, func() { filled.Store(true) }
}

// While the account is empty documents that need no model go on, and those that need one wait without an attempt.
func TestWhatIsLocalOnlyDoesNotWaitForTheModel(t *testing.T) {
	t.Parallel()
	for name, old := range map[string][]wptest.Option{"a site of today": nil, "an older site": {wptest.WithoutOnly()}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, old...)
			sum, fill := remote(t)
			open := r.site.AddJob("open.txt", "text/plain", doc(1))
			a := r.agent(func(o *agent.Options) { o.Summariser = sum })
			stop, _ := start(t, a)
			r.until("the account is known to be empty", func() bool { return a.Status().Models.Outage != "" && r.site.Job(open).State == wptest.Queued })
			secret := r.site.AddLocalOnlyJob("secret.txt", "text/plain", doc(2))
			other := r.site.AddJob("other.txt", "text/plain", doc(3))
			if old == nil {
				r.await(secret, wptest.Done)
			} else {
				r.until("it was asked and refused", func() bool { return refusedOnly(r.site) })
			}
			for _, id := range []int64{open, other} {
				if j := r.site.Job(id); j.State != wptest.Queued || j.Attempt != 0 {
					t.Errorf("job %d is %s after %d attempts", id, j.State, j.Attempt)
				}
			}
			if j := r.site.Job(other); j.Epoch != 0 {
				t.Errorf("a document that must wait was taken %d times", j.Epoch)
			}
			fill()
			for _, id := range []int64{open, secret, other} {
				r.await(id, wptest.Done)
			}
			if err := stop(); err != nil {
				t.Fatal(err)
			}
		})
	}
}

func refusedOnly(s *wptest.Site) bool {
	for _, rec := range s.Requests() {
		if rec.Route == "/aidoc/v1/lease" && rec.Code == "aidoc_unknown_field" {
			return true
		}
	}
	return false
}

// A site whose documents are all local only needs no model, and a run that ends with the queue takes what needs none before it ends.
func TestASiteThatNeedsNoModelDoesNotWaitForIt(t *testing.T) {
	t.Parallel()
	for name, all := range map[string]bool{"the site": true, "a document": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			sum, _ := remote(t)
			if _, err := sum.Summarise(t.Context(), llm.Document{Pages: []llm.Page{{Number: 1, Text: "A text of some words."}}}, nil, nil); err == nil {
				t.Fatal("the account is not empty")
			}
			secret := r.site.AddLocalOnlyJob("secret.txt", "text/plain", doc(2))
			other := r.site.AddJob("other.txt", "text/plain", doc(3))
			err := r.agent(func(o *agent.Options) {
				o.Summariser = sum
				o.Sites[0].LocalOnly = all
			}).Once(t.Context())
			want := map[bool]string{true: wptest.Done, false: wptest.Queued}[all]
			if errors.Is(err, agent.ErrWaits) == all || r.site.Job(secret).State != wptest.Done || r.site.Job(other).State != want {
				t.Errorf("%v; local only %s, other %s", err, r.site.Job(secret).State, r.site.Job(other).State)
			}
		})
	}
}
