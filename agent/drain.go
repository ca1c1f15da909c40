package agent

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/agent/lease"
	"github.com/aidoc-pipeline/aidoc-agent/agent/site"
	"github.com/aidoc-pipeline/aidoc-agent/internal/backoff"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

// obey carries out a directive that changed. Pausing needs no act: leaseLoop takes no work while
// it stands, and so does any directive that this agent does not know. Draining gives back what does not
// fit. Stopping ends the session and cannot be taken back.
func (s *session) obey(ctx context.Context, d wpclient.Directive) {
	s.log.Info("directive", "directive", string(d))
	switch d {
	case wpclient.DirectiveRun:
		s.poke(s.pollNow)
	case wpclient.DirectiveDrain:
		go s.drainHeld(ctx)
	case wpclient.DirectiveStop:
		s.endAsAsked()
	}
}

// drainHeld lets finish what fits into the drain timeout and gives the rest back at once, which does
// not count as an attempt; what did not keep its estimate is given back at the end of the timeout.
func (s *session) drainHeld(ctx context.Context) {
	limit := s.set.DrainTimeout
	var kept, leave []*lease.Held
	for _, h := range s.holding() {
		if h.Fits(limit) {
			kept = append(kept, h)
			continue
		}
		leave = append(leave, h)
	}
	s.giveBack(ctx, leave, "drain")

	deadline := time.NewTimer(limit)
	defer deadline.Stop()
	var late []*lease.Held
	for _, h := range kept {
		select {
		case <-h.Settled():
		case <-ctx.Done():
			return
		case <-deadline.C:
			deadline.Reset(0)
			if !h.Reporting() {
				late = append(late, h)
			}
		}
	}
	s.giveBack(ctx, late, "drain timeout")
}

// giveBack stops the work on hs and releases the leases. First the work so far is put where the
// next agent finds it, and the site is told where.
func (s *session) giveBack(ctx context.Context, hs []*lease.Held, reason string) {
	if len(hs) == 0 {
		return
	}
	flushing, cancel := context.WithTimeout(ctx, lease.FlushTime)
	defer cancel()
	var wg sync.WaitGroup
	refs := make([]wpclient.LeaseRef, 0, len(hs))
	for _, h := range hs {
		refs = append(refs, h.Lease.Ref())
		wg.Go(func() { h.Flush(flushing) })
	}
	wg.Wait()
	if slices.ContainsFunc(hs, func(h *lease.Held) bool { return len(h.Report().Checkpoint) > 0 }) {
		if err := s.Beat(flushing); err != nil {
			s.log.Info("the site was not told of the checkpoint", "error", err.Error())
		}
	}
	for _, h := range hs {
		h.Cancel(lease.ErrReleased)
	}
	s.release(ctx, refs, reason)
}

// reclaim gives back what a request brought whose answer was never heard: draining cuts off the one that
// is under way. Asked again under the same id, the site names the same leases; else they would expire,
// and count as a crash.
func (s *session) reclaim(ctx context.Context) {
	if s.unanswered == "" {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, s.set.ReleaseTime)
	defer cancel()
	var resp wpclient.LeaseResponse
	err := site.Retry(ctx, backoff.New(s.set.RetryMin/5, s.set.RetryMin), func() (err error) {
		resp, err = s.client.Lease(ctx, s.leaseRequest(s.unanswered, 0, "stopping"))
		return err
	})
	if err != nil {
		s.log.Warn("the site could not be asked what it gave last", "error", err.Error())
		return
	}
	unheard := slices.DeleteFunc(refsOf(resp), func(r wpclient.LeaseRef) bool { return s.lookup(r.JobID) != nil })
	s.release(ctx, unheard, "never heard of")
}

// ReleaseLater notes a lease that its fence stopped. The site could not be reached then; should nobody have
// taken the job until it answers, it is given back, and an outage counts as no crash.
func (s *session) ReleaseLater(ref wpclient.LeaseRef) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pendingReleases = append(s.pendingReleases, ref)
}

// releasePending gives fenced leases back before new ones are asked for.
func (s *session) releasePending(ctx context.Context) error {
	s.mu.Lock()
	refs := s.pendingReleases
	s.mu.Unlock()
	if len(refs) == 0 {
		return nil
	}
	if _, err := s.client.Release(ctx, wpclient.ReleaseRequest{Leases: refs, Reason: "fenced"}); err != nil && !site.IsFinal(err) {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pendingReleases = s.pendingReleases[len(refs):]
	return nil
}

// release gives leases back. It uses its own short deadline: it is called on the way out, and a
// site that does not answer will see the leases expire.
func (s *session) release(ctx context.Context, refs []wpclient.LeaseRef, reason string) {
	if len(refs) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.set.ReleaseTime)
	defer cancel()
	var resp wpclient.ReleaseResponse
	err := site.Retry(ctx, backoff.New(s.set.RetryMin/5, s.set.RetryMin), func() (err error) {
		resp, err = s.client.Release(ctx, wpclient.ReleaseRequest{Leases: refs, Reason: reason})
		return err
	})
	if err != nil {
		s.log.Warn("leases could not be given back; they will expire", "jobs", len(refs), "error", err.Error())
		return
	}
	s.log.Info("released", "jobs", len(resp.Released), "lost", len(resp.Lost), "reason", reason)
}
