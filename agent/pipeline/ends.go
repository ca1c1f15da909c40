package pipeline

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/agent/budget"
	"github.com/aidoc-pipeline/aidoc-agent/agent/failure"
	"github.com/aidoc-pipeline/aidoc-agent/agent/journal"
	"github.com/aidoc-pipeline/aidoc-agent/agent/lease"
	"github.com/aidoc-pipeline/aidoc-agent/agent/pressure"
	"github.com/aidoc-pipeline/aidoc-agent/agent/room"
	"github.com/aidoc-pipeline/aidoc-agent/agent/site"
	"github.com/aidoc-pipeline/aidoc-agent/internal/backoff"
	"github.com/aidoc-pipeline/aidoc-agent/llm"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

// giveBackFull ends work that found no room to write: the fault is this machine's, so the document
// loses no attempt, and another agent may take it at once, with what the object store has of it.
func (j *job) giveBackFull(ctx context.Context, p pressure.Place, err error) {
	why := j.env.Space.Sentence(p)
	j.env.Space.Note(p)
	j.log.Error(why+"; the document goes back to the queue", "error", err.Error())
	if p != pressure.Store {
		j.handOn(ctx)
	}
	j.giveBack(wpclient.ReleaseRequest{Reason: "disk full"}, why)
}

// notNow is why a document has to wait for its model, in a sentence, or "": a spending cap that renews, or an account that serves nobody.
func notNow(err error) string {
	if over := budget.Over(err); over != nil {
		if over.Passes() {
			return over.Sentence()
		}
		return ""
	}
	var e *llm.Error
	if errors.As(err, &e) && e.Account {
		return e.Message
	}
	return ""
}

// giveBackWaiting ends work that waits for its model. The document loses no attempt; until the cap has renewed or the account works again
// this agent takes no other one (agent/models.go).
func (j *job) giveBackWaiting(ctx context.Context, why string) {
	j.log.Warn("the document goes back to the queue: " + why)
	j.handOn(ctx)
	j.giveBack(wpclient.ReleaseRequest{Reason: failure.Clip(why, 200)}, why)
}

// giveBackLate ends work whose turn did not come within a beat. Another agent may be sooner; what was read goes with it, and no attempt is lost.
// Until a turn is over this agent takes no other document (room.Room).
func (j *job) giveBackLate(ctx context.Context) {
	j.log.Info("the document goes back to the queue: " + room.ErrLate.Error())
	j.handOn(ctx)
	j.giveBack(wpclient.ReleaseRequest{Reason: "busy"}, room.ErrLate.Error())
}

// handOn puts the work so far where the next holder finds it, and tells the site where. Best effort: without it work is done again.
func (j *job) handOn(ctx context.Context) {
	flushing, cancel := context.WithTimeout(ctx, lease.FlushTime)
	defer cancel()
	j.h.Flush(flushing)
	if len(j.h.Report().Checkpoint) > 0 {
		_ = j.session.Beat(flushing)
	}
}

func (j *job) giveBack(req wpclient.ReleaseRequest, why string) {
	j.session.Drop(j.h) // first: this very agent may be given the document again at once
	j.returnLease(req)
	j.session.Count(Released)
	j.save(journal.StateReleased, why)
}

// returnLease tells the site now, or, where it does not answer, before the next lease is asked for.
func (j *job) returnLease(req wpclient.ReleaseRequest) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	req.Leases = []wpclient.LeaseRef{j.lease.Ref()}
	if j.cost != nil {
		req.Code, req.Cost = wpclient.CodeSpendCap, j.cost
	}
	err := site.Retry(ctx, backoff.New(j.env.RetryMin/5, 2*j.env.RetryMin), func() error {
		_, err := j.env.Client.Release(ctx, req)
		return err
	})
	if err != nil && !site.IsFinal(err) {
		j.log.Warn("the lease could not be given back yet", "error", err.Error())
		j.session.ReleaseLater(j.lease.Ref())
	}
}

// deliver puts an outcome into the outbox, or brings it to the site from memory where the journal cannot take it.
func (j *job) deliver(ctx context.Context, it journal.Item) error {
	job := j.record(journal.StateReporting, "")
	err := j.env.Outbox.Add(ctx, it, job)
	if err == nil || ctx.Err() != nil || errors.Is(err, journal.ErrStaleEpoch) {
		return err
	}
	if p := pressure.FullPlace(err); p != pressure.Nowhere {
		j.env.Space.Note(p)
		j.log.Error(j.env.Space.Sentence(p))
	}
	state, err := j.env.Outbox.DeliverDirectly(ctx, it, job, err, j.log)
	if state != "" {
		j.save(state, "")
	}
	return err
}

// abandon ends work that is no longer this agent's. Pages and steps stay in the journal: should
// the job come back, they are not paid for again.
func (j *job) abandon(why error) {
	j.session.Drop(j.h)
	switch {
	case errors.Is(why, lease.ErrAborted):
		// The journal keeps it as unfinished: the next start hands the lease back.
		return
	case errors.Is(why, lease.ErrReleased):
		j.session.Count(Released)
		j.save(journal.StateReleased, "")
	default:
		if errors.Is(why, lease.ErrFenced) {
			j.session.ReleaseLater(j.lease.Ref())
		}
		j.session.Count(Lost)
		j.save(journal.StateLost, why.Error())
		j.log.Warn("stopped working on a lease", "reason", why.Error())
	}
}

// fail puts the stated reason into the outbox; WordPress decides whether it is tried again.
func (j *job) fail(ctx context.Context, err error) {
	if j.spent.Tokens > 0 {
		j.handOn(ctx) // the next attempt must know what this one has cost
	}
	f := failure.Of(err)
	j.log.Warn("job failed", "class", f.Class(), "code", f.Code, "error", err.Error())
	j.h.SetReporting()
	if qerr := j.deliverFailure(ctx, f); qerr != nil {
		j.log.Error("the failure could not be reported; the next attempt will show it", "error", qerr.Error())
		j.session.Drop(j.h)
		j.returnLease(wpclient.ReleaseRequest{Reason: "failure not reported"})
	}
}

func (j *job) deliverFailure(ctx context.Context, f *failure.Failure) error {
	req := f.Request(j.lease.Ref())
	if j.lease.Budget != nil {
		req.Spent = &j.spent
	}
	body, err := json.Marshal(req)
	if err != nil {
		return fmt.Errorf("encode failure: %w", err)
	}
	return j.deliver(ctx, journal.Item{
		ID: fmt.Sprintf("fail-%s-%d-%d", j.env.Site, j.lease.JobID, j.lease.Epoch), Site: j.env.Site, JobID: j.lease.JobID,
		Epoch: j.lease.Epoch, Kind: journal.KindFail, Body: body, CreatedAt: time.Now(),
	})
}
