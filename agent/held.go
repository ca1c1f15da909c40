package agent

import (
	"context"
	"encoding/json"
	"sync"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

// fenceMargin is how long before the lease's end the agent stops by itself: long enough for a
// write on its way to arrive before the site may hand the job to another agent.
const fenceMargin = 15 * time.Second

// held is one lease this process works on. Its fence is a timer on the monotonic clock, counted
// from the moment the last good request was *sent*: the site's ttl starts later than that, so
// the fence always falls before the site's own deadline, whatever either wall clock says.
type held struct {
	lease   wpclient.Lease
	started time.Time
	cancel  context.CancelCauseFunc

	mu        sync.Mutex
	fence     *time.Timer
	phase     string
	done      int
	total     int
	beatEvery time.Duration
	check     json.RawMessage // the checkpoint that beats carry
	flush     func(ctx context.Context)
	reporting bool // work is over; the outcome waits in the outbox
	settled   chan struct{}
}

func newHeld(l wpclient.Lease, sent time.Time, cancel context.CancelCauseFunc) *held {
	h := &held{lease: l, started: time.Now(), cancel: cancel, phase: "download", settled: make(chan struct{})}
	h.beatEvery = beatInterval(l.BeatMS)
	h.fence = time.AfterFunc(fenceIn(sent, l.TTLMS), func() { cancel(errFenced) })
	return h
}

// fenceIn is the time left until the fence of a lease of ttlMS that was asked for at sent.
func fenceIn(sent time.Time, ttlMS int64) time.Duration {
	ttl := time.Duration(ttlMS) * time.Millisecond
	margin := min(fenceMargin, ttl/4)
	return time.Until(sent.Add(ttl - margin))
}

func beatInterval(ms int64) time.Duration {
	if ms <= 0 {
		return 30 * time.Second
	}
	return max(time.Second, time.Duration(ms)*time.Millisecond)
}

// renew moves the fence after a good beat that was sent at sent.
func (h *held) renew(sent time.Time, b wpclient.BeatLease) {
	h.mu.Lock()
	defer h.mu.Unlock()
	// A fence that has fired stays fired: the work is already stopping, and a late answer must not
	// bring it back to life.
	if h.fence.Stop() {
		h.fence.Reset(fenceIn(sent, b.TTLMS))
	}
	h.beatEvery = beatInterval(b.BeatMS)
}

// progress records where the work is; the next beat tells the site.
func (h *held) progress(phase string, done, total int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.phase, h.done, h.total = phase, done, total
}

// report is this lease as a beat carries it.
func (h *held) report() wpclient.Held {
	h.mu.Lock()
	defer h.mu.Unlock()
	return wpclient.Held{LeaseRef: h.lease.Ref(), Phase: h.phase, Done: h.done, Total: h.total, Checkpoint: h.check}
}

func (h *held) setCheckpoint(raw json.RawMessage) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.check = raw
}

// onFlush sets what writes the work so far to where another agent finds it.
func (h *held) onFlush(f func(ctx context.Context)) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.flush = f
}

func (h *held) flushed(ctx context.Context) {
	h.mu.Lock()
	f := h.flush
	h.mu.Unlock()
	if f != nil {
		f(ctx)
	}
}

// interval is how often the site wants to hear of this lease.
func (h *held) interval() time.Duration {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.beatEvery
}

// setReporting marks the work as over; the fence no longer has anything to stop.
func (h *held) setReporting() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.reporting = true
	h.phase = "report"
	h.fence.Stop()
}

// fits estimates whether the work will be over within d. Work whose pace is not known yet does
// not fit: it is cheaper to hand it on at once than to find out.
func (h *held) fits(d time.Duration) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.reporting || h.phase == "store" || h.phase == "report" {
		return true
	}
	if h.done == 0 || h.total == 0 {
		return false
	}
	elapsed := time.Since(h.started)
	left := time.Duration(float64(elapsed) / float64(h.done) * float64(h.total-h.done))
	if h.phase != "summarise" {
		left *= 2 // the summary is still to come
	}
	return left <= d
}

// settle ends the holding: nothing of this lease is left to do in this process.
func (h *held) settle() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.fence.Stop()
	select {
	case <-h.settled:
	default:
		close(h.settled)
	}
}
