package agent

import (
	"context"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/agent/lease"
	"github.com/aidoc-pipeline/aidoc-agent/agent/site"
	"github.com/aidoc-pipeline/aidoc-agent/internal/backoff"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

// beatLoop renews all leases held on this site, as often as the most watched of them wants, until
// ctx ends. A beat that got no answer is repeated quickly: the fence of the leases is near.
func (s *session) beatLoop(ctx context.Context) {
	pace := backoff.New(s.set.RetryMin/2, 8*s.set.RetryMin)
	var last time.Time
	for {
		wait := s.nextBeat(last)
		t := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			t.Stop()
			return
		case <-t.C:
		case <-s.beatNow:
			t.Stop()
			// Pokes come in bursts (eight leases at once): one beat tells of all.
			if !backoff.Sleep(ctx, 50*time.Millisecond) {
				return
			}
		}
		for {
			last = time.Now()
			err := s.Beat(ctx)
			if err == nil {
				pace.Reset()
				break
			}
			if ctx.Err() != nil {
				return
			}
			w := min(site.WaitAfter(pace, err), 10*time.Second)
			s.log.Warn("site did not give an answer", "op", "beat", "error", err.Error(), "retry_in_ms", w.Milliseconds())
			if !backoff.Sleep(ctx, w) {
				return
			}
		}
	}
}

// nextBeat is the time until the next regular beat.
func (s *session) nextBeat(last time.Time) time.Duration {
	every := time.Hour
	for _, h := range s.holding() {
		every = min(every, h.Interval())
	}
	return max(0, time.Until(last.Add(backoff.Jitter(every, 0.1))))
}

// Beat sends one beat and acts on the answer; it sends nothing while nothing is held.
func (s *session) Beat(ctx context.Context) error {
	hs := s.holding()
	if len(hs) == 0 {
		return nil
	}
	info := s.info()
	req := wpclient.BeatRequest{Held: make([]wpclient.Held, 0, len(hs)), Agent: &info}
	for _, h := range hs {
		req.Held = append(req.Held, h.Report())
	}
	sent := time.Now()
	resp, err := s.client.Beat(ctx, req)
	if s.heard(resp.Directive, err) {
		s.obey(ctx, resp.Directive)
	}
	if err != nil {
		return err
	}
	s.poke(s.answered)
	for _, b := range resp.Leases {
		s.applyBeat(b, sent)
	}
	for _, bad := range resp.Refused { // not renewed, for all we know: the fence decides
		s.log.Warn("a lease was not renewed", "error", bad.Error())
	}
	return nil
}

func (s *session) applyBeat(b wpclient.BeatLease, sent time.Time) {
	h := s.lookup(b.JobID)
	if h == nil || h.Lease.Epoch != b.Epoch {
		return
	}
	switch b.Status {
	case "ok":
		h.Renew(sent, b)
	case "cancel", "lost":
		h.Cancel(lease.Lost(b))
	}
}
