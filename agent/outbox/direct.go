package outbox

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/agent/journal"
	"github.com/aidoc-pipeline/aidoc-agent/agent/site"
	"github.com/aidoc-pipeline/aidoc-agent/internal/backoff"
)

// DeliverDirectly brings an outcome to the site that Add refused, mostly because the disk is full. It keeps it in memory and tries both
// in turn, the site and the disk, until one of them has it: what is finished, and perhaps paid for, must not be lost to a full disk. It
// gives up when the right to the job is lost or the agent stops. The state is what became of the job, "" where it is on disk now.
func (o *Outbox) DeliverDirectly(ctx context.Context, it journal.Item, job journal.JobRecord, refused error, log *slog.Logger) (journal.State, error) {
	log.Warn("the outcome is delivered without being written down first", "error", refused.Error())
	to, ok := o.opt.Sender(it.Site)
	if !ok {
		return "", refused
	}
	pace := backoff.New(o.opt.RetryMin, 30*o.opt.RetryMin)
	for {
		post, err := o.send(ctx, to, it)
		switch {
		case err == nil || site.IsFinal(err):
			o.conclude(ctx, to, it, post, err)
			return stateAfter(it, err), nil
		case ctx.Err() != nil:
			return "", context.Cause(ctx)
		}
		log.Warn("site did not take the outcome yet", "error", err.Error())
		if !o.pause(ctx, site.WaitAfter(pace, err)) {
			return "", fmt.Errorf("the outcome could neither be written down nor delivered: %w", refused)
		}
		if o.Add(ctx, it, job) == nil {
			return "", nil
		}
	}
}

func stateAfter(it journal.Item, refusal error) journal.State {
	switch {
	case refusal != nil:
		return journal.StateLost
	case it.Kind == journal.KindResult:
		return journal.StateDone
	}
	return journal.StateFailed
}

// pause waits for d; false when the agent is to end.
func (o *Outbox) pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-o.opt.Stopping:
	case <-ctx.Done():
	}
	return false
}
