package agent

import (
	"context"
	"sync"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/agent/lease"
)

// heldLeases are the leases this agent holds of one site, by job.
type heldLeases struct {
	mu sync.Mutex
	of map[int64]*lease.Held
}

func newHeldLeases() *heldLeases { return &heldLeases{of: map[int64]*lease.Held{}} }

func (l *heldLeases) add(h *lease.Held) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.of[h.Lease.JobID] = h
}

// drop forgets a lease, but not the one that replaced it.
func (l *heldLeases) drop(h *lease.Held) {
	h.Settle()
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.of[h.Lease.JobID] == h {
		delete(l.of, h.Lease.JobID)
	}
}

// get returns the lease of a job, or nil.
func (l *heldLeases) get(jobID int64) *lease.Held {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.of[jobID]
}

func (l *heldLeases) all() []*lease.Held {
	l.mu.Lock()
	defer l.mu.Unlock()
	out := make([]*lease.Held, 0, len(l.of))
	for _, h := range l.of {
		out = append(out, h)
	}
	return out
}

// idle tells, for a run that ends with the queue, whether nothing is in work any more.
func (l *heldLeases) idle() bool {
	for _, h := range l.all() {
		if !h.Reporting() {
			return false
		}
	}
	return true
}

// awaitSettled gives the outbox at most d for the outcomes of these leases and returns how many stay on disk. The next start
// delivers those.
func (l *heldLeases) awaitSettled(ctx context.Context, d time.Duration) (left int) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	hs := l.all()
	for i, h := range hs {
		select {
		case <-h.Settled():
		case <-timer.C:
			return len(hs) - i
		case <-ctx.Done():
			return len(hs) - i
		}
	}
	return 0
}
