// Package outbox delivers finished results and stated failures until the site has answered: written to disk first, or straight from
// memory where the disk is full. It knows items, a journal and who sends to a site; no lease and no job.
package outbox

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/agent/journal"
	"github.com/aidoc-pipeline/aidoc-agent/internal/backoff"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

// Journal keeps what waits.
type Journal interface {
	Enqueue(ctx context.Context, it journal.Item, job journal.JobRecord) error
	DueSites(ctx context.Context, now time.Time) ([]string, error)
	Due(ctx context.Context, site string, now time.Time) ([]journal.Item, error)
	Reschedule(ctx context.Context, id string, attempts int, next time.Time, lastErr string) error
	Delivered(ctx context.Context, ids ...string) error
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

// Conclusion is the site's final answer about an item.
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
	// From these on the agent is to take no more work; 0: never. See Bound.
	MaxItems int
	MaxBytes int64
	RetryMin time.Duration // before a site that gave no answer is asked again, at first
	Log      *slog.Logger
}

// Outbox sends what waits until the site answers for good. Items of one site go out one after another, or several results together; sites side by side.
type Outbox struct {
	opt  Options
	wake chan struct{}

	unsettled atomic.Int64 // items that a site has spoken about and the journal did not take note of

	mu      sync.Mutex
	waits   map[string]*backoff.Backoff // by site: a site that is down is not asked once per item
	after   map[string]time.Time
	busy    map[string]bool // sites to which something is being delivered
	again   time.Time       // when to look again for what no site rests for
	waiting int
	size    int64
}

// New makes an outbox; Run delivers.
func New(opt Options) *Outbox {
	return &Outbox{opt: opt, wake: make(chan struct{}, 1), waits: map[string]*backoff.Backoff{}, after: map[string]time.Time{}, busy: map[string]bool{}}
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

// Bound changes from how much on the agent is to take no more work; 0: never.
func (o *Outbox) Bound(items int, bytes int64) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.opt.MaxItems, o.opt.MaxBytes = items, bytes
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
