package outbox

import (
	"context"
	"encoding/json"
	"log/slog"
	"sync"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/agent/failure"
	"github.com/aidoc-pipeline/aidoc-agent/agent/journal"
	"github.com/aidoc-pipeline/aidoc-agent/agent/site"
	"github.com/aidoc-pipeline/aidoc-agent/internal/backoff"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

// Run delivers until ctx ends.
func (o *Outbox) Run(ctx context.Context) {
	for {
		next := o.round(ctx)
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

// round tries every item that is due and returns the time until the next try.
func (o *Outbox) round(ctx context.Context) time.Duration {
	items, err := o.opt.Journal.Due(ctx, time.Now())
	if err != nil {
		if ctx.Err() == nil {
			o.opt.Log.Error("outbox cannot be read", "error", err.Error())
		}
		return 10 * time.Second
	}
	bySite := map[string][]journal.Item{}
	for _, it := range items {
		bySite[it.Site] = append(bySite[it.Site], it)
	}
	var wg sync.WaitGroup
	for url, its := range bySite {
		to, ok := o.opt.Sender(url)
		if !ok {
			continue // a site that is no longer configured keeps its items until it is, or until purged
		}
		if time.Now().Before(o.resumeAt(url)) {
			continue
		}
		wg.Go(func() { o.deliverAll(ctx, to, its) })
	}
	wg.Wait()
	o.measure(ctx)
	return o.nextTry()
}

func (o *Outbox) deliverAll(ctx context.Context, to Sender, items []journal.Item) {
	for _, it := range items {
		if ctx.Err() != nil {
			return
		}
		if !o.deliver(ctx, to, it) {
			return // the site is not answering; the rest waits with this one
		}
	}
}

// deliver sends one item; false when the site gave no answer that counts.
func (o *Outbox) deliver(ctx context.Context, to Sender, it journal.Item) bool {
	post, err := o.send(ctx, to, it)
	switch {
	case ctx.Err() != nil:
		return false
	case err == nil || site.IsFinal(err):
		o.conclude(ctx, to, it, post, err)
		return true
	}
	o.postpone(ctx, it, err)
	return false
}

// send is one attempt; it returns the id of the post that a result became.
func (o *Outbox) send(ctx context.Context, to Sender, it journal.Item) (post int64, err error) {
	if it.Kind == journal.KindResult {
		r, err := to.Result(ctx, it.Body)
		return r.PostID, err
	}
	var f wpclient.FailRequest
	if err = json.Unmarshal(it.Body, &f); err == nil {
		_, err = to.Fail(ctx, f)
	}
	return 0, err
}

// conclude ends an item about which the site has spoken: refusal is nil where it took it.
func (o *Outbox) conclude(ctx context.Context, to Sender, it journal.Item, post int64, refusal error) {
	c := Conclusion{Item: it, Refusal: refusal, Settled: o.settle(ctx, it, refusal)}
	log := o.logOf(it).With("epoch", it.Epoch, "kind", string(it.Kind))
	if refusal == nil {
		log.Info("delivered", "post_id", post)
	} else {
		log.Warn("site refused the outcome; artifacts are kept", "error", refusal.Error())
	}
	o.opt.Concluded(ctx, c)
	if it.Kind == journal.KindResult && wpclient.KindOf(refusal) == wpclient.Invalid {
		o.failInvalid(ctx, to, it)
	}
}

func (o *Outbox) logOf(it journal.Item) *slog.Logger {
	return o.opt.Log.With("site", it.Site, "job_id", it.JobID)
}

// failInvalid tells the site that a result it calls malformed will not come again: without this
// the job would be leased, worked off and refused for ever.
func (o *Outbox) failInvalid(ctx context.Context, to Sender, it journal.Item) {
	var ref wpclient.LeaseRef
	if json.Unmarshal(it.Body, &ref) != nil {
		return
	}
	f := &failure.Failure{Permanent: true, Code: "result_refused", Message: "The site does not understand this agent's result: update the plugin and the agent to matching versions."}
	if _, err := to.Fail(ctx, f.Request(ref)); err != nil {
		o.logOf(it).Warn("site did not take the failure", "error", err.Error())
	}
}

// settle tells the journal of an item's end, delivered or buried, and whether it took note.
func (o *Outbox) settle(ctx context.Context, it journal.Item, refusal error) bool {
	var err error
	if refusal == nil {
		err = o.opt.Journal.Delivered(ctx, it.ID)
	} else {
		err = o.opt.Journal.Bury(ctx, it.ID, refusal.Error())
	}
	if err != nil && ctx.Err() == nil {
		o.logOf(it).Error("outbox item could not be settled; it will be sent again, which is harmless", "error", err.Error())
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	delete(o.after, it.Site)
	if b := o.waits[it.Site]; b != nil {
		b.Reset()
	}
	return err == nil
}

func (o *Outbox) postpone(ctx context.Context, it journal.Item, err error) {
	o.mu.Lock()
	b := o.waits[it.Site]
	if b == nil {
		b = backoff.New(o.opt.RetryMin, 60*o.opt.RetryMin)
		o.waits[it.Site] = b
	}
	wait := site.WaitAfter(b, err)
	o.after[it.Site] = time.Now().Add(wait)
	o.mu.Unlock()
	o.logOf(it).Warn("site did not take the outcome yet", "error", err.Error(), "retry_in_ms", wait.Milliseconds())
	if rerr := o.opt.Journal.Reschedule(ctx, it.ID, it.Attempts+1, time.Now().Add(wait), err.Error()); rerr != nil && ctx.Err() == nil {
		o.logOf(it).Error("outbox item could not be rescheduled", "error", rerr.Error())
	}
}

func (o *Outbox) resumeAt(url string) time.Time {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.after[url]
}

// nextTry is the time until the first site may be asked again.
func (o *Outbox) nextTry() time.Duration {
	o.mu.Lock()
	defer o.mu.Unlock()
	d := time.Minute
	for _, t := range o.after {
		d = min(d, time.Until(t))
	}
	return max(d, 50*time.Millisecond)
}
