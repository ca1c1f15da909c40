package agent

import (
	"context"
	"encoding/json"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/agent/artifact"
	"github.com/aidoc-pipeline/aidoc-agent/agent/handover"
	"github.com/aidoc-pipeline/aidoc-agent/agent/journal"
	"github.com/aidoc-pipeline/aidoc-agent/agent/outbox"
	"github.com/aidoc-pipeline/aidoc-agent/agent/pipeline"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

// tidyTime bounds the removal of what a finished job left in the object store.
const tidyTime = 30 * time.Second

// concluded is what follows the site's last word about an outcome.
func (a *Agent) concluded(ctx context.Context, c outbox.Conclusion) {
	s := a.session(c.Item.Site)
	s.poke(s.answered)
	if c.Settled { // else counted when it is
		s.Count(outcomeOf(c))
	}
	if h := s.lookup(c.Item.JobID); h != nil && h.Lease.Epoch == c.Item.Epoch {
		s.Drop(h)
	}
	if c.Item.Kind == journal.KindResult {
		// Not sooner: were this agent to die with an undelivered result, the next one goes on with these.
		a.tidyAfter(ctx, c.Item, c.Refusal)
	}
}

func outcomeOf(c outbox.Conclusion) pipeline.Outcome {
	switch {
	case c.Refusal != nil:
		return pipeline.Lost
	case c.Item.Kind == journal.KindResult:
		return pipeline.Done
	}
	return pipeline.Failed
}

// tidyAfter removes what is of no more use once the site has spoken about a result.
func (a *Agent) tidyAfter(ctx context.Context, it journal.Item, err error) {
	var r struct {
		Checkpoint json.RawMessage `json:"checkpoint"`
	}
	var keep []string
	switch kind := wpclient.KindOf(err); {
	case err == nil:
		if json.Unmarshal(it.Body, &r) != nil {
			return
		}
		if keep, err = handover.Segments(r.Checkpoint); err != nil {
			return
		}
	case kind != wpclient.Cancelled && kind != wpclient.SourceChanged:
		return // another holder may go on with it
	}
	// An agent that ends leaves nothing behind either.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), tidyTime)
	defer cancel()
	handover.Tidy(ctx, a.opt.Store, artifact.Of(a.set.Key, it.Site, it.JobID), keep, a.log.With("site", it.Site, "job_id", it.JobID))
}
