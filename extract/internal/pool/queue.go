package pool

import (
	"context"
	"slices"
	"time"
)

// timeSlice is how long a child serves one tenant before it is replaced by one for another tenant that waits: starting a
// child takes a twentieth of it.
const timeSlice = time.Second

// waiter waits in the queue for a child.
type waiter struct {
	tenant string
	grant  chan *child // nil means: start one
}

// acquire gives a child that has read for this tenant or for none: an idle one, a new one, or one that the queue brings.
func (p *Pool) acquire(ctx context.Context, tenant string) (*child, error) {
	p.mu.Lock()
	if p.closed {
		p.mu.Unlock()
		return nil, errClosed
	}
	if len(p.queue) > 0 || len(p.idle) == 0 && p.startable == 0 {
		w := waiter{tenant: tenant, grant: make(chan *child, 1)}
		p.queue = append(p.queue, w)
		p.mu.Unlock()
		return p.awaitGrant(ctx, w)
	}
	k := p.takeIdle(tenant)
	if k == nil {
		p.startable--
	}
	p.mu.Unlock()
	if k != nil && k.mayServe(tenant) {
		err := k.checkIdle()
		if err == nil {
			return k.assign(tenant), nil
		}
		p.cfg.Logger.Warn("extraction child ended while it had nothing to do", "error", err, "said", k.stderr.Hints())
	}
	if k != nil {
		p.endChild(k)
	}
	return p.startFor(ctx, tenant)
}

// awaitGrant waits until w is the one who gets a child.
func (p *Pool) awaitGrant(ctx context.Context, w waiter) (*child, error) {
	select {
	case k := <-w.grant:
		if k == nil {
			return p.startFor(ctx, w.tenant)
		}
		return k.assign(w.tenant), nil
	case <-ctx.Done():
		p.dequeue(w)
		return nil, context.Cause(ctx)
	}
}

// takeIdle takes a child of this tenant or of none; where there is neither and no other may be started, the one that
// has been idle longest.
func (p *Pool) takeIdle(tenant string) *child {
	i := slices.IndexFunc(p.idle, func(k *child) bool { return k.assigned && k.tenant == tenant })
	if i < 0 {
		i = slices.IndexFunc(p.idle, func(k *child) bool { return !k.assigned })
	}
	if i < 0 {
		if p.startable > 0 {
			return nil
		}
		i = 0
	}
	k := p.idle[i]
	p.idle = slices.Delete(p.idle, i, i+1)
	k.idleTimer.Stop()
	return k
}

// keepIdle keeps a child for the next document, for a while: starting another one is quick, and what it holds is memory that others
// could use. p.mu is held.
func (p *Pool) keepIdle(k *child) {
	p.freed = time.Now()
	p.idle = append(p.idle, k)
	if k.idleTimer == nil {
		k.idleTimer = time.AfterFunc(p.cfg.idleTimeout, func() { p.dismiss(k) })
		return
	}
	k.idleTimer.Reset(p.cfg.idleTimeout)
}

// dismiss ends a child that has had nothing to do, unless it was given a document at the last moment.
func (p *Pool) dismiss(k *child) {
	p.mu.Lock()
	i := slices.Index(p.idle, k)
	if i < 0 || p.closed {
		p.mu.Unlock()
		return
	}
	p.idle = slices.Delete(p.idle, i, i+1)
	p.mu.Unlock()
	p.discard(k)
}

// mayServe says that the child may be given a document of this tenant.
func (k *child) mayServe(tenant string) bool { return !k.assigned || k.tenant == tenant }

// assign makes the child one of this tenant, for good.
func (k *child) assign(tenant string) *child {
	if !k.assigned {
		k.tenant, k.assigned, k.sliceStart = tenant, true, time.Now()
	}
	return k
}

// startFor starts a child, for which the caller has taken one of startable; it is given back when that fails.
func (p *Pool) startFor(ctx context.Context, tenant string) (*child, error) {
	k, err := p.startChild(ctx)
	if err != nil {
		p.allowStart()
		return nil, err
	}
	p.mu.Lock()
	closed := p.closed
	p.mu.Unlock()
	if closed {
		p.discard(k)
		return nil, errClosed
	}
	return k.assign(tenant), nil
}

// dequeue leaves the queue, passing on what was granted meanwhile.
func (p *Pool) dequeue(w waiter) {
	p.mu.Lock()
	if i := slices.IndexFunc(p.queue, func(o waiter) bool { return o.grant == w.grant }); i >= 0 {
		p.queue = slices.Delete(p.queue, i, i+1)
		p.mu.Unlock()
		return
	}
	p.mu.Unlock()
	if k := <-w.grant; k != nil {
		p.release(k)
	} else {
		p.allowStart()
	}
}

// shouldYield says that a child that still has work should go to a waiter.
func (p *Pool) shouldYield(k *child) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.nextWaiter(k) >= 0
}

// nextWaiter is the index in the queue of the waiter who gets a child that still has work, -1 when it should go on. The queue
// is first in, first out; but within the time slice waiters of the child's own tenant go before those of another.
func (p *Pool) nextWaiter(k *child) int {
	same := slices.IndexFunc(p.queue, func(w waiter) bool { return k.mayServe(w.tenant) })
	if len(p.queue) > 0 && time.Since(k.sliceStart) >= timeSlice {
		return 0
	}
	return same
}

// release takes the document from a child and gives the child to the next waiter or to the idle ones.
func (p *Pool) release(k *child) {
	if k.pages >= p.cfg.RecyclePages {
		p.discard(k)
		return
	}
	if err := k.reset(); err != nil {
		if !p.isClosed() {
			p.cfg.Logger.Warn("extraction child ended after its document", "error", err, "said", k.stderr.Hints())
		}
		p.discard(k)
		return
	}
	if !p.handOver(k) {
		p.discard(k) // the first waiter starts one of its own
	}
}

// handOver gives a child to a waiter or to the idle ones; false when the first waiter is of another tenant.
func (p *Pool) handOver(k *child) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.queue) == 0 {
		p.keepIdle(k)
		return true
	}
	i := max(0, p.nextWaiter(k))
	w := p.queue[i]
	if !k.mayServe(w.tenant) {
		return false
	}
	if i == 0 {
		k.sliceStart = time.Now()
	}
	p.queue = slices.Delete(p.queue, i, i+1)
	w.grant <- k
	return true
}

// discard ends a child and allows another one to be started.
func (p *Pool) discard(k *child) {
	p.endChild(k)
	p.allowStart()
}

// endChild ends a child; the caller may start another one for it.
func (p *Pool) endChild(k *child) {
	k.kill()
	p.mu.Lock()
	delete(p.live, k)
	p.mu.Unlock()
}

// allowStart lets the first waiter, or the next caller, start a child.
func (p *Pool) allowStart() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.queue) > 0 && !p.closed {
		p.queue[0].grant <- nil
		p.queue = p.queue[1:]
		return
	}
	p.freed = time.Now()
	p.startable++
}

// spare says that a child has had nothing to do for so long, and nobody waits for one.
func (p *Pool) spare(d time.Duration) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.queue) == 0 && len(p.idle)+p.startable > 0 && time.Since(p.freed) >= d
}

func (p *Pool) isClosed() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.closed
}
