package budget

import (
	"context"
	"math"
	"sync"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/agent/journal"
	"github.com/aidoc-pipeline/aidoc-agent/llm"
)

// Document is what a purse is opened for.
type Document struct {
	Key journal.KeyOfDocument
	// Elsewhere is what earlier holders of the job said it has cost.
	Elsewhere journal.Spent
	Lease     *Lease // nil: the site sets no cap
	// NoDocument: what is spent is for no document, and the cap of one does not hold it.
	NoDocument bool
	// Changed is told of every change, calls under way at their upper bound: over all attempts, but for what waits for a batch, and under
	// this lease with what waits. Nil: nobody.
	Changed func(total, here journal.Spent)
}

// Lease is what the site allows for the work under one lease.
type Lease struct {
	Amount                // fields that are 0 are no cap, unless Empty
	Empty   bool          // nothing is left
	RenewIn time.Duration // when the site's own budget renews; 0: not told
}

// Purse is the ledger of one document. It is safe for concurrent use.
type Purse struct {
	b    *Budget
	doc  Document
	base journal.Spent // before this holder

	mu      sync.Mutex
	spent   journal.Spent
	waiting journal.Spent // the part of it that is held for questions in batches
	held    map[int64]llm.Charge
}

var _ llm.Ledger = (*Purse)(nil)

// Open begins the spending on a document.
func (b *Budget) Open(ctx context.Context, doc Document) (*Purse, error) {
	if doc.Changed == nil {
		doc.Changed = func(_, _ journal.Spent) {}
	}
	if doc.Elsewhere != (journal.Spent{}) {
		if _, err := b.opt.Ledger.KnowSpent(ctx, doc.Key, doc.Elsewhere); err != nil {
			return nil, err
		}
	}
	waiting, err := b.opt.Ledger.DeferredSpend(ctx, doc.Key)
	if err != nil {
		return nil, err
	}
	t, err := b.opt.Ledger.SpendTotals(ctx, doc.Key)
	if err != nil {
		return nil, err
	}
	return b.purse(doc, t.Document, waiting.Held), nil
}

func (b *Budget) purse(doc Document, known, waiting journal.Spent) *Purse {
	return &Purse{b: b, doc: doc, base: known, spent: known, waiting: waiting, held: map[int64]llm.Charge{}}
}

// Probes is the purse of calls that are made for no document: an account that was stopped is tried again. They count for the day and the
// month of this agent; no document and no site pays for them.
func (b *Budget) Probes() *Purse {
	return b.purse(Document{Key: journal.KeyOfDocument{Document: "probe"}, NoDocument: true, Changed: func(_, _ journal.Spent) {}}, journal.Spent{}, journal.Spent{})
}

// Spent is what the document has cost over all its attempts, with calls under way at their upper bound.
func (p *Purse) Spent() journal.Spent {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.spent
}

// Waiting is the part of Spent that is held for questions which wait for a batch.
func (p *Purse) Waiting() journal.Spent {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.waiting
}

// changed tells of a change, in order: under the lock.
func (p *Purse) changed() {
	p.doc.Changed(journal.Spent{Tokens: p.spent.Tokens - p.waiting.Tokens, USD: p.spent.USD - p.waiting.USD}, p.since(p.spent))
}

// SpentHere is the part of it under this lease.
func (p *Purse) SpentHere() journal.Spent {
	return p.since(p.Spent())
}

func (p *Purse) since(s journal.Spent) journal.Spent {
	return journal.Spent{Tokens: s.Tokens - p.base.Tokens, USD: math.Round((s.USD-p.base.USD)*1e9) / 1e9}
}

// DocumentCap implements llm.Capped: what the operator lets one document cost, whatever was spent on it so far. What the site allows for
// this lease is not in it: it changes from lease to lease, and passages chosen by it would be paid for anew each time.
func (p *Purse) DocumentCap() llm.Budget {
	c := p.b.limit.Load().Document
	return llm.Budget{MaxTokens: int(c.Tokens), MaxUSD: c.USD}
}

// Reserve implements llm.Ledger; over a cap its error is a *CapError. Where calls under way hold what is missing it waits for them: most
// cost less than their upper bound.
func (p *Purse) Reserve(ctx context.Context, c llm.Charge) (id int64, err error) {
	err = p.patiently(ctx, true, func() error {
		id, err = p.reserve(ctx, c)
		return err
	})
	return id, err
}

// Aside is the same ledger for calls that the document can do without: a cap that refuses one keeps no other document waiting.
func (p *Purse) Aside() llm.Ledger { return aside{p} }

type aside struct{ *Purse }

// Reserve implements llm.Ledger.
func (a aside) Reserve(ctx context.Context, c llm.Charge) (id int64, err error) {
	err = a.patiently(ctx, false, func() error {
		id, err = a.reserve(ctx, c)
		return err
	})
	return id, err
}

// Defer holds what a question may cost in a batch until the batch has ended, and keeps it in the same step. Over a cap it does as Reserve.
func (p *Purse) Defer(ctx context.Context, q journal.Question, c llm.Charge) error {
	want := amountOf(c)
	return p.patiently(ctx, true, func() error {
		err := p.b.opt.Ledger.Defer(ctx, p.doc.Key, q, spendingOf(c), p.allow(want))
		if err != nil {
			return err
		}
		p.mu.Lock()
		defer p.mu.Unlock()
		p.spent, p.waiting = p.spent.Plus(want), p.waiting.Plus(want)
		p.changed()
		return nil
	})
}

// patiently tries until nothing that is under way can make room any more. needed says that documents have to wait for it then.
func (p *Purse) patiently(ctx context.Context, needed bool, try func() error) error {
	for {
		before := p.b.calls.now()
		err := try()
		over := Over(err)
		if over == nil {
			return err
		}
		after := p.b.calls.now()
		if after.running == 0 && after.changes == before.changes {
			if needed && over.Passes() {
				p.b.close(over, p.doc.Key.Site)
			}
			return err
		}
		if after.changes != before.changes {
			continue
		}
		select {
		case <-after.next:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// allow is nil where no cap holds the call.
func (p *Purse) allow(want journal.Spent) func(journal.Totals) error {
	if !p.capped() {
		return nil
	}
	return func(t journal.Totals) error {
		if over := p.check(t, want); over != nil {
			return over
		}
		return nil
	}
}

func (p *Purse) reserve(ctx context.Context, c llm.Charge) (int64, error) {
	want := amountOf(c)
	id, err := p.b.opt.Ledger.ReserveSpend(ctx, p.doc.Key, spendingOf(c), p.allow(want))
	if err != nil {
		return 0, err
	}
	p.b.calls.began()
	p.mu.Lock()
	p.held[id] = c
	p.spent = p.spent.Plus(want)
	p.changed()
	p.mu.Unlock()
	return id, nil
}

// Settle implements llm.Ledger. What the journal does not take stays reserved, and counts.
func (p *Purse) Settle(id int64, used llm.Charge) {
	defer p.b.calls.ended()
	got := amountOf(used)
	p.mu.Lock()
	atMost := amountOf(p.held[id])
	delete(p.held, id)
	p.correct(got, atMost)
	p.mu.Unlock()
	p.b.opt.Ledger.SettleSpendSoon(id, spendingOf(used), func(err error) {
		if err == nil {
			return
		}
		p.b.opt.Log.Warn("what a call cost was not booked; its upper bound counts instead", "error", err.Error())
		p.mu.Lock()
		defer p.mu.Unlock()
		p.correct(atMost, got)
	})
	if used.Calls > 0 {
		p.b.paid(p.doc.Key.Site)
		p.b.opt.Booked(used)
	}
}

// correct replaces an amount by another one; called with mu held.
func (p *Purse) correct(now, before journal.Spent) {
	p.spent = p.spent.Plus(journal.Spent{Tokens: now.Tokens - before.Tokens, USD: now.USD - before.USD})
	p.changed()
}

func amountOf(c llm.Charge) journal.Spent {
	return journal.Spent{Tokens: int64(c.Tokens()), USD: c.USD}
}

func spendingOf(c llm.Charge) journal.Spending {
	return journal.Spending{Provider: c.Provider, Model: c.Model, Calls: c.Calls, Batch: c.Batch, Step: c.Step,
		TokensIn: int64(c.TokensIn), TokensCached: int64(c.TokensCached), TokensOut: int64(c.TokensOut), USD: c.USD}
}
