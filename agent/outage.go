package agent

import (
	"context"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/agent/site"
	"github.com/aidoc-pipeline/aidoc-agent/internal/backoff"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

// outage waits for a site that gave no answer to come back.
type outage struct {
	set      dials
	client   Site
	bell     *doorbell
	contact  *contact
	answered signal // the site answered something else than a lease request
}

// sitOut waits for d before a lease is asked for again that failed with why; false when ctx ended. Where it was the site's own wish
// to wait, d is kept. Else the site may be back before: an answer to a beat or a result ends the wait, and so does its doorbell, which
// a web server gives out while WordPress is in maintenance.
func (o *outage) sitOut(ctx context.Context, d time.Duration, why error, bell *wpclient.Doorbell) bool {
	if site.Asked(why) > 0 {
		return backoff.Sleep(ctx, d)
	}
	o.answered.clear() // what came before it failed
	over := time.NewTimer(d)
	defer over.Stop()
	look := time.NewTimer(backoff.Jitter(o.set().PollMin, 0.1))
	defer look.Stop()
	if bell == nil || o.set().NoDoorbell {
		look.Stop()
	}
	for {
		select {
		case <-over.C:
			return true
		case <-ctx.Done():
			return false
		case <-o.answered:
			return o.comeBack(ctx, over)
		case <-look.C:
			if o.rang(ctx, bell) {
				return o.comeBack(ctx, over)
			}
			look.Reset(max(backoff.Jitter(o.set().PollMin, 0.1), time.Until(o.bell.restUntil)))
		}
	}
}

// comeBack waits a little before the site is asked that is back, at most until over: every agent of it may have noticed.
func (o *outage) comeBack(ctx context.Context, over *time.Timer) bool {
	spread := time.NewTimer(among(o.contact.crowd(), 2*o.set().PollMin, startEvery, startsLongest))
	defer spread.Stop()
	select {
	case <-spread.C:
	case <-over.C:
	case <-ctx.Done():
		return false
	}
	return true
}

// rang looks at the doorbell of a site that does not answer otherwise. The first look rings for nobody.
func (o *outage) rang(ctx context.Context, bell *wpclient.Doorbell) bool {
	d := o.bell
	if d.resting() {
		return false
	}
	state, changed, err := o.client.Doorbell(ctx, bell.URL, d.state)
	if err != nil {
		d.failed()
		return false
	}
	changed = changed && d.seen
	d.state, d.seen, d.rest = state, true, 0
	return changed
}
