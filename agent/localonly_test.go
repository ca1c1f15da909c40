package agent_test

import (
	"context"
	"sync"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/agent"
	"github.com/aidoc-pipeline/aidoc-agent/llm"
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
