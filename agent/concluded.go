package agent

import (
	"context"
	"encoding/json"
	"log/slog"
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

// outcomeOf is how a job ended here about which the site has spoken.
func outcomeOf(c outbox.Conclusion) pipeline.Outcome {
	switch {
	case c.Refusal != nil:
		return pipeline.Lost
	case c.Item.Kind == journal.KindResult:
		return pipeline.Done
	}
	return pipeline.Failed
}

// tidier removes what finished jobs left in the object store.
type tidier struct {
	store Store
	key   artifact.KeyFunc
	log   *slog.Logger
}

// after removes what is of no more use once the site has spoken about a result: err is nil where it took it.
func (t tidier) after(ctx context.Context, it journal.Item, err error) {
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
	handover.Tidy(ctx, t.store, artifact.Of(t.key, it.Site, it.JobID), keep, t.log.With("site", it.Site, "job_id", it.JobID))
}
