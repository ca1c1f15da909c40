package agent

import (
	"context"
	"errors"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/agent/journal"
	"github.com/aidoc-pipeline/aidoc-agent/agent/pressure"
	"github.com/aidoc-pipeline/aidoc-agent/agent/site"
	"github.com/aidoc-pipeline/aidoc-agent/internal/backoff"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

// giveBackFull ends work that found no room to write: the fault is this machine's, so the document
// loses no attempt, and another agent may take it at once, with what the object store has of it.
func (j *job) giveBackFull(ctx context.Context, p pressure.Place, err error) {
	why := j.a.space.Sentence(p)
	j.a.space.Note(p)
	j.log.Error(why+"; the document goes back to the queue", "error", err.Error())
	if p != pressure.Store {
		flushing, cancel := context.WithTimeout(ctx, handoverTime)
		defer cancel()
		j.h.Flush(flushing)
		if len(j.h.Report().Checkpoint) > 0 {
			_ = j.s.beat(flushing) // best effort: without it pages are read again
		}
	}
	j.s.drop(j.h) // first: this very agent may be given the document again at once
	j.returnLease("disk full")
	j.s.count(outcomeReleased)
	j.save(journal.StateReleased, why)
}

// returnLease tells the site now, or, where it does not answer, before the next lease is asked for.
func (j *job) returnLease(reason string) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	req := wpclient.ReleaseRequest{Leases: []wpclient.LeaseRef{j.lease.Ref()}, Reason: reason}
	err := site.Retry(ctx, backoff.New(200*time.Millisecond, 2*time.Second), func() error {
		_, err := j.s.client.Release(ctx, req)
		return err
	})
	if err != nil && !site.IsFinal(err) {
		j.log.Warn("the lease could not be given back yet", "error", err.Error())
		j.s.releaseLater(j.lease.Ref())
	}
}

// deliver puts an outcome into the outbox, or brings it to the site from memory where the journal cannot take it.
func (j *job) deliver(ctx context.Context, it journal.Item) error {
	job := j.record(journal.StateReporting, "")
	err := j.a.outbox.Add(ctx, it, job)
	if err == nil || ctx.Err() != nil || errors.Is(err, journal.ErrStaleEpoch) {
		return err
	}
	if p := pressure.FullPlace(err); p != pressure.Nowhere {
		j.a.space.Note(p)
		j.log.Error(j.a.space.Sentence(p))
	}
	state, err := j.a.outbox.DeliverDirectly(ctx, it, job, err, j.log)
	if state != "" {
		j.save(state, "")
	}
	return err
}
