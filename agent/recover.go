package agent

import (
	"context"

	"github.com/aidoc-pipeline/aidoc-agent/agent/journal"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

// recoverOrphans reports the leases that an earlier process of this agent held when it died, so
// that they are handed out again at once instead of after their ttl. It is a failure, not a
// release: a document that kills the agent must not come back for ever. Their pages and steps are
// in the journal; whoever gets them on this machine continues there.
func (s *session) recoverOrphans(ctx context.Context) {
	jobs, err := s.a.opt.Journal.Jobs(ctx)
	if err != nil {
		s.log.Warn("journal cannot list unfinished jobs", "error", err.Error())
		return
	}
	for _, r := range jobs {
		if r.Site != s.url || r.State == journal.StateReporting {
			continue // the outbox sees to those that report
		}
		ref := wpclient.LeaseRef{JobID: r.JobID, Epoch: r.Epoch, LeaseToken: r.LeaseToken}
		_, err := s.client.Fail(ctx, wpclient.FailRequest{LeaseRef: ref, Class: "transient", Code: "agent_crashed",
			Message: "The agent ended while it worked on this document; it continues where it stopped."})
		if err != nil && !isFinal(err) {
			s.log.Warn("an earlier lease could not be handed back; it will expire", "job_id", r.JobID, "error", err.Error())
			continue
		}
		s.log.Info("handed back the lease of an earlier process", "job_id", r.JobID, "epoch", r.Epoch)
		r.State = journal.StateReleased
		if err := s.a.opt.Journal.SaveJob(ctx, r); err != nil {
			s.log.Warn("journal did not take the job's state", "job_id", r.JobID, "error", err.Error())
		}
	}
}
