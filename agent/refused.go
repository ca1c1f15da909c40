package agent

import (
	"context"
	"log/slog"

	"github.com/aidoc-pipeline/aidoc-agent/agent/failure"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

// maxRefused bounds what is remembered of a site that sends nonsense.
const maxRefused = 1000

// refusedLeases handles leases that make no sense.
type refusedLeases struct {
	set      dials
	client   Site
	releases *releases
	log      *slog.Logger
	before   map[int64]bool // jobs whose lease was given back before
}

// turnDown gives back leases that make no sense, unworked. One that comes again is failed with the reason: the site would hand it out
// for ever.
func (r *refusedLeases) turnDown(ctx context.Context, leases []wpclient.RefusedLease) {
	for _, l := range leases {
		r.log.Warn("a lease was not taken", "job_id", l.Ref.JobID, "error", l.Err.Error())
		switch {
		case !l.Valid:
		case l.Over:
			r.releases.now(ctx, []wpclient.LeaseRef{l.Ref}, "time is up")
		case r.before[l.Ref.JobID]:
			r.fail(ctx, l)
		default:
			if len(r.before) >= maxRefused {
				clear(r.before)
			}
			r.before[l.Ref.JobID] = true
			r.releases.now(ctx, []wpclient.LeaseRef{l.Ref}, failure.Clip(l.Err.Message, 200))
		}
	}
}

func (r *refusedLeases) fail(ctx context.Context, l wpclient.RefusedLease) {
	ctx, cancel := context.WithTimeout(ctx, r.set().ReleaseTime)
	defer cancel()
	f := &failure.Failure{Permanent: true, Code: "lease_malformed", Message: "The agent cannot take this job: " + l.Err.Message + "."}
	if _, err := r.client.Fail(ctx, f.Request(l.Ref)); err != nil {
		r.log.Warn("site did not take the failure", "job_id", l.Ref.JobID, "error", err.Error())
	}
}
