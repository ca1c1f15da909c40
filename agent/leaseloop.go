package agent

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"github.com/aidoc-pipeline/aidoc-agent/agent/site"
	"github.com/aidoc-pipeline/aidoc-agent/internal/backoff"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

// leaseLoop asks one site for work.
type leaseLoop struct {
	set      Settings
	client   Site
	slots    *slots
	share    int // the most slots that one request reserves
	held     *heldLeases
	contact  *contact
	releases *releases
	eraser   *eraser
	refused  *refusedLeases
	bell     *doorbell
	idle     *idle
	outage   *outage

	request func(id string, free int, note string) wpclient.LeaseRequest
	refusal func() string // why no work is taken now, or ""
	away    func() string // likewise, where it is for a model and for long
	// localOnly tells whether documents that are local only are worked on although others are refused.
	localOnly func() bool
	start     func(ctx context.Context, l wpclient.Lease, sent time.Time) // begins work; its slot is reserved
	obey      func(context.Context, wpclient.Directive)
	erase     func(context.Context, []wpclient.Erasure)
	log       *slog.Logger

	// Of run, and of what ends the session after it.
	requestID  string // of the next request, which is the last one again where that had no answer
	unanswered string // the id of a request that was sent and had no answer, or ""
	takesAll   bool   // the site does not know how to give documents that are local only and no others
}

// wanted is what a request asks for: leases, of which kind, and what the site is told.
type wanted struct {
	free int
	note string
	only string // wpclient.OnlyLocal, or "" for every kind
}

// run asks until loop ends. The work itself runs under work, which outlives the loop: draining stops the
// asking, not the working.
func (l *leaseLoop) run(loop, work context.Context, once bool) error {
	errWait := backoff.New(l.set.RetryMin, 60*l.set.RetryMin)
	l.requestID = uuid.NewString()
	failures := 0
	var bell *wpclient.Doorbell // as the site last named it
	for loop.Err() == nil {
		want, ok := l.reserve(loop)
		if !ok {
			return nil
		}
		free := want.free
		sent := time.Now()
		l.unanswered = l.requestID
		resp, err := l.ask(loop, want)
		changed := l.contact.answered(resp.Directive, err)
		l.contact.learn(resp, err)
		if err != nil {
			l.slots.release(free)
			if loop.Err() != nil {
				return nil
			}
			if want.only != "" && isUnknownField(err) {
				l.takesAll = true
				continue
			}
			failures++
			if once && (failures >= 3 || !wpclient.IsTransient(err)) {
				return err
			}
			// The same request_id goes out again: if only the answer was lost, the site hands over
			// the same leases instead of letting them expire.
			wait := site.WaitAfter(errWait, err)
			l.log.Warn("site did not give an answer", "op", "lease", "error", err.Error(), "retry_in_ms", wait.Milliseconds())
			if !l.outage.sitOut(loop, wait, err, bell) {
				return nil
			}
			continue
		}
		if failures > 0 {
			// The doorbell was away with the site: without this every agent would poll at its fastest
			// just when the site comes back.
			l.bell.wake()
		}
		failures, bell = 0, resp.Doorbell
		l.requestID, l.unanswered = uuid.NewString(), ""
		errWait.Reset()
		if changed {
			l.obey(work, resp.Directive)
		}
		if resp.RotateKey {
			l.rotateKey(loop)
		}
		l.erase(work, resp.Erase)
		l.refused.turnDown(work, resp.Refused)
		started := l.startAll(work, resp.Leases, free, sent)
		l.slots.release(free - started)
		if started > 0 {
			l.idle.reset()
			continue
		}
		if once && free > 0 && want.only == "" && l.held.idle() {
			return nil
		}
		if why := l.away(); once && why != "" && l.held.idle() { // nobody waits for midnight, or for an account to be filled
			return fmt.Errorf("%w: %s", ErrWaits, why)
		}
		if !l.idle.wait(loop, resp) {
			return nil
		}
	}
	return nil
}

// ask sends what releases are pending and asks for work.
func (l *leaseLoop) ask(ctx context.Context, want wanted) (wpclient.LeaseResponse, error) {
	if err := l.releases.sendPending(ctx); err != nil {
		return wpclient.LeaseResponse{}, err
	}
	req := l.request(l.requestID, want.free, want.note)
	req.Only, req.Erased = want.only, l.eraser.report()
	resp, err := l.client.Lease(ctx, req)
	if err == nil {
		l.eraser.reported(req.Erased)
	}
	return resp, err
}

// isUnknownField says that a site of an older version refuses what it does not know.
func isUnknownField(err error) bool {
	var e *wpclient.Error
	return errors.As(err, &e) && e.Signed && e.Code == wpclient.CodeUnknownField
}

// reserve waits for room and returns what to ask for. It is zero slots and a note where the agent must not take work but the site should
// hear from it; ok is false when ctx ended.
func (l *leaseLoop) reserve(ctx context.Context) (want wanted, ok bool) {
	silent := time.NewTimer(l.set.LeaseEvery)
	defer silent.Stop()
	for {
		want = wanted{note: l.refusal()}
		if want.note != "" {
			if l.takesAll || !l.localOnly() {
				return want, true
			}
			want.only = wpclient.OnlyLocal
		}
		changed := l.slots.changed()
		if want.free = l.slots.reserve(l.share); want.free > 0 {
			return want, true
		}
		select {
		case <-changed:
		case <-silent.C:
			return wanted{note: want.note}, true
		case <-ctx.Done():
			return wanted{}, false
		}
	}
}

// startAll starts what there is room for and gives the rest back. More leases than asked for can
// only be the answer to an earlier, larger request whose answer was lost.
func (l *leaseLoop) startAll(ctx context.Context, leases []wpclient.Lease, free int, sent time.Time) int {
	var started int
	var extra []wpclient.LeaseRef
	for _, lease := range leases {
		if h := l.held.get(lease.JobID); h != nil && h.Lease.Epoch >= lease.Epoch {
			continue // the same lease, told twice
		}
		if started == free {
			extra = append(extra, lease.Ref())
			continue
		}
		l.log.Info("leased", "job_id", lease.JobID, "epoch", lease.Epoch, "attempt", lease.Attempt, "mime", lease.MIME, "bytes", lease.Bytes, "trace_id", lease.TraceID)
		l.start(ctx, lease, sent)
		started++
	}
	if len(extra) > 0 {
		l.releases.now(ctx, extra, "no free slot")
	}
	return started
}

// rotateKey trades the key for a new one because the site asked. The old key works until the new
// one is used, so a failure here costs nothing but another try.
func (l *leaseLoop) rotateKey(ctx context.Context) {
	k, err := l.client.Rotate(ctx)
	if err != nil {
		l.log.Warn("key rotation failed; it will be tried again", "error", err.Error())
		return
	}
	l.log.Info("key rotated", "key_id", k.KeyID)
}
