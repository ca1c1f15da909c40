package agent

import (
	"context"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

// obey carries out a directive that changed. Pausing needs no act: leaseLoop takes no work while
// it stands. Draining gives back what does not fit.
func (s *session) obey(ctx context.Context, d wpclient.Directive) {
	s.log.Info("directive", "directive", string(d))
	switch d {
	case wpclient.DirectiveRun:
		s.poke(s.pollNow)
	case wpclient.DirectiveDrain:
		go s.drainHeld(ctx)
	}
}

// drainHeld lets finish what fits into the drain timeout and gives the rest back at once, without
// burning an attempt; what did not keep its estimate is given back at the end of the timeout.
func (s *session) drainHeld(ctx context.Context) {
	limit := s.a.set.DrainTimeout
	var refs []wpclient.LeaseRef
	var kept []*held
	for _, h := range s.holding() {
		if h.fits(limit) {
			kept = append(kept, h)
			continue
		}
		h.cancel(errReleased)
		refs = append(refs, h.lease.Ref())
	}
	s.release(ctx, refs, "drain")

	deadline := time.NewTimer(limit)
	defer deadline.Stop()
	var late []wpclient.LeaseRef
	for _, h := range kept {
		select {
		case <-h.settled:
		case <-ctx.Done():
			return
		case <-deadline.C:
			deadline.Reset(0)
			if !h.isReporting() {
				h.cancel(errReleased)
				late = append(late, h.lease.Ref())
			}
		}
	}
	s.release(ctx, late, "drain timeout")
}

func (h *held) isReporting() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.reporting
}

// release gives leases back. It uses its own short deadline: it is called on the way out, and a
// site that does not answer will see the leases expire.
func (s *session) release(ctx context.Context, refs []wpclient.LeaseRef, reason string) {
	if len(refs) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 4*time.Second)
	defer cancel()
	resp, err := s.client.Release(ctx, wpclient.ReleaseRequest{Leases: refs, Reason: reason})
	if err != nil {
		s.log.Warn("leases could not be given back; they will expire", "jobs", len(refs), "error", err.Error())
		return
	}
	s.log.Info("released", "jobs", len(resp.Released), "lost", len(resp.Lost), "reason", reason)
}
