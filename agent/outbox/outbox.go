// Package outbox delivers finished results and stated failures until the site has answered: written to disk first, or straight from
// memory where the disk is full. It knows items, a journal and who sends to a site; no lease and no job.
package outbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/agent/failure"
	"github.com/aidoc-pipeline/aidoc-agent/agent/journal"
	"github.com/aidoc-pipeline/aidoc-agent/agent/site"
	"github.com/aidoc-pipeline/aidoc-agent/internal/backoff"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

// Journal keeps what waits.
type Journal interface {
	Enqueue(ctx context.Context, it journal.Item, job journal.JobRecord) error
	Due(ctx context.Context, now time.Time) ([]journal.Item, error)
	Reschedule(ctx context.Context, id string, attempts int, next time.Time, lastErr string) error
	Delivered(ctx context.Context, id string) error
	Bury(ctx context.Context, id, reason string) error
	OutboxSize(ctx context.Context) (items int, bytes int64, err error)
}

var _ Journal = (*journal.Journal)(nil)

// Sender tells one site an outcome; every call is one attempt.
type Sender interface {
	// Result delivers body, which must be the same bytes at each try: the site compares them.
	Result(ctx context.Context, body []byte) (wpclient.ResultResponse, error)
	Fail(ctx context.Context, req wpclient.FailRequest) (wpclient.FailResponse, error)
}

var _ Sender = (*wpclient.Client)(nil)

// Conclusion is the site's last word about an item.
type Conclusion struct {
	Item    journal.Item
	Refusal error // nil where the site took it; else it is lost, cancelled, source changed, conflict or invalid
	Settled bool  // false where the journal did not take note: the item is sent again, which is harmless
}

// Options are what an outbox is made of.
type Options struct {
	Journal Journal
	Sender  func(siteURL string) (Sender, bool) // false: no such site is configured
	// Stored is told of an item that is on disk, Concluded of one about which the site has spoken.
	Stored    func(it journal.Item)
	Concluded func(ctx context.Context, c Conclusion)
	Stopping  <-chan struct{} // closed when nothing more is to be waited for
	// From these on the agent is to take no more work; 0: never.
	MaxItems int
	MaxBytes int64
	Log      *slog.Logger
}

// Outbox sends what waits until the site answers for good. Items of one site go out one after another, sites side by side.
type Outbox struct {
	opt  Options
	wake chan struct{}

	mu      sync.Mutex
	waits   map[string]*backoff.Backoff // by site: a site that is down is not asked once per item
	after   map[string]time.Time
	waiting int
	size    int64
}

// New makes an outbox; Run delivers.
func New(opt Options) *Outbox {
	return &Outbox{opt: opt, wake: make(chan struct{}, 1), waits: map[string]*backoff.Backoff{}, after: map[string]time.Time{}}
}

// Add stores an item durably, together with the state of its job, and wakes the sender.
func (o *Outbox) Add(ctx context.Context, it journal.Item, job journal.JobRecord) error {
	if err := o.opt.Journal.Enqueue(ctx, it, job); err != nil {
		return fmt.Errorf("write outbox: %w", err)
	}
	o.mu.Lock()
	o.waiting++
	o.size += int64(len(it.Body))
	o.mu.Unlock()
	o.opt.Stored(it)
	o.Poke()
	return nil
}

// Poke wakes the sender.
func (o *Outbox) Poke() {
	select {
	case o.wake <- struct{}{}:
	default:
	}
}

// Pressure is the reason for taking no more work while too much waits to be delivered, or "".
func (o *Outbox) Pressure() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	if (o.opt.MaxItems > 0 && o.waiting >= o.opt.MaxItems) || (o.opt.MaxBytes > 0 && o.size >= o.opt.MaxBytes) {
		return "too many results wait to be delivered"
	}
	return ""
}

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
		b = backoff.New(time.Second, time.Minute)
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

// measure reads the outbox's size, for pressure and status.
func (o *Outbox) measure(ctx context.Context) {
	n, size, err := o.opt.Journal.OutboxSize(ctx)
	if err != nil {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.waiting, o.size = n, size
}

// Count is how much waits: items and bytes.
func (o *Outbox) Count() (int, int64) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.waiting, o.size
}

// errUndelivered is returned when a run ends with outcomes still on disk.
var errUndelivered = errors.New("results wait in the outbox; the next run delivers them")

// Flush waits, at most for d, until nothing is left that could be delivered.
func (o *Outbox) Flush(ctx context.Context, d time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, d)
	defer cancel()
	for {
		o.measure(ctx)
		if n, _ := o.Count(); n == 0 {
			return nil
		}
		o.Poke()
		if !backoff.Sleep(ctx, 50*time.Millisecond) {
			n, _ := o.Count()
			return fmt.Errorf("%d %w", n, errUndelivered)
		}
	}
}
