package agent

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/agent/journal"
	"github.com/aidoc-pipeline/aidoc-agent/agent/outbox"
	"github.com/aidoc-pipeline/aidoc-agent/agent/site"
	"github.com/aidoc-pipeline/aidoc-agent/internal/backoff"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

// orphans are the jobs that an earlier process of this agent left unfinished.
type orphans interface {
	Jobs(ctx context.Context) ([]journal.JobRecord, error)
	SaveJob(ctx context.Context, r journal.JobRecord) error
}

// recovery hands back what an earlier process of this agent held of one site.
type recovery struct {
	url      string // of the site
	client   outbox.Sender
	orphans  orphans
	retryMin time.Duration
	log      *slog.Logger
}

// recoverOrphans reports the leases that an earlier process of this agent held when it died, so
// that they are handed out again at once instead of after their ttl. The site counts a crash, not a
// release: a document that kills the agent must not come back for ever. Their pages and steps are
// in the journal; any job of this machine that gets the document continues there.
func (r *recovery) recoverOrphans(ctx context.Context, work *sync.WaitGroup) {
	jobs, err := r.orphans.Jobs(ctx)
	if err != nil {
		r.log.Warn("journal cannot list unfinished jobs", "error", err.Error())
		return
	}
	for _, job := range jobs {
		if job.Site == r.url && job.State != journal.StateReporting { // the outbox sees to those that report
			work.Go(func() { r.handBack(ctx, job) })
		}
	}
}

// handBackTime is how long handing back is worth the trouble: the lease's own ttl.
const handBackTime = 2 * time.Minute

func (r *recovery) handBack(ctx context.Context, job journal.JobRecord) {
	ctx, cancel := context.WithTimeout(ctx, handBackTime)
	defer cancel()
	ref := wpclient.LeaseRef{JobID: job.JobID, Epoch: job.Epoch, LeaseToken: job.LeaseToken}
	err := site.Retry(ctx, backoff.New(r.retryMin, 10*r.retryMin), func() error {
		_, err := r.client.Fail(ctx, wpclient.FailRequest{LeaseRef: ref, Class: "transient", Code: "agent_crashed",
			Message: "The agent ended while it worked on this document; it continues where it stopped."})
		return err
	})
	switch {
	case err == nil:
		r.log.Info("handed back the lease of an earlier process", "job_id", job.JobID, "epoch", job.Epoch)
		job.State = journal.StateReleased
	case site.IsFinal(err):
		r.log.Info("the lease of an earlier process had already ended", "job_id", job.JobID, "epoch", job.Epoch)
		job.State = journal.StateLost
	default:
		r.log.Warn("the lease of an earlier process could not be handed back; it will expire", "job_id", job.JobID, "error", err.Error())
		return
	}
	save, stop := context.WithTimeout(context.Background(), 10*time.Second)
	defer stop()
	if err := r.orphans.SaveJob(save, job); err != nil && !errors.Is(err, journal.ErrStaleEpoch) {
		r.log.Warn("journal did not take the job's state", "job_id", job.JobID, "error", err.Error())
	}
}
