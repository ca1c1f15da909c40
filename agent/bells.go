package agent

import (
	"container/heap"
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/internal/backoff"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

// How often doorbells are looked at. A site that has rung or brought work within lively is looked at a little more often than
// Settings.PollMin says, which makes half of the uploads wait for less than a second. All the others together are looked at quietLooks times a
// second at the most: with few sites that is every PollMin, with 200 every 25 seconds.
const (
	lively     = time.Hour
	quietLooks = 8
)

// bells looks at the doorbells of all sites for the loops that wait for them. One goroutine keeps the times of all; each look is one of its own, so
// that a site that hangs delays no other.
type bells struct {
	set   dials
	began time.Time // of this process, so that those of many agents do not fall together

	mu      sync.Mutex
	due     bellQueue
	quiet   int    // listeners of sites without work lately
	changed signal // the first one due is another
}

func newBells(set dials) *bells { return &bells{set: set, began: time.Now(), changed: newSignal()} }

// listener is one loop that waits for its doorbell.
type listener struct {
	bell   *doorbell
	client Site
	url    string
	log    *slog.Logger
	heard  chan bool // once: true when it rang, false when it failed

	lively bool
	at     time.Time // of the next look
	index  int       // in bells.due; -1 while a look is under way, and afterwards
	ended  bool
}

// listen begins to look; the caller must end it.
func (b *bells) listen(client Site, bell *doorbell, url string, log *slog.Logger) *listener {
	now := time.Now()
	l := &listener{bell: bell, client: client, url: url, log: log, heard: make(chan bool, 1), lively: now.Sub(bell.busy) < lively}
	b.mu.Lock()
	defer b.mu.Unlock()
	if !l.lively {
		b.quiet++
	}
	b.put(l, bell.lastLook.Add(b.every(l)))
	return l
}

// end ends it. What a look finds that is under way then is not taken note of: the next one finds it again.
func (b *bells) end(l *listener) {
	b.mu.Lock()
	defer b.mu.Unlock()
	l.ended = true
	if l.index >= 0 {
		heap.Remove(&b.due, l.index)
	}
	if !l.lively {
		b.quiet--
	}
}

// every is the time between two looks. The caller holds mu.
func (b *bells) every(l *listener) time.Duration {
	if l.lively {
		return backoff.Jitter(b.set().PollMin*2/3, 0.1)
	}
	return backoff.Jitter(min(max(b.set().PollMin, time.Duration(b.quiet)*time.Second/quietLooks), max(b.set().PollMin, b.set().LeaseEvery/2)), 0.1)
}

// gather moves a time to the next moment at which an agent of many sites wakes up: what has time is done together, for it is the waking up that
// costs. With few sites each time stays as it is. The caller holds mu.
func (b *bells) gather(at time.Time) time.Time {
	step := b.set().PollMin
	if time.Duration(b.quiet)*time.Second/quietLooks <= step {
		return at
	}
	if over := at.Sub(b.began) % step; over > 0 {
		return at.Add(step - over)
	}
	return at
}

// together is gather for the end of a wait that begins now.
func (b *bells) together(wait time.Duration) time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := time.Now()
	return b.gather(now.Add(wait)).Sub(now)
}

// put plans the next look. The caller holds mu.
func (b *bells) put(l *listener, at time.Time) {
	if !l.lively {
		at = b.gather(at)
	}
	l.at = at
	heap.Push(&b.due, l)
	if l.index == 0 {
		b.changed.send()
	}
}

// run looks until ctx ends.
func (b *bells) run(ctx context.Context) {
	var looks sync.WaitGroup
	defer looks.Wait()
	for {
		t := time.NewTimer(b.begin(ctx, &looks))
		select {
		case <-t.C:
		case <-b.changed:
		case <-ctx.Done():
			t.Stop()
			return
		}
		t.Stop()
	}
}

// begin begins all looks that are due and returns the time until the next one.
func (b *bells) begin(ctx context.Context, looks *sync.WaitGroup) time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	for b.due.Len() > 0 {
		if wait := time.Until(b.due[0].at); wait > 0 {
			return wait
		}
		l := heap.Pop(&b.due).(*listener)
		seen := l.bell.next() // it is this look's until it is over
		looks.Go(func() {
			state, changed, err := l.client.Doorbell(ctx, l.url, seen)
			b.looked(ctx, l, state, changed, err)
		})
	}
	return time.Hour
}

// looked takes note of what a look has found.
func (b *bells) looked(ctx context.Context, l *listener, state wpclient.DoorbellState, changed bool, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if l.ended || ctx.Err() != nil {
		return
	}
	d := l.bell
	if err != nil {
		rest := d.failed()
		l.log.Info("doorbell does not work; polling instead", "error", err.Error(), "retry_in_ms", rest.Milliseconds())
		l.heard <- false
		return
	}
	d.lastLook = time.Now()
	if d.late(state) {
		d.keep(state)
		l.log.Warn("a cache in front of the site keeps the doorbell's file, whatever the agent asks it; polling instead. Leave wp-content/uploads/aidoc-doorbell/ out of the cache", "shown_by", state.Sign)
		l.heard <- false
		return
	}
	if state.Cached && !d.state.Cached {
		l.log.Warn("a cache in front of the site keeps the doorbell's file; the agent looks around it. Leave wp-content/uploads/aidoc-doorbell/ out of the cache", "shown_by", state.Sign)
	}
	if d.looked(state, changed) {
		d.busy = d.lastLook
		l.heard <- true
		return
	}
	b.put(l, d.lastLook.Add(b.every(l)))
}

// bellQueue is a heap of listeners, the first due at its head.
type bellQueue []*listener

func (q bellQueue) Len() int           { return len(q) }
func (q bellQueue) Less(i, j int) bool { return q[i].at.Before(q[j].at) }
func (q bellQueue) Swap(i, j int) {
	q[i], q[j] = q[j], q[i]
	q[i].index, q[j].index = i, j
}

// Push implements heap.Interface.
func (q *bellQueue) Push(x any) {
	l := x.(*listener)
	l.index = len(*q)
	*q = append(*q, l)
}

// Pop implements heap.Interface.
func (q *bellQueue) Pop() any {
	old := *q
	l := old[len(old)-1]
	old[len(old)-1], l.index = nil, -1
	*q = old[:len(old)-1]
	return l
}
