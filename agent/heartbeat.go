package agent

import (
	"context"
	"log/slog"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/agent/lease"
	"github.com/aidoc-pipeline/aidoc-agent/agent/site"
	"github.com/aidoc-pipeline/aidoc-agent/internal/backoff"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

// heartbeat renews the leases held of one site.
type heartbeat struct {
	set      dials
	client   Site
	held     *heldLeases
	contact  *contact
	beatNow  signal
	armed    signal // told of each new lease
	answered signal // told of each answer
	info     func() wpclient.AgentInfo
	obey     func(context.Context, wpclient.Directive)
	log      *slog.Logger
}

// loop renews all leases held on this site, as often as the most watched of them wants, until
// ctx ends. A job that is over within one interval needs no beat. A beat that got no answer is repeated quickly: the fence of the leases is near.
func (b *heartbeat) loop(ctx context.Context) {
	pace := backoff.New(b.set().RetryMin/2, 8*b.set().RetryMin)
	var last time.Time
	for {
		wait := b.nextBeat(last)
		t := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			t.Stop()
			return
		case <-t.C:
		case <-b.armed:
			t.Stop()
			continue
		case <-b.beatNow:
			t.Stop()
			// Pokes come in bursts (eight leases at once): one beat tells of all.
			if !backoff.Sleep(ctx, 50*time.Millisecond) {
				return
			}
		}
		for {
			last = time.Now()
			err := b.beat(ctx)
			if err == nil {
				pace.Reset()
				break
			}
			if ctx.Err() != nil {
				return
			}
			w := min(site.WaitAfter(pace, err), 10*time.Second)
			b.log.Warn("site did not give an answer", "op", "beat", "error", err.Error(), "retry_in_ms", w.Milliseconds())
			if !backoff.Sleep(ctx, w) {
				return
			}
		}
	}
}

// nextBeat is the time until the next regular beat: the first that a lease is due for, and not sooner after the last than that lease wants, whatever
// became of it.
func (b *heartbeat) nextBeat(last time.Time) time.Duration {
	wait := time.Hour
	for _, h := range b.held.all() {
		every, at := h.NextBeat()
		if again := last.Add(every); again.After(at) {
			at = again
		}
		wait = min(wait, time.Until(at)+backoff.Jitter(every, 0.1)-every)
	}
	return max(0, wait)
}

// beat sends one beat and acts on the answer; it sends nothing while nothing is held.
func (b *heartbeat) beat(ctx context.Context) error {
	hs := b.held.all()
	if len(hs) == 0 {
		return nil
	}
	info := b.info()
	req := wpclient.BeatRequest{Held: make([]wpclient.Held, 0, len(hs)), Agent: &info}
	for _, h := range hs {
		req.Held = append(req.Held, h.Report())
	}
	sent := time.Now()
	resp, err := b.client.Beat(ctx, req)
	if b.contact.answered(resp.Directive, err) {
		b.obey(ctx, resp.Directive)
	}
	if err != nil {
		return err
	}
	b.answered.send()
	for _, l := range resp.Leases {
		b.apply(l, sent)
	}
	for _, bad := range resp.Refused { // not renewed, for all we know: the fence decides
		b.log.Warn("a lease was not renewed", "error", bad.Error())
	}
	return nil
}

func (b *heartbeat) apply(l wpclient.BeatLease, sent time.Time) {
	h := b.held.get(l.JobID)
	if h == nil || h.Lease.Epoch != l.Epoch {
		return
	}
	switch l.Status {
	case "ok":
		h.Renew(sent, l)
	case "cancel", "lost":
		h.Cancel(lease.Lost(l))
	}
}
