package agent

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/aidoc-pipeline/aidoc-agent/agent/failure"
	"github.com/aidoc-pipeline/aidoc-agent/agent/site"
	"github.com/aidoc-pipeline/aidoc-agent/internal/backoff"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

// leaseLoop asks one site for work until loop ends. The work itself runs under work, which
// outlives the loop: draining stops the asking, not the working.
func (s *session) leaseLoop(loop, work context.Context, once bool) error {
	errWait := backoff.New(s.set.RetryMin, 60*s.set.RetryMin)
	idle := newIdle(s)
	s.requestID = uuid.NewString()
	failures := 0
	var bell *wpclient.Doorbell // as the site last named it
	for loop.Err() == nil {
		free, note, ok := s.reserve(loop)
		if !ok {
			return nil
		}
		sent := time.Now()
		s.unanswered = s.requestID
		resp, err := s.ask(loop, s.requestID, free, note)
		changed := s.heard(resp.Directive, err)
		if err != nil {
			s.slots.release(free)
			if loop.Err() != nil {
				return nil
			}
			failures++
			if once && (failures >= 3 || !wpclient.IsTransient(err)) {
				return err
			}
			// The same request_id goes out again: if only the answer was lost, the site hands over
			// the same leases instead of letting them expire.
			wait := site.WaitAfter(errWait, err)
			s.log.Warn("site did not give an answer", "op", "lease", "error", err.Error(), "retry_in_ms", wait.Milliseconds())
			if !s.sitOut(loop, wait, err, bell) {
				return nil
			}
			continue
		}
		if failures > 0 {
			// The doorbell was away with the site: without this every agent would poll at its fastest
			// just when the site comes back.
			s.doorbell.restUntil = time.Time{}
		}
		failures, bell = 0, resp.Doorbell
		s.requestID, s.unanswered = uuid.NewString(), ""
		errWait.Reset()
		if changed {
			s.obey(work, resp.Directive)
		}
		if resp.RotateKey {
			s.rotateKey(loop)
		}
		s.turnDown(work, resp.Refused)
		started := s.startAll(work, resp.Leases, free, sent)
		s.slots.release(free - started)
		if started > 0 {
			idle.reset()
			continue
		}
		if once && free > 0 && s.queueDone() {
			return nil
		}
		if !idle.wait(loop, resp) {
			return nil
		}
	}
	return nil
}

// ask sends what releases are pending and asks for work.
func (s *session) ask(ctx context.Context, id string, free int, note string) (wpclient.LeaseResponse, error) {
	if err := s.releasePending(ctx); err != nil {
		return wpclient.LeaseResponse{}, err
	}
	return s.client.Lease(ctx, s.leaseRequest(id, free, note))
}

// reserve waits for room and returns the slots to ask for. It returns zero slots and a note where
// the agent must not take work but the site should hear from it; ok is false when ctx ended.
func (s *session) reserve(ctx context.Context) (free int, note string, ok bool) {
	silent := time.NewTimer(s.set.LeaseEvery)
	defer silent.Stop()
	for {
		if note := s.refusal(); note != "" {
			return 0, note, true
		}
		changed := s.slots.changed()
		if n := s.slots.reserve(s.share); n > 0 {
			return n, "", true
		}
		select {
		case <-changed:
		case <-silent.C:
			return 0, "", true
		case <-ctx.Done():
			return 0, "", false
		}
	}
}

// refusal is the reason for taking no work now, or "".
func (s *session) refusal() string {
	if d := s.ordered(); d != wpclient.DirectiveRun {
		return "asked to " + string(d)
	}
	return s.barred()
}

func (s *session) leaseRequest(id string, free int, note string) wpclient.LeaseRequest {
	return wpclient.LeaseRequest{
		RequestID: id, FreeSlots: free, Capabilities: s.able(), Agent: s.info(), Note: note,
	}
}

// startAll starts what there is room for and gives the rest back. More leases than asked for can
// only be the answer to an earlier, larger request whose answer was lost.
func (s *session) startAll(ctx context.Context, leases []wpclient.Lease, free int, sent time.Time) int {
	var started int
	var extra []wpclient.LeaseRef
	for _, l := range leases {
		if h := s.lookup(l.JobID); h != nil && h.Lease.Epoch >= l.Epoch {
			continue // the same lease, told twice
		}
		if started == free {
			extra = append(extra, l.Ref())
			continue
		}
		s.log.Info("leased", "job_id", l.JobID, "epoch", l.Epoch, "attempt", l.Attempt, "mime", l.MIME, "bytes", l.Bytes, "trace_id", l.TraceID)
		s.start(ctx, l, sent)
		started++
	}
	if len(extra) > 0 {
		s.release(ctx, extra, "no free slot")
	}
	return started
}

// turnDown gives back leases that make no sense, unworked. One that comes again is failed with the reason: the site would hand it out
// for ever.
func (s *session) turnDown(ctx context.Context, leases []wpclient.RefusedLease) {
	for _, r := range leases {
		s.log.Warn("a lease was not taken", "job_id", r.Ref.JobID, "error", r.Err.Error())
		switch {
		case !r.Valid:
		case r.Over:
			s.release(ctx, []wpclient.LeaseRef{r.Ref}, "time is up")
		case s.refused[r.Ref.JobID]:
			s.failMalformed(ctx, r)
		default:
			if len(s.refused) >= maxRefused {
				clear(s.refused)
			}
			s.refused[r.Ref.JobID] = true
			s.release(ctx, []wpclient.LeaseRef{r.Ref}, failure.Clip(r.Err.Message, 200))
		}
	}
}

// maxRefused bounds what is remembered of a site that talks nonsense.
const maxRefused = 1000

func (s *session) failMalformed(ctx context.Context, r wpclient.RefusedLease) {
	ctx, cancel := context.WithTimeout(ctx, s.set.ReleaseTime)
	defer cancel()
	f := &failure.Failure{Permanent: true, Code: "lease_malformed", Message: "The agent cannot take this job: " + r.Err.Message + "."}
	if _, err := s.client.Fail(ctx, f.Request(r.Ref)); err != nil {
		s.log.Warn("site did not take the failure", "job_id", r.Ref.JobID, "error", err.Error())
	}
}

// refsOf are all leases of an answer that can be given back, the ones that make no sense too.
func refsOf(resp wpclient.LeaseResponse) (refs []wpclient.LeaseRef) {
	for _, l := range resp.Leases {
		refs = append(refs, l.Ref())
	}
	for _, r := range resp.Refused {
		if r.Valid {
			refs = append(refs, r.Ref)
		}
	}
	return refs
}

// queueDone tells, for a run that ends with the queue, whether nothing is in the works.
func (s *session) queueDone() bool {
	for _, h := range s.holding() {
		if !h.Reporting() {
			return false
		}
	}
	return true
}

// rotateKey trades the key for a new one because the site asked. The old key works until the new
// one is used, so a failure here costs nothing but another try.
func (s *session) rotateKey(ctx context.Context) {
	k, err := s.client.Rotate(ctx)
	if err != nil {
		s.log.Warn("key rotation failed; it will be tried again", "error", err.Error())
		return
	}
	s.log.Info("key rotated", "key_id", k.KeyID)
}
