package agent

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/agent/lease"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

// drainer ends the work on a site's leases without losing it.
type drainer struct {
	limit    func() time.Duration // for what is allowed to finish
	held     *heldLeases
	releases *releases
	beat     func(context.Context) error // tells the site now of all that is held
	log      *slog.Logger
}

// drain lets finish what fits into the drain timeout and gives the rest back at once, which does
// not count as an attempt; what did not keep its estimate is given back at the end of the timeout.
func (d *drainer) drain(ctx context.Context) {
	limit := d.limit()
	var fits, rest []*lease.Held
	for _, h := range d.held.all() {
		if h.Fits(limit) {
			fits = append(fits, h)
			continue
		}
		rest = append(rest, h)
	}
	d.giveBack(ctx, rest, "drain")

	deadline := time.NewTimer(limit)
	defer deadline.Stop()
	var late []*lease.Held
	for _, h := range fits {
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
	d.giveBack(ctx, late, "drain timeout")
}

// giveBack stops the work on hs and releases the leases. First the work so far is put where the
// next agent finds it, and the site is told where.
func (d *drainer) giveBack(ctx context.Context, hs []*lease.Held, reason string) {
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
		if err := d.beat(flushing); err != nil {
			d.log.Info("the site was not told of the checkpoint", "error", err.Error())
		}
	}
	for _, h := range hs {
		h.Cancel(lease.ErrReleased)
	}
	d.releases.now(ctx, refs, reason)
}
