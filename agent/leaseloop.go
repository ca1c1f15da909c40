package agent

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"github.com/aidoc-pipeline/aidoc-agent/agent/room"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

// leaseLoop asks one site for work.
type leaseLoop struct {
	set      dials
	client   Site
	url      string
	room     *room.Room
	breaker  *breaker
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
	start     func(ctx context.Context, l wpclient.Lease, sent time.Time, at *room.Place) // begins work
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
	ask  *room.Ask // nil: none, only to be heard of
	note string
	only string // wpclient.OnlyLocal, or "" for every kind
}

func (w wanted) free() int {
	if w.ask == nil {
		return 0
	}
	return w.ask.N
}

// end gives back the room that the answer did not need.
func (w wanted) end() {
	if w.ask != nil {
		w.ask.End()
	}
}

// mostTold bounds how often one run over the queue asks again only to tell what it has erased: a site may have a long list, or no end of it.
const mostTold = 50

// run asks until loop ends. The work itself runs under work, which outlives the loop: draining stops the
// asking, not the working.
func (l *leaseLoop) run(loop, work context.Context, once bool) error {
	l.requestID = uuid.NewString()
	var bell *wpclient.Doorbell // as the site last named it
	told := 0
	for loop.Err() == nil {
		want, ok := l.reserve(loop)
		if !ok {
			return nil
		}
		free, sent := want.free(), time.Now()
		resp, err := l.exchange(loop, work, want)
		if err != nil {
			want.end()
			if on, err := l.failed(loop, want, err, bell, once); !on {
				return err
			}
			continue
		}
		bell = resp.Doorbell
		started := l.startAll(work, resp.Leases, want.ask, sent)
		want.end()
		if started > 0 {
			l.idle.reset()
		}
		if started > 0 && 2*started >= free { // there may be more
			continue
		}
		if once && free > 0 && want.only == "" && l.held.idle() {
			if told++; told <= mostTold && l.eraser.untold() {
				continue // the next process would not know what this one has erased
			}
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

// exchange asks once, and sees to all that an answer brings but the leases.
func (l *leaseLoop) exchange(loop, work context.Context, want wanted) (wpclient.LeaseResponse, error) {
	sent, before := time.Now(), l.unanswered
	l.unanswered = l.requestID
	resp, err := l.ask(loop, want)
	if wpclient.NeverArrived(err) { // nothing was given that could be lost
		l.unanswered = before
	}
	changed := l.contact.answered(resp.Directive, err)
	l.contact.learn(resp, err)
	if err != nil {
		return resp, err
	}
	if l.breaker.worked(time.Since(sent)) {
		// The doorbell was away with the site: without this every agent would poll at its fastest
		// just when the site comes back.
		l.bell.wake()
	}
	l.requestID, l.unanswered = uuid.NewString(), ""
	if l.set().NoDoorbell {
		l.bell.told(nil)
	} else {
		l.bell.told(resp.Doorbell)
	}
	if changed {
		l.obey(work, resp.Directive)
	}
	if resp.RotateKey {
		l.rotateKey(loop)
	}
	l.erase(work, resp.Erase)
	l.refused.turnDown(work, resp.Refused)
	return resp, nil
}

// failed waits for the next try after a request that had no answer; on is false where none follows, and err why.
func (l *leaseLoop) failed(loop context.Context, want wanted, why error, bell *wpclient.Doorbell, once bool) (on bool, err error) {
	if loop.Err() != nil {
		return false, nil
	}
	if want.only != "" && isUnknownField(why) {
		l.takesAll = true
		return true, nil
	}
	wait := l.breaker.failed(why, l.contact.crowd())
	if once && (l.breaker.failures >= 3 || !wpclient.IsTransient(why)) {
		return false, why
	}
	// The same request_id goes out again: if only the answer was lost, the site hands over
	// the same leases instead of letting them expire.
	l.log.Warn("site did not give an answer", "op", "lease", "error", why.Error(), "retry_in_ms", wait.Milliseconds())
	return l.outage.sitOut(loop, wait, why, bell), nil
}

// ask sends what releases are pending and asks for work.
func (l *leaseLoop) ask(ctx context.Context, want wanted) (wpclient.LeaseResponse, error) {
	if err := l.releases.sendPending(ctx); err != nil {
		return wpclient.LeaseResponse{}, err
	}
	req := l.request(l.requestID, want.free(), want.note)
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

// reserve waits for room and returns what to ask for. It is nothing, and a note, where the agent must not take work but the site should
// hear from it; ok is false when ctx ended.
func (l *leaseLoop) reserve(ctx context.Context) (want wanted, ok bool) {
	silent, cancel := context.WithTimeout(ctx, l.set().LeaseEvery)
	defer cancel()
	for {
		probe := l.breaker.probing()
		want, refused := l.wanted()
		if refused {
			return want, true
		}
		if probe {
			want.ask = l.room.Probe(l.url)
			return want, true
		}
		var err error
		want.ask, err = l.room.Ask(silent, l.url, l.breaker.keep())
		switch now, refused := l.wanted(); {
		case err == nil && (refused || now != wanted{note: want.note, only: want.only}):
			want.end() // things have changed while it waited
		case err == nil:
			return want, true
		case ctx.Err() != nil:
			return wanted{}, false
		default:
			return wanted{note: now.note}, true
		}
	}
}

// wanted is what is asked for while there is room; refused says that it is nothing, whatever the room.
func (l *leaseLoop) wanted() (want wanted, refused bool) {
	want.note = l.refusal()
	if want.note == "" {
		return want, false
	}
	if l.takesAll || !l.localOnly() {
		return want, true
	}
	want.only = wpclient.OnlyLocal
	return want, false
}

// startAll starts what there is room for and gives the rest back. More leases than asked for can
// only be the answer to an earlier, larger request whose answer was lost.
func (l *leaseLoop) startAll(ctx context.Context, leases []wpclient.Lease, ask *room.Ask, sent time.Time) int {
	var started int
	var extra []wpclient.LeaseRef
	for _, lease := range leases {
		if h := l.held.get(lease.JobID); h != nil && h.Lease.Epoch >= lease.Epoch {
			continue // the same lease, told twice
		}
		var at *room.Place
		if ask != nil {
			at = ask.Take()
		}
		if at == nil {
			extra = append(extra, lease.Ref())
			continue
		}
		l.log.Info("leased", "job_id", lease.JobID, "epoch", lease.Epoch, "attempt", lease.Attempt, "mime", lease.MIME, "bytes", lease.Bytes, "trace_id", lease.TraceID)
		l.start(ctx, lease, sent, at)
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
