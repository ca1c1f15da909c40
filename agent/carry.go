package agent

import (
	"context"
	"fmt"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/agent/journal"
	"github.com/aidoc-pipeline/aidoc-agent/internal/backoff"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

// giveBackFull ends work that found no room to write: the fault is this machine's, so the document
// loses no attempt, and another agent may take it at once, with what the object store has of it.
func (j *job) giveBackFull(ctx context.Context, p place, err error) {
	why := j.a.fullSentence(p)
	j.a.space.note(p)
	j.log.Error(why+"; the document goes back to the queue", "error", err.Error())
	if p != artifactStore {
		flushing, cancel := context.WithTimeout(ctx, handoverTime)
		defer cancel()
		j.h.flushed(flushing)
		if len(j.h.report().Checkpoint) > 0 {
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
	err := retry(ctx, backoff.New(200*time.Millisecond, 2*time.Second), func() error {
		_, err := j.s.client.Release(ctx, req)
		return err
	})
	if err != nil && !isFinal(err) {
		j.log.Warn("the lease could not be given back yet", "error", err.Error())
		j.s.owe(j.lease.Ref())
	}
}

// carry brings a finished outcome to the site that the outbox did not take, mostly because the disk
// is full. It keeps it in memory and tries both in turn, the site and the outbox, until one of them
// has it: what is finished, and perhaps paid for, must not be lost to a full disk. It gives up when
// the lease is lost or the agent stops.
func (j *job) carry(ctx context.Context, it journal.Item, refused error) error {
	if p := fullPlace(refused); p != nowhere {
		j.a.space.note(p)
		j.log.Error(j.a.fullSentence(p))
	}
	j.log.Warn("the outcome is delivered without being written down first", "error", refused.Error())
	pace := backoff.New(time.Second, 30*time.Second)
	for {
		post, err := j.a.outbox.send(ctx, j.s, it)
		switch {
		case err == nil || isFinal(err):
			j.a.outbox.concluded(ctx, j.s, it, post, err)
			j.save(carriedState(it, err), "")
			return nil
		case ctx.Err() != nil:
			return context.Cause(ctx)
		}
		j.log.Warn("site did not take the outcome yet", "error", err.Error())
		if !j.waitOrDrain(ctx, waitAfter(pace, err)) {
			return fmt.Errorf("the outcome could neither be written down nor delivered: %w", refused)
		}
		if j.a.outbox.add(ctx, j, it) == nil {
			return nil
		}
	}
}

func carriedState(it journal.Item, err error) journal.State {
	switch {
	case err != nil:
		return journal.StateLost
	case it.Kind == journal.KindResult:
		return journal.StateDone
	}
	return journal.StateFailed
}

// waitOrDrain waits for d; false when the agent is to end.
func (j *job) waitOrDrain(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-j.a.drain:
	case <-ctx.Done():
	}
	return false
}
