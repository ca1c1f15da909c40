package extract

import (
	"context"
	"slices"
	"time"
)

// turnTime is how long a child serves one tenant before it is replaced for another that waits: starting a child takes
// a twentieth of it.
const turnTime = time.Second

// waiter is one in the line for a child.
type waiter struct {
	tenant string
	turn   chan *child // nil comes for leave to start one
}

// acquire waits in line for a child that has read for this tenant or for none.
func (p *Pool) acquire(ctx context.Context, tenant string) (*child, error) {
	p.mu.Lock()
	if p.closed {
		p.mu.Unlock()
		return nil, errClosed
	}
	if len(p.waiting) > 0 || len(p.idle) == 0 && p.slots == 0 {
		w := waiter{tenant: tenant, turn: make(chan *child, 1)}
		p.waiting = append(p.waiting, w)
		p.mu.Unlock()
		return p.await(ctx, w)
	}
	k := p.takeIdle(tenant)
	if k == nil {
		p.slots--
	}
	p.mu.Unlock()
	if k != nil && k.serves(tenant) {
		err := k.fit()
		if err == nil {
			return k.serve(tenant), nil
		}
		p.cfg.Logger.Warn("extraction child ended while it had nothing to do", "error", err, "said", k.log.Hints())
	}
	if k != nil {
		p.end(k)
	}
	return p.fill(ctx, tenant)
}

// await waits for the turn of w.
func (p *Pool) await(ctx context.Context, w waiter) (*child, error) {
	select {
	case k := <-w.turn:
		if k == nil {
			return p.fill(ctx, w.tenant)
		}
		return k.serve(w.tenant), nil
	case <-ctx.Done():
		p.leave(w)
		return nil, context.Cause(ctx)
	}
}

// takeIdle takes a child of this tenant or of none; where there is neither and no other may be started, the one that
// has been idle longest.
func (p *Pool) takeIdle(tenant string) *child {
	i := slices.IndexFunc(p.idle, func(k *child) bool { return k.served && k.tenant == tenant })
	if i < 0 {
		i = slices.IndexFunc(p.idle, func(k *child) bool { return !k.served })
	}
	if i < 0 {
		if p.slots > 0 {
			return nil
		}
		i = 0
	}
	k := p.idle[i]
	p.idle = slices.Delete(p.idle, i, i+1)
	return k
}

// serves says that the child may be given a document of this tenant.
func (k *child) serves(tenant string) bool { return !k.served || k.tenant == tenant }

func (k *child) serve(tenant string) *child {
	if !k.served {
		k.tenant, k.served, k.turn = tenant, true, time.Now()
	}
	return k
}

// fill uses a slot to start a child; the slot goes back when that fails.
func (p *Pool) fill(ctx context.Context, tenant string) (*child, error) {
	k, err := p.startOne(ctx)
	if err != nil {
		p.giveSlot()
		return nil, err
	}
	p.mu.Lock()
	closed := p.closed
	p.mu.Unlock()
	if closed {
		p.discard(k)
		return nil, errClosed
	}
	return k.serve(tenant), nil
}

// leave withdraws from the line, passing on what was handed over meanwhile.
func (p *Pool) leave(w waiter) {
	p.mu.Lock()
	if i := slices.IndexFunc(p.waiting, func(o waiter) bool { return o.turn == w.turn }); i >= 0 {
		p.waiting = slices.Delete(p.waiting, i, i+1)
		p.mu.Unlock()
		return
	}
	p.mu.Unlock()
	if k := <-w.turn; k != nil {
		p.release(k)
	} else {
		p.giveSlot()
	}
}

// wanted says that a child that still has work should go to one who waits.
func (p *Pool) wanted(k *child) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.next(k) >= 0
}

// next is the place in the line of the one who gets a child that still has work, -1 when it should go on. The first in
// line comes first, but for the time of a turn others of the child's own tenant go before those of another.
func (p *Pool) next(k *child) int {
	same := slices.IndexFunc(p.waiting, func(w waiter) bool { return k.serves(w.tenant) })
	if len(p.waiting) > 0 && time.Since(k.turn) >= turnTime {
		return 0
	}
	return same
}

// release takes the document from a child and gives it to the next in line or to the idle ones.
func (p *Pool) release(k *child) {
	if k.pages >= p.cfg.RecyclePages {
		p.discard(k)
		return
	}
	if err := k.forget(); err != nil {
		if !p.isClosed() {
			p.cfg.Logger.Warn("extraction child ended after its document", "error", err, "said", k.log.Hints())
		}
		p.discard(k)
		return
	}
	if !p.hand(k) {
		p.discard(k) // the first in line starts one of its own
	}
}

// hand gives a child away; false when the first in line may not have it.
func (p *Pool) hand(k *child) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.waiting) == 0 {
		p.idle = append(p.idle, k)
		return true
	}
	i := max(0, p.next(k))
	w := p.waiting[i]
	if !k.serves(w.tenant) {
		return false
	}
	if i == 0 {
		k.turn = time.Now()
	}
	p.waiting = slices.Delete(p.waiting, i, i+1)
	w.turn <- k
	return true
}

// discard ends a child and frees its slot.
func (p *Pool) discard(k *child) {
	p.end(k)
	p.giveSlot()
}

// end ends a child; its slot stays taken.
func (p *Pool) end(k *child) {
	k.kill()
	p.mu.Lock()
	delete(p.live, k)
	p.mu.Unlock()
}

func (p *Pool) giveSlot() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.waiting) > 0 && !p.closed {
		p.waiting[0].turn <- nil
		p.waiting = p.waiting[1:]
		return
	}
	p.slots++
}

func (p *Pool) isClosed() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.closed
}
