package pipeline

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/agent/batch"
	"github.com/aidoc-pipeline/aidoc-agent/agent/budget"
	"github.com/aidoc-pipeline/aidoc-agent/agent/handover"
	"github.com/aidoc-pipeline/aidoc-agent/agent/journal"
	"github.com/aidoc-pipeline/aidoc-agent/agent/lease"
	"github.com/aidoc-pipeline/aidoc-agent/llm"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

// elsewhereError says that another agent's questions about this document wait for a batch: asked here too, they would be paid twice.
type elsewhereError struct{ until time.Time }

func (e *elsewhereError) Error() string { return "another agent has asked the model in a batch" }

// deferrals is where this document's questions wait. Sites that cannot keep a document back get direct calls.
func (j *job) deferrals(purse *budget.Purse) llm.Deferrer {
	return batch.Deferrals{Journal: j.env.Journal, Purse: purse, Send: j.lease.MaxRetryAfterS > 0 && j.env.Batch.Takes(j.lease.Backfill)}
}

// awaited tells what the last holder waited for: here nothing follows from this agent's own questions, which the journal knows better.
// Those of another one are waited for as long as it said, if the site can keep the document back. mine is false then.
func (j *job) awaited(ctx context.Context) (w *handover.Waiting, mine bool, err error) {
	w = handover.WaitingIn(j.lease.Checkpoint, j.sha256)
	if w == nil {
		return nil, true, nil
	}
	asked, err := j.env.Journal.DeferredSpend(ctx, j.key())
	if asked.Known || err != nil {
		return w, asked.Known, err
	}
	if until := time.UnixMilli(w.UntilMS); j.lease.MaxRetryAfterS > 0 && time.Now().Before(until) {
		return w, false, &elsewhereError{until: until}
	}
	return w, false, nil
}

// key names the document in the ledger.
func (j *job) key() journal.KeyOfDocument {
	return journal.KeyOfDocument{Site: j.env.Site, Document: fmt.Sprintf("%d:%s", j.lease.JobID, j.sha256)}
}

// postponed gives a document back that waits for a batch, for about as long as that takes; false where err says nothing of the kind.
func (j *job) postponed(ctx context.Context, err error) bool {
	var here *llm.DeferredError
	var elsewhere *elsewhereError
	switch {
	case errors.As(err, &here):
		age := j.noteWaiting()
		j.log.Info("the document waits for a batch", "questions", here.Questions, "since_ms", age.Milliseconds())
		j.giveBackFor(ctx, j.env.Batch.LookAfter(age))
	case errors.As(err, &elsewhere):
		j.log.Info("the document waits for another agent's batch", "until", elsewhere.until.UTC().Format(time.RFC3339))
		j.giveBackFor(ctx, min(j.env.Batch.LookAfter(j.env.Batch.Wait), time.Until(elsewhere.until)))
	default:
		return false
	}
	return true
}

// noteWaiting writes into the checkpoint that and what this agent waits for, and returns since when.
func (j *job) noteWaiting() time.Duration {
	now := time.Now()
	held := handover.Spent{Tokens: j.waiting.Tokens, USD: j.waiting.USD}
	w := &handover.Waiting{SinceMS: now.UnixMilli(), Spent: held, Epoch: j.lease.Epoch,
		Direct: handover.Spent{Tokens: max(0, j.spent.Tokens-held.Tokens), USD: max(0, j.spent.USD-held.USD)}}
	if e := llm.EngineOf(j.env.Summariser); e != nil {
		w.Account = e.Account()
	}
	if before := handover.WaitingIn(j.lease.Checkpoint, j.sha256); before != nil && before.Account == w.Account {
		w.SinceMS, w.Epoch, w.Direct = min(w.SinceMS, before.SinceMS), before.Epoch, before.Direct
	}
	since := time.UnixMilli(w.SinceMS)
	w.UntilMS = since.Add(j.env.Batch.Wait + j.env.Batch.GiveUp).UnixMilli()
	j.hand.Waits(w)
	return now.Sub(since)
}

// tellBilled tells the site what was billed in place of what it was told when the questions were put: that was an upper bound. It is told
// of that earlier lease, which nobody holds any more, and is best effort.
func (j *job) tellBilled(ctx context.Context, w handover.Waiting) {
	if j.lease.Budget == nil || w.Epoch < 1 || w.Epoch >= j.lease.Epoch {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, lease.FlushTime)
	defer cancel()
	asked, err := j.env.Journal.DeferredSpend(ctx, j.key())
	if err == nil {
		ref := j.lease.Ref()
		ref.Epoch = w.Epoch
		held := asked.Billed.Plus(asked.Held).Plus(journal.Spent{Tokens: w.Direct.Tokens, USD: w.Direct.USD})
		_, err = j.env.Client.Beat(ctx, wpclient.BeatRequest{Held: []wpclient.Held{{LeaseRef: ref, Phase: "summarise", Spent: &wpclient.Spent{Tokens: held.Tokens, USD: held.USD}}}})
	}
	if err != nil {
		j.log.Warn("the site was not told what a batch has cost; it counts the upper bound", "error", err.Error())
	}
}

// giveBackFor gives the lease back and asks the site to give it to nobody before.
func (j *job) giveBackFor(ctx context.Context, wait time.Duration) {
	j.handOn(ctx)
	seconds := min(max(int64(wait/time.Second), 1), j.lease.MaxRetryAfterS)
	j.giveBack(wpclient.ReleaseRequest{Reason: "waits for a batch of the model's provider", Code: wpclient.CodeBatch, RetryAfterS: seconds}, "waits for a batch")
}
