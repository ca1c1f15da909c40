package lease

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

// FlushTime bounds how long giving back a lease waits for the work so far to reach the object store.
const FlushTime = 2 * time.Second

// Held is one lease this process works on. Its fence is a timer on the monotonic clock, counted
// from the moment the last good request was *sent*: the site's ttl starts later than that, so
// the fence always falls before the site's own deadline, whatever either wall clock says.
type Held struct {
	Lease   wpclient.Lease
	Started time.Time
	Asked   time.Time // when the request was sent that brought it

	cancel  context.CancelCauseFunc
	settled chan struct{}

	mu        sync.Mutex
	fence     *time.Timer
	phase     string
	done      int
	total     int
	beatEvery time.Duration
	renewed   time.Time       // when the last good request was sent
	check     json.RawMessage // the checkpoint that beats send
	spent     *wpclient.Spent // what models cost under this lease, where the site wants to know
	flush     func(ctx context.Context)
	reporting bool // work is over; the outcome waits in the outbox
}

// New begins the holding of a lease that was asked for at sent. cancel ends the work on it.
func New(l wpclient.Lease, sent time.Time, cancel context.CancelCauseFunc) *Held {
	h := &Held{Lease: l, Started: time.Now(), Asked: sent, cancel: cancel, phase: "download", settled: make(chan struct{})}
	h.beatEvery, h.renewed = beatInterval(l.BeatMS), sent
	h.fence = time.AfterFunc(fenceIn(sent, l.TTLMS), func() { cancel(ErrFenced) })
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

// Renew moves the fence after a good beat that was sent at sent.
func (h *Held) Renew(sent time.Time, b wpclient.BeatLease) {
	h.mu.Lock()
	defer h.mu.Unlock()
	// A fence that has fired stays fired: the work is already stopping, and a late answer must not
	// bring it back to life.
	if h.fence.Stop() {
		h.fence.Reset(fenceIn(sent, b.TTLMS))
	}
	h.beatEvery, h.renewed = beatInterval(b.BeatMS), sent
}

// Progress records where the work is; the next beat tells the site.
func (h *Held) Progress(phase string, done, total int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.phase, h.done, h.total = phase, done, total
}

// Report is this lease as a beat reports it.
func (h *Held) Report() wpclient.Held {
	h.mu.Lock()
	defer h.mu.Unlock()
	return wpclient.Held{LeaseRef: h.Lease.Ref(), Phase: h.phase, Done: h.done, Total: h.total, Checkpoint: h.check, Spent: h.spent}
}

// SetCheckpoint puts raw into the beats from now on.
func (h *Held) SetCheckpoint(raw json.RawMessage) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.check = raw
}

// SetSpent puts what models have cost under this lease into the beats, if the site has said that it wants to know.
func (h *Held) SetSpent(s wpclient.Spent) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.Lease.Budget != nil {
		h.spent = &s
	}
}

// OnFlush sets what writes the work so far to where another agent finds it.
func (h *Held) OnFlush(f func(ctx context.Context)) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.flush = f
}

// Flush writes the work so far to where another agent finds it.
func (h *Held) Flush(ctx context.Context) {
	h.mu.Lock()
	f := h.flush
	h.mu.Unlock()
	if f != nil {
		f(ctx)
	}
}

// NextBeat is how often the site wants to hear of this lease, and when next. The lease itself counts as a beat.
func (h *Held) NextBeat() (every time.Duration, at time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.beatEvery, h.renewed.Add(h.beatEvery)
}

// SetReporting marks the work as over; the fence no longer has anything to stop.
func (h *Held) SetReporting() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.reporting = true
	h.phase = "report"
	h.fence.Stop()
}

// Reporting tells whether the work is over.
func (h *Held) Reporting() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.reporting
}

// Fits estimates whether the work will be over within d. Work whose pace is not known yet does
// not fit: it is cheaper to hand it on at once than to find out.
func (h *Held) Fits(d time.Duration) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.reporting || h.phase == "store" || h.phase == "report" {
		return true
	}
	if h.done == 0 || h.total == 0 {
		return false
	}
	elapsed := time.Since(h.Started)
	left := time.Duration(float64(elapsed) / float64(h.done) * float64(h.total-h.done))
	if h.phase != "summarise" {
		left *= 2 // the summary is still to come
	}
	return left <= d
}

// Cancel ends the work with a cause (causes.go).
func (h *Held) Cancel(cause error) { h.cancel(cause) }

// Settled is closed when nothing of this lease is left to do in this process.
func (h *Held) Settled() <-chan struct{} { return h.settled }

// Settle ends the holding: nothing of this lease is left to do in this process.
func (h *Held) Settle() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.fence.Stop()
	select {
	case <-h.settled:
	default:
		close(h.settled)
	}
}
