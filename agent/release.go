package agent

import (
	"context"
	"log/slog"
	"sync"

	"github.com/aidoc-pipeline/aidoc-agent/agent/site"
	"github.com/aidoc-pipeline/aidoc-agent/internal/backoff"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

// releases gives leases back to one site.
type releases struct {
	set    dials
	client Site
	log    *slog.Logger

	mu      sync.Mutex
	pending []wpclient.LeaseRef // stopped by their fence; the site is told when it answers again
}

// later notes a lease that its fence stopped. The site could not be reached then; should nobody have
// taken the job until it answers, it is given back, and an outage counts as no crash.
func (r *releases) later(ref wpclient.LeaseRef) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.pending = append(r.pending, ref)
}

// sendPending gives fenced leases back before new ones are asked for.
func (r *releases) sendPending(ctx context.Context) error {
	r.mu.Lock()
	refs := r.pending
	r.mu.Unlock()
	if len(refs) == 0 {
		return nil
	}
	if _, err := r.client.Release(ctx, wpclient.ReleaseRequest{Leases: refs, Reason: "fenced"}); err != nil && !site.IsFinal(err) {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.pending = r.pending[len(refs):]
	return nil
}

// now gives leases back. It uses its own short deadline: it is called when the agent or the session ends, and a
// site that does not answer will see the leases expire.
func (r *releases) now(ctx context.Context, refs []wpclient.LeaseRef, reason string) {
	if len(refs) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), r.set().ReleaseTime)
	defer cancel()
	var resp wpclient.ReleaseResponse
	err := site.Retry(ctx, backoff.New(r.set().RetryMin/5, r.set().RetryMin), func() (err error) {
		resp, err = r.client.Release(ctx, wpclient.ReleaseRequest{Leases: refs, Reason: reason})
		return err
	})
	if err != nil {
		r.log.Warn("leases could not be given back; they will expire", "jobs", len(refs), "error", err.Error())
		return
	}
	r.log.Info("released", "jobs", len(resp.Released), "lost", len(resp.Lost), "reason", reason)
}
