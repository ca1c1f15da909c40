// Package budget holds what models cost against caps: of a document over all its attempts, of a day and a month of this agent, and of the
// lease a document came with. A call is reserved at its upper bound before it is made (docs/adr/0010-caps-by-reservation.md). It knows
// amounts and a ledger, no job and no provider.
package budget

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/agent/journal"
	"github.com/aidoc-pipeline/aidoc-agent/llm"
)

// Amount is a cap; a field that is 0 is no cap.
type Amount struct {
	Tokens int64
	USD    float64
}

// Caps are the agent's own.
type Caps struct {
	Document Amount // of one document over all its attempts, on whichever agent
	Day      Amount // of this agent, UTC
	Month    Amount // likewise
}

// SiteCaps are of the documents of one site, beside those of the agent, UTC.
type SiteCaps struct {
	Day   Amount
	Month Amount
}

// Limits are all caps, and what follows where one is reached.
type Limits struct {
	Caps
	Sites map[string]SiteCaps // by URL; sites that are not in it have none
	// Fallback: over a cap that renews, documents get the embedded summary instead of waiting.
	Fallback bool
}

// Ledger is the durable memory of what was spent.
type Ledger interface {
	ReserveSpend(ctx context.Context, doc journal.KeyOfDocument, atMost journal.Spending, allow func(journal.Totals) error) (int64, error)
	// SettleSpendSoon is known to every Reserve that follows; ended is told what came of it.
	SettleSpendSoon(id int64, used journal.Spending, ended func(error))
	KnowSpent(ctx context.Context, doc journal.KeyOfDocument, elsewhere journal.Spent) (journal.Spent, error)
	SpendTotals(ctx context.Context, doc journal.KeyOfDocument) (journal.Totals, error)
	Defer(ctx context.Context, doc journal.KeyOfDocument, q journal.Question, atMost journal.Spending, allow func(journal.Totals) error) error
	DeferredSpend(ctx context.Context, doc journal.KeyOfDocument) (journal.DeferredTotals, error)
}

var _ Ledger = (*journal.Journal)(nil)

// Options of New; Ledger and Log are required.
type Options struct {
	Ledger   Ledger
	Caps     Caps
	Sites    map[string]SiteCaps
	Fallback bool             // as in Limits, which can be replaced: see Limit
	Booked   func(llm.Charge) // told of every call that was billed; nil: nobody
	Now      func() time.Time // nil: time.Now
	Log      *slog.Logger
}

// Budget is one agent's. It is safe for concurrent use.
type Budget struct {
	opt   Options
	calls calls
	limit atomic.Pointer[Limits]

	mu     sync.Mutex
	closed map[string]*CapError // by site, "" for all of them: the cap that was reached, until it renews
	shares map[string]int       // by site: leases in a row whose share paid for no call more
}

// New makes a budget over a ledger.
func New(opt Options) *Budget {
	if opt.Now == nil {
		opt.Now = time.Now
	}
	if opt.Booked == nil {
		opt.Booked = func(llm.Charge) {}
	}
	b := &Budget{opt: opt, closed: map[string]*CapError{}, shares: map[string]int{}}
	b.limit.Store(&Limits{Caps: opt.Caps, Sites: opt.Sites, Fallback: opt.Fallback})
	return b
}

// Limit replaces the caps. Who waits for one may try again: it may have been raised.
func (b *Budget) Limit(l Limits) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.limit.Store(&l)
	clear(b.closed)
}

// Booked tells whoever counts of a call that was billed.
func (b *Budget) Booked(c llm.Charge) { b.opt.Booked(c) }

// Fallback tells whether a document that a cap stopped gets the embedded summary: true for every cap where that is configured.
func (b *Budget) Fallback() bool { return b.limit.Load().Fallback }

// Barred is the reason why no document of this site should be taken until some time, or "": a cap was reached and has not renewed.
func (b *Budget) Barred(site string) (reason string, until time.Time) {
	if b.Fallback() {
		return "", time.Time{}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, key := range []string{"", site} {
		e := b.closed[key]
		if e == nil {
			continue
		}
		if b.opt.Now().Before(e.Renews) {
			return e.Sentence(), e.Renews
		}
		delete(b.closed, key)
	}
	return "", time.Time{}
}

func (b *Budget) close(e *CapError, site string) {
	key := ""
	if e.ofSite() {
		key = site
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed[key] == nil || !b.opt.Now().Before(b.closed[key].Renews) {
		b.opt.Log.Warn("a spending cap is reached", "cap", string(e.Scope), "reason", e.Sentence(), "fallback", b.Fallback())
	}
	b.closed[key] = e
	if e.Scope == ScopeSite {
		b.shares[site]++
	}
}

// afterShare is how long a site is left alone whose last lease had too small a share: longer each time in which nothing was paid.
func (b *Budget) afterShare(site string) time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	wait := soonAgain
	for range min(b.shares[site], 5) {
		wait *= 3
	}
	return min(wait, lookAgain)
}

func (b *Budget) paid(site string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.shares, site)
}

// State is what `status` shows.
type State struct {
	Day   journal.Spent
	Month journal.Spent
	Caps  Caps
}

// State reads what was spent; calls under way count at their upper bound.
func (b *Budget) State(ctx context.Context) (State, error) {
	t, err := b.opt.Ledger.SpendTotals(ctx, journal.KeyOfDocument{})
	return State{Day: t.Day, Month: t.Month, Caps: b.limit.Load().Caps}, err
}

// StateOf is that of one site; capped is false where it has no caps of its own, and nothing is read then.
func (b *Budget) StateOf(ctx context.Context, site string) (s State, capped bool, err error) {
	caps := b.limit.Load().Sites[site]
	if caps == (SiteCaps{}) {
		return State{}, false, nil
	}
	t, err := b.opt.Ledger.SpendTotals(ctx, journal.KeyOfDocument{Site: site})
	return State{Day: t.SiteDay, Month: t.SiteMonth, Caps: Caps{Day: caps.Day, Month: caps.Month}}, true, err
}
