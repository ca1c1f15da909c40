package agent

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/internal/backoff"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

// firstLook is when the queue is asked again after the doorbell was seen for the first time, where the site does not say what it held.
const firstLook = 10 * time.Second

// idle decides how long to wait before asking an empty queue again. With a doorbell the wait ends
// when it rings, at the cost of a static file every PollMin or less (bells); without one it grows from PollMin to
// PollMax with full jitter.
type idle struct {
	set     dials
	client  Site
	bells   *bells
	bell    *doorbell
	pollNow signal
	refusal func() string // why no work is taken now, or ""
	log     *slog.Logger

	bound time.Duration // of the last wait without a doorbell
}

// reset is called when there is work.
func (i *idle) reset() { i.bound, i.bell.busy = 0, time.Now() }

// wait returns when it is time to ask again; false when ctx ended.
func (i *idle) wait(ctx context.Context, last wpclient.LeaseResponse) bool {
	set := i.set()
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

// listen waits until the doorbell rings, fails or has been silent for LeaseEvery. A
// lease that runs out and a retry that comes due ring no bell: the site says when to look for those.
func (i *idle) listen(ctx context.Context, last wpclient.LeaseResponse) bool {
	silence := backoff.Jitter(i.set().LeaseEvery, 0.1)
	if due := time.Duration(last.NextPollMS) * time.Millisecond; due > 0 {
		silence = min(silence, max(due, i.set().PollMin))
	}
	// A job may have come between the empty answer and the first look at the doorbell. To ask again
	// at once for that would double the requests of every start, so it is done a little later.
	if !i.bell.seen && i.bell.signed == "" {
		silence = min(silence, firstLook/2+rand.N(firstLook))
	}
	l := i.bells.listen(i.client, i.bell, last.Doorbell.URL, i.log)
	defer i.bells.end(l)
	t := time.NewTimer(i.bells.together(silence))
	defer t.Stop()
	select {
	case rang := <-l.heard:
		if !rang {
			return true
		}
		return i.pause(ctx, among(last.Agents, i.set().PollMin/8, ringEvery, ringsLongest)) != ended
	case <-i.pollNow:
		return true
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}
