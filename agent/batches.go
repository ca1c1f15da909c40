package agent

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/agent/batch"
	"github.com/aidoc-pipeline/aidoc-agent/agent/budget"
	"github.com/aidoc-pipeline/aidoc-agent/llm"
)

// batches is the agent's part in batch mode: the loop, and what is shown of it.
type batches struct {
	loop  *batch.Loop
	store batch.Store
	log   *slog.Logger
}

func newBatches(j Journal, s llm.Summariser, p batch.Policy, b *budget.Budget, log *slog.Logger) *batches {
	opt := batch.Options{Store: j, Batches: batchesOf(s), Policy: p, Booked: b.Booked, Log: log}
	return &batches{loop: batch.NewLoop(opt), store: j, log: log}
}

func batchesOf(s llm.Summariser) *llm.Batches {
	if e := llm.EngineOf(s); e != nil {
		if of, ok := e.Batches(); ok {
			return of
		}
	}
	return nil
}

// use takes another model and policy from the next round on.
func (b *batches) use(s llm.Summariser, p batch.Policy) { b.loop.Use(batchesOf(s), p) }

// BatchStatus is what waits for a provider's batches.
type BatchStatus struct {
	Documents int       `json:"documents"`      // whose questions wait
	Gathered  int       `json:"gathered"`       // questions that are not sent yet
	Batches   int       `json:"batches"`        // under way
	Questions int       `json:"questions"`      // in them
	Since     time.Time `json:"since,omitzero"` // of the oldest question
}

// status is nil where nothing waits.
func (b *batches) status(ctx context.Context) *BatchStatus {
	t, err := b.store.BatchTotals(ctx)
	if err != nil {
		b.log.Warn("what waits for batches cannot be read", "error", err.Error())
		return nil
	}
	if t.Gathered+t.Questions+t.Batches == 0 {
		return nil
	}
	return &BatchStatus{Documents: t.Documents, Gathered: t.Gathered, Batches: t.Batches, Questions: t.Questions, Since: t.Since}
}

// finish sends what a run that ends with the queues has gathered, and says what is left to wait for, or nil.
func (b *batches) finish(ctx context.Context) error {
	b.loop.Round(ctx, true)
	s := b.status(ctx)
	if s == nil || s.Documents == 0 {
		return nil
	}
	return fmt.Errorf("%w: documents that have asked it in a batch: %d, since %s; answers may take a day, run once again then", ErrWaits, s.Documents, s.Since.Format(time.RFC3339))
}
