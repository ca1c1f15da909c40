package outbox

import (
	"context"
	"sync"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/agent/journal"
	"github.com/aidoc-pipeline/aidoc-agent/agent/site"
	"github.com/aidoc-pipeline/aidoc-agent/internal/backoff"
)

// gatherTime is how far apart deliveries to a site are that takes several results at once: a result that comes alone goes out at once,
// and those of a stream go together.
const gatherTime = time.Second

// unsettledRest is the pause before items are sent again whose end the journal did not take note of.
const unsettledRest = 10 * time.Second

// Run delivers until ctx ends. Sites are delivered to side by side: one that does not answer holds up nobody but itself.
func (o *Outbox) Run(ctx context.Context) {
	var deliveries sync.WaitGroup
	defer deliveries.Wait()
	for {
		next := o.round(ctx, &deliveries)
		t := time.NewTimer(next)
		select {
		case <-t.C:
		case <-o.wake:
			t.Stop()
		case <-ctx.Done():
			t.Stop()
			return
		}
	}
}

// round begins the delivery to every site that something is due for, and returns the time until the next look.
func (o *Outbox) round(ctx context.Context, deliveries *sync.WaitGroup) time.Duration {
	sites, err := o.opt.Journal.DueSites(ctx, time.Now())
	if err != nil {
		if ctx.Err() == nil {
			o.opt.Log.Error("outbox cannot be read", "error", err.Error())
		}
		return 10 * time.Second
	}
	for _, url := range sites {
		to, ok := o.opt.Sender(url)
		if !ok {
			continue // a site that is no longer configured keeps its items until it is, or until purged
		}
		if o.begin(url) {
			deliveries.Go(func() {
				o.deliverDue(ctx, url, to)
				o.end(url)
			})
		}
	}
	o.measure(ctx)
	return o.nextTry()
}

// deliverDue sends what is due for one site until nothing is, or the site does not answer.
func (o *Outbox) deliverDue(ctx context.Context, url string, to Sender) {
	for ctx.Err() == nil {
		items, err := o.opt.Journal.Due(ctx, url, time.Now())
		if err != nil || len(items) == 0 {
			return // an error shows in the next round
		}
		before := o.unsettled.Load()
		for len(items) > 0 {
			n, ok := o.deliverSome(ctx, to, items)
			if !ok {
				return // the site is not answering; the rest waits with this one
			}
			items = items[n:]
		}
		if o.unsettled.Load() != before {
			o.leaveAlone(url, unsettledRest)
			return // else they would be sent again without a pause
		}
		if takesSeveral(to) && !o.pause(ctx, gatherTime) {
			return
		}
	}
}

// begin reserves a site for a delivery; false while one is under way, and while the site rests.
func (o *Outbox) begin(url string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.busy[url] || time.Now().Before(o.after[url]) {
		return false
	}
	o.busy[url] = true
	return true
}

// end ends it. The next round sees what was added at the last moment, and how long the site rests: Run sleeps by what was known
// when the delivery began.
func (o *Outbox) end(url string) {
	o.mu.Lock()
	delete(o.busy, url)
	o.mu.Unlock()
	o.Poke()
}

// leaveAlone makes the next delivery to a site begin no sooner.
func (o *Outbox) leaveAlone(url string, rest time.Duration) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.after[url] = time.Now().Add(rest)
}

// rest leaves a site alone for a while that has not answered about an item.
func (o *Outbox) rest(ctx context.Context, it journal.Item, err error) {
	o.mu.Lock()
	b := o.waits[it.Site]
	if b == nil {
		b = backoff.New(o.opt.RetryMin, 60*o.opt.RetryMin)
		o.waits[it.Site] = b
	}
	wait := site.WaitAfter(b, err)
	o.after[it.Site] = time.Now().Add(wait)
	o.mu.Unlock()
	o.postpone(ctx, it, wait, err)
}

// postpone notes that an item is to be sent again.
func (o *Outbox) postpone(ctx context.Context, it journal.Item, wait time.Duration, err error) {
	o.logOf(it).Warn("site did not take the outcome yet", "error", err.Error(), "retry_in_ms", wait.Milliseconds())
	if rerr := o.opt.Journal.Reschedule(ctx, it.ID, it.Attempts+1, time.Now().Add(wait), err.Error()); rerr != nil && ctx.Err() == nil {
		o.logOf(it).Error("outbox item could not be rescheduled", "error", rerr.Error())
	}
}

// lookAgain makes a round after that time at the latest.
func (o *Outbox) lookAgain(wait time.Duration) {
	at := time.Now().Add(wait)
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.again.IsZero() || at.Before(o.again) {
		o.again = at
	}
}

// answered ends a site's rest.
func (o *Outbox) answered(url string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	delete(o.after, url)
	if b := o.waits[url]; b != nil {
		b.Reset()
	}
}

// nextTry is the time until the first site may be asked again.
func (o *Outbox) nextTry() time.Duration {
	o.mu.Lock()
	defer o.mu.Unlock()
	d := time.Minute
	for url, t := range o.after {
		if o.busy[url] {
			continue
		}
		wait := time.Until(t)
		if wait <= 0 {
			delete(o.after, url) // it has rested; what is due for it goes out in the next round
		}
		d = min(d, wait)
	}
	if !o.again.IsZero() {
		d = min(d, time.Until(o.again))
		if d <= 0 {
			o.again = time.Time{}
		}
	}
	return max(d, 50*time.Millisecond)
}
