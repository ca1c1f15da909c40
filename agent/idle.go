package agent

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/internal/backoff"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

// firstLook is when the queue is asked again after the doorbell was seen for the first time.
const firstLook = 10 * time.Second

// idle decides how long to wait before asking an empty queue again. With a doorbell the wait ends
// when it rings, at the cost of a static file every PollMin; without one it grows from PollMin to
// PollMax with full jitter.
type idle struct {
	set     Settings
	client  Site
	bell    *doorbell
	pollNow signal
	refusal func() string // why no work is taken now, or ""
	log     *slog.Logger

	bound time.Duration // of the last wait without a doorbell
}

func (i *idle) reset() { i.bound = 0 }

// wait returns when it is time to ask again; false when ctx ended.
func (i *idle) wait(ctx context.Context, last wpclient.LeaseResponse) bool {
	set := i.set
	if i.refusal() != "" {
		return i.pause(ctx, backoff.Jitter(set.LeaseEvery/2, 0.2)) != ended
	}
	if !set.NoDoorbell && last.Doorbell != nil && !i.bell.resting() {
		return i.listen(ctx, last)
	}
	i.bound = min(max(time.Duration(1.6*float64(i.bound)), set.PollMin), set.PollMax)
	wait := set.PollMin/2 + rand.N(i.bound)
	asked := time.Duration(last.NextPollMS) * time.Millisecond
	switch {
	case last.Doorbell == nil: // the site paces its agents by their number
		wait = max(wait, min(asked, set.PollMax))
	case asked > 0: // it reckons with a bell that does not reach us: only what is due counts
		wait = min(wait, max(asked, set.PollMin))
	}
	return i.pause(ctx, wait) != ended
}

// Why a pause was over.
type pauseEnd int

const (
	elapsed pauseEnd = iota
	poked            // a slot came free, or the directive changed: ask now
	ended            // the context is over
)

// pause waits for d, for a poke, or for the end of ctx.
func (i *idle) pause(ctx context.Context, d time.Duration) pauseEnd {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return elapsed
	case <-i.pollNow:
		return poked
	case <-ctx.Done():
		return ended
	}
}

// listen asks the doorbell every PollMin until it rings, fails or has been silent for LeaseEvery. A
// lease that runs out and a retry that comes due ring no bell: the site says when to look for those.
func (i *idle) listen(ctx context.Context, last wpclient.LeaseResponse) bool {
	d, url := i.bell, last.Doorbell.URL
	silence := backoff.Jitter(i.set.LeaseEvery, 0.1)
	if due := time.Duration(last.NextPollMS) * time.Millisecond; due > 0 {
		silence = min(silence, max(due, i.set.PollMin))
	}
	until := time.Now().Add(silence)
	for time.Now().Before(until) {
		state, changed, err := i.client.Doorbell(ctx, url, d.state)
		if ctx.Err() != nil {
			return false
		}
		if err != nil {
			rest := d.failed()
			i.log.Info("doorbell does not work; polling instead", "error", err.Error(), "retry_in_ms", rest.Milliseconds())
			return true
		}
		if state.Cached && !d.state.Cached {
			i.log.Warn("a cache in front of the site keeps the doorbell's file; the agent looks around it. Leave wp-content/uploads/aidoc-doorbell/ out of the cache")
		}
		// A job may have come between the empty answer and the first look at the doorbell. To ask again
		// at once for that would double the requests of every start, so it is done a little later.
		if !d.seen {
			d.state, d.seen, changed = state, true, false
			until = time.Now().Add(min(silence, firstLook/2+rand.N(firstLook)))
		}
		d.state, d.rest = state, 0
		if changed {
			return i.pause(ctx, rand.N(i.set.PollMin/8+1)) != ended // several agents hear the same ring
		}
		if end := i.pause(ctx, min(backoff.Jitter(i.set.PollMin, 0.1), time.Until(until))); end != elapsed {
			return end == poked
		}
	}
	return true
}
