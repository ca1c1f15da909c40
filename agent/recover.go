package agent

import (
	"context"
	"errors"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/agent/journal"
	"github.com/aidoc-pipeline/aidoc-agent/agent/site"
	"github.com/aidoc-pipeline/aidoc-agent/internal/backoff"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

// orphans are the jobs that an earlier process of this agent left unfinished.
type orphans interface {
	Jobs(ctx context.Context) ([]journal.JobRecord, error)
	SaveJob(ctx context.Context, r journal.JobRecord) error
}

// recoverOrphans reports the leases that an earlier process of this agent held when it died, so
// that they are handed out again at once instead of after their ttl. The site counts a crash, not a
// release: a document that kills the agent must not come back for ever. Their pages and steps are
// in the journal; whoever gets them on this machine continues there.
func (s *session) recoverOrphans(ctx context.Context) {
	jobs, err := s.orphans.Jobs(ctx)
	if err != nil {
		s.log.Warn("journal cannot list unfinished jobs", "error", err.Error())
		return
	}
	for _, r := range jobs {
		if r.Site == s.url && r.State != journal.StateReporting { // the outbox sees to those that report
			s.work.Go(func() { s.handBack(ctx, r) })
		}
	}
}

// handBackTime is how long handing back is worth the trouble: the lease's own ttl.
const handBackTime = 2 * time.Minute

func (s *session) handBack(ctx context.Context, r journal.JobRecord) {
	ctx, cancel := context.WithTimeout(ctx, handBackTime)
	defer cancel()
	ref := wpclient.LeaseRef{JobID: r.JobID, Epoch: r.Epoch, LeaseToken: r.LeaseToken}
	err := site.Retry(ctx, backoff.New(s.set.RetryMin, 10*s.set.RetryMin), func() error {
		_, err := s.client.Fail(ctx, wpclient.FailRequest{LeaseRef: ref, Class: "transient", Code: "agent_crashed",
			Message: "The agent ended while it worked on this document; it continues where it stopped."})
		return err
	})
	switch {
	case err == nil:
		s.log.Info("handed back the lease of an earlier process", "job_id", r.JobID, "epoch", r.Epoch)
		r.State = journal.StateReleased
	case site.IsFinal(err):
		s.log.Info("the lease of an earlier process had already ended", "job_id", r.JobID, "epoch", r.Epoch)
		r.State = journal.StateLost
	default:
		s.log.Warn("the lease of an earlier process could not be handed back; it will expire", "job_id", r.JobID, "error", err.Error())
		return
	}
	save, stop := context.WithTimeout(context.Background(), 10*time.Second)
	defer stop()
	if err := s.orphans.SaveJob(save, r); err != nil && !errors.Is(err, journal.ErrStaleEpoch) {
		s.log.Warn("journal did not take the job's state", "job_id", r.JobID, "error", err.Error())
	}
}
