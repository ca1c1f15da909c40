package agent

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/agent/journal"
	"github.com/aidoc-pipeline/aidoc-agent/internal/backoff"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

// outbox delivers finished results and stated failures: written to disk first, sent until the
// site answers for good. Items of one site go out one after another, sites side by side.
type outbox struct {
	a    *Agent
	wake chan struct{}

	mu      sync.Mutex
	waits   map[string]*backoff.Backoff // by site: a site that is down is not asked once per item
	after   map[string]time.Time
	waiting int
	size    int64
}

func newOutbox(a *Agent) *outbox {
	return &outbox{a: a, wake: make(chan struct{}, 1), waits: map[string]*backoff.Backoff{}, after: map[string]time.Time{}}
}

// add stores an item durably and wakes the sender.
func (o *outbox) add(ctx context.Context, j *job, it journal.Item) error {
	if err := o.a.opt.Journal.Enqueue(ctx, it, j.record(journal.StateReporting, "")); err != nil {
		return fmt.Errorf("write outbox: %w", err)
	}
	o.mu.Lock()
	o.waiting++
	o.size += int64(len(it.Body))
	o.mu.Unlock()
	if it.Kind == journal.KindResult {
		o.a.space.proved()
	}
	o.poke()
	return nil
}

// addFailure stores a stated reason, or tells the site directly.
func (o *outbox) addFailure(ctx context.Context, j *job, f *Failure) error {
	body, err := json.Marshal(failRequest(j.lease.Ref(), f))
	if err != nil {
		return fmt.Errorf("encode failure: %w", err)
	}
	it := journal.Item{
		ID: fmt.Sprintf("fail-%s-%d-%d", j.s.url, j.lease.JobID, j.lease.Epoch), Site: j.s.url, JobID: j.lease.JobID,
		Epoch: j.lease.Epoch, Kind: journal.KindFail, Body: body, CreatedAt: time.Now(),
	}
	return o.addOrCarry(ctx, j, it)
}

// addOrCarry stores an item, or delivers it from memory where the journal cannot take it.
func (o *outbox) addOrCarry(ctx context.Context, j *job, it journal.Item) error {
	err := o.add(ctx, j, it)
	if err == nil || ctx.Err() != nil || errors.Is(err, journal.ErrStaleEpoch) {
		return err
	}
	return j.carry(ctx, it, err)
}

func failRequest(ref wpclient.LeaseRef, f *Failure) wpclient.FailRequest {
	return wpclient.FailRequest{
		LeaseRef: ref, Class: f.Class(), Code: f.Code, Message: clip(f.Message, 500),
		RetryAfterS: int64(f.RetryAfter.Seconds()), Page: f.Page,
	}
}

func clip(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return string(r[:n-1]) + "…"
}

func (o *outbox) poke() {
	select {
	case o.wake <- struct{}{}:
	default:
	}
}

// pressure is the reason for taking no more work while too much waits to be delivered, or "".
func (o *outbox) pressure() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	set := o.a.set
	if (set.MaxOutboxItems > 0 && o.waiting >= set.MaxOutboxItems) || (set.MaxOutboxBytes > 0 && o.size >= set.MaxOutboxBytes) {
		return "too many results wait to be delivered"
	}
	return ""
}

// run delivers until ctx ends.
func (o *outbox) run(ctx context.Context) {
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
func (o *outbox) round(ctx context.Context) time.Duration {
	items, err := o.a.opt.Journal.Due(ctx, time.Now())
	if err != nil {
		if ctx.Err() == nil {
			o.a.log.Error("outbox cannot be read", "error", err.Error())
		}
		return 10 * time.Second
	}
	bySite := map[string][]journal.Item{}
	for _, it := range items {
		bySite[it.Site] = append(bySite[it.Site], it)
	}
	var wg sync.WaitGroup
	for site, its := range bySite {
		s := o.a.session(site)
		if s == nil {
			continue // a site that is no longer configured keeps its items until it is, or until purged
		}
		if time.Now().Before(o.resumeAt(site)) {
			continue
		}
		wg.Go(func() { o.deliverAll(ctx, s, its) })
	}
	wg.Wait()
	o.measure(ctx)
	return o.nextTry()
}

func (o *outbox) deliverAll(ctx context.Context, s *session, items []journal.Item) {
	for _, it := range items {
		if ctx.Err() != nil {
			return
		}
		if !o.deliver(ctx, s, it) {
			return // the site is not answering; the rest waits with this one
		}
	}
}

// deliver sends one item; false when the site gave no answer that counts.
func (o *outbox) deliver(ctx context.Context, s *session, it journal.Item) bool {
	post, err := o.send(ctx, s, it)
	switch {
	case ctx.Err() != nil:
		return false
	case err == nil || isFinal(err):
		o.concluded(ctx, s, it, post, err)
		return true
	}
	o.postpone(ctx, s, it, err)
	return false
}

// send is one attempt; it returns the id of the post that a result became.
func (o *outbox) send(ctx context.Context, s *session, it journal.Item) (post int64, err error) {
	if it.Kind == journal.KindResult {
		r, err := s.client.Result(ctx, it.Body)
		return r.PostID, err
	}
	var f wpclient.FailRequest
	if err = json.Unmarshal(it.Body, &f); err == nil {
		_, err = s.client.Fail(ctx, f)
	}
	return 0, err
}

// concluded ends an item about which the site has spoken: err is nil where it took it, else it is
// lost, cancelled, source changed, conflict or invalid.
func (o *outbox) concluded(ctx context.Context, s *session, it journal.Item, post int64, err error) {
	log := s.log.With("job_id", it.JobID, "epoch", it.Epoch, "kind", string(it.Kind))
	if it.Kind == journal.KindResult {
		// Not sooner: were this agent to die with an undelivered result, the next one goes on with these.
		defer s.tidyAfter(ctx, it.JobID, it.Body, err)
	}
	s.poke(s.answered)
	if err == nil {
		o.settle(ctx, s, it, "")
		log.Info("delivered", "post_id", post)
		return
	}
	o.settle(ctx, s, it, err.Error())
	log.Warn("site refused the outcome; artifacts are kept", "error", err.Error())
	if it.Kind == journal.KindResult && wpclient.KindOf(err) == wpclient.Invalid {
		o.failInvalid(ctx, s, it)
	}
}

// failInvalid tells the site that a result it calls malformed will not come again: without this
// the job would be leased, worked off and refused for ever.
func (o *outbox) failInvalid(ctx context.Context, s *session, it journal.Item) {
	var ref wpclient.LeaseRef
	if json.Unmarshal(it.Body, &ref) != nil {
		return
	}
	f := &Failure{Permanent: true, Code: "result_refused", Message: "The site does not understand this agent's result: update the plugin and the agent to matching versions."}
	if _, err := s.client.Fail(ctx, failRequest(ref, f)); err != nil {
		s.log.Warn("site did not take the failure", "job_id", it.JobID, "error", err.Error())
	}
}

// settle ends an item: delivered where reason is empty, else buried with it.
func (o *outbox) settle(ctx context.Context, s *session, it journal.Item, reason string) {
	var err error
	if reason == "" {
		err = o.a.opt.Journal.Delivered(ctx, it.ID)
	} else {
		err = o.a.opt.Journal.Bury(ctx, it.ID, reason)
	}
	if err != nil && ctx.Err() == nil {
		s.log.Error("outbox item could not be settled; it will be sent again, which is harmless", "error", err.Error())
	}
	switch {
	case err != nil: // counted when it is settled
	case reason != "":
		s.count(outcomeLost)
	case it.Kind == journal.KindResult:
		s.count(outcomeDone)
	default:
		s.count(outcomeFailed)
	}
	o.mu.Lock()
	delete(o.after, it.Site)
	if b := o.waits[it.Site]; b != nil {
		b.Reset()
	}
	o.mu.Unlock()
	if h := s.lookup(it.JobID); h != nil && h.lease.Epoch == it.Epoch {
		s.drop(h)
	}
}

func (o *outbox) postpone(ctx context.Context, s *session, it journal.Item, err error) {
	o.mu.Lock()
	b := o.waits[it.Site]
	if b == nil {
		b = backoff.New(time.Second, time.Minute)
		o.waits[it.Site] = b
	}
	wait := waitAfter(b, err)
	o.after[it.Site] = time.Now().Add(wait)
	o.mu.Unlock()
	s.log.Warn("site did not take the outcome yet", "job_id", it.JobID, "error", err.Error(), "retry_in_ms", wait.Milliseconds())
	if rerr := o.a.opt.Journal.Reschedule(ctx, it.ID, it.Attempts+1, time.Now().Add(wait), err.Error()); rerr != nil && ctx.Err() == nil {
		s.log.Error("outbox item could not be rescheduled", "error", rerr.Error())
	}
}

func (o *outbox) resumeAt(site string) time.Time {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.after[site]
}

// nextTry is the time until the first site may be asked again.
func (o *outbox) nextTry() time.Duration {
	o.mu.Lock()
	defer o.mu.Unlock()
	d := time.Minute
	for _, t := range o.after {
		d = min(d, time.Until(t))
	}
	return max(d, 50*time.Millisecond)
}

// measure reads the outbox's size, for pressure and status.
func (o *outbox) measure(ctx context.Context) {
	n, size, err := o.a.opt.Journal.OutboxSize(ctx)
	if err != nil {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.waiting, o.size = n, size
}

func (o *outbox) count() (int, int64) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.waiting, o.size
}

// errUndelivered is returned when a run ends with outcomes still on disk.
var errUndelivered = errors.New("results wait in the outbox; the next run delivers them")

// flush waits, at most for d, until nothing is left that could be delivered.
func (o *outbox) flush(ctx context.Context, d time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, d)
	defer cancel()
	for {
		o.measure(ctx)
		if n, _ := o.count(); n == 0 {
			return nil
		}
		o.poke()
		if !backoff.Sleep(ctx, 50*time.Millisecond) {
			n, _ := o.count()
			return fmt.Errorf("%d %w", n, errUndelivered)
		}
	}
}
