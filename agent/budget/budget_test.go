package budget

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/agent/journal"
	"github.com/aidoc-pipeline/aidoc-agent/llm"
)

var bg = context.Background()

const site = "https://a.example"

// desk is a budget over a real journal, with a clock of its own.
type desk struct {
	*Budget
	path string
	mu   sync.Mutex
	time time.Time
	j    *journal.Journal
}

func (d *desk) now() time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.time
}

func (d *desk) advance(by time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.time = d.time.Add(by)
}

func open(t *testing.T, opt Options) *desk {
	t.Helper()
	d := &desk{path: filepath.Join(t.TempDir(), "j.db"), time: time.Date(2026, 11, 29, 22, 0, 0, 0, time.UTC)}
	d.reopen(t, opt)
	t.Cleanup(func() { _ = d.j.Close() })
	return d
}

// reopen is the next start of the agent.
func (d *desk) reopen(t *testing.T, opt Options) {
	t.Helper()
	var err error
	if d.j != nil {
		if err = d.j.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if d.j, err = journal.Open(bg, d.path, journal.Options{Now: d.now}); err != nil {
		t.Fatal(err)
	}
	opt.Ledger, opt.Now, opt.Log = d.j, d.now, slog.New(slog.DiscardHandler)
	d.Budget = New(opt)
}

func (d *desk) purse(t *testing.T, doc Document) *Purse {
	t.Helper()
	if doc.Key.Document == "" {
		doc.Key = journal.KeyOfDocument{Site: site, Document: "1:aa"}
	}
	p, err := d.Open(bg, doc)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func (d *desk) why(site string) string {
	reason, _ := d.Barred(site)
	return reason
}

// call reserves atMost tokens and settles with used.
func call(p *Purse, atMost, used int) error {
	id, err := p.Reserve(bg, llm.Charge{Provider: "openai", Model: "m", TokensIn: atMost, USD: float64(atMost) / 1000})
	if err != nil {
		return err
	}
	p.Settle(id, llm.Charge{Calls: 1, TokensIn: used, USD: float64(used) / 1000})
	return nil
}

func TestCapsByScope(t *testing.T) {
	for _, c := range []struct {
		name   string
		caps   Caps
		lease  *Lease
		scope  Scope
		code   llm.Code
		passes bool
		says   string
	}{
		{"document, tokens", Caps{Document: Amount{Tokens: 100}}, nil, ScopeDocument, llm.CodeBudget, false, "summary.max_tokens_per_document"},
		{"document, dollars", Caps{Document: Amount{USD: 0.1}}, nil, ScopeDocument, llm.CodeBudget, false, "0.10 US dollars that summary.max_usd_per_document"},
		{"day, tokens", Caps{Day: Amount{Tokens: 100}}, nil, ScopeDay, llm.CodeSpendCap, true, "summary.max_tokens_per_day allows are spent: work goes on at 2026-11-30 00:00 UTC"},
		{"day, dollars", Caps{Day: Amount{USD: 0.1}}, nil, ScopeDay, llm.CodeSpendCap, true, "summary.max_usd_per_day"},
		{"month, tokens", Caps{Month: Amount{Tokens: 100}}, nil, ScopeMonth, llm.CodeSpendCap, true, "2026-12-01 00:00 UTC"},
		{"month, dollars", Caps{Month: Amount{USD: 0.1}}, nil, ScopeMonth, llm.CodeSpendCap, true, "summary.max_usd_per_month"},
		{"lease, tokens", Caps{}, &Lease{Amount: Amount{Tokens: 100}}, ScopeSite, llm.CodeSpendCap, true, "in WordPress"},
		{"lease, dollars", Caps{}, &Lease{Amount: Amount{USD: 0.1}}, ScopeSite, llm.CodeSpendCap, true, "in WordPress"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := open(t, Options{Caps: c.caps}).purse(t, Document{Lease: c.lease})
			for range 2 { // 2 × 40, and 60 reserved before the second one is settled
				if err := call(p, 60, 40); err != nil {
					t.Fatalf("within the cap: %v", err)
				}
			}
			if err := call(p, 20, 20); err != nil {
				t.Fatalf("to the last token: %v", err)
			}
			err := call(p, 1, 1)
			over := Over(err)
			if over == nil || over.Scope != c.scope || over.Passes() != c.passes {
				t.Fatalf("over the cap: %v", err)
			}
			var reason *llm.Error
			if !errors.As(err, &reason) || reason.Code != c.code || !strings.Contains(reason.Message, c.says) {
				t.Errorf("it says %v", err)
			}
			if (reason.RetryAfter > 0) != c.passes {
				t.Errorf("wait for %v", reason.RetryAfter)
			}
		})
	}
}

func TestALeaseWithNothingLeftPaysForNothing(t *testing.T) {
	p := open(t, Options{}).purse(t, Document{Lease: &Lease{Empty: true, RenewIn: time.Minute}})
	if over := Over(call(p, 1, 1)); over == nil || over.Scope != ScopeSite {
		t.Errorf("%v", over)
	}
}

// What a cap of one call is too small for never comes, however long one waits.
func TestACallThatNoDayCanPay(t *testing.T) {
	d := open(t, Options{Caps: Caps{Day: Amount{Tokens: 50}}})
	err := call(d.purse(t, Document{}), 60, 60)
	if over := Over(err); over == nil || over.Passes() {
		t.Errorf("%v", err)
	}
	if why := d.why(site); why != "" {
		t.Errorf("others must not wait for it: %s", why)
	}
}

func TestTheDayRenews(t *testing.T) {
	d := open(t, Options{Caps: Caps{Day: Amount{Tokens: 100}, Month: Amount{Tokens: 150}}})
	p := d.purse(t, Document{})
	if err := call(p, 100, 100); err != nil {
		t.Fatal(err)
	}
	if d.why(site) != "" {
		t.Error("barred before anything was refused")
	}
	if Over(call(p, 1, 1)) == nil || !strings.Contains(d.why(site), "summary.max_tokens_per_day") || d.why("https://b.example") == "" {
		t.Fatalf("barred: %q", d.why(site))
	}
	d.advance(3 * time.Hour)
	if why := d.why(site); why != "" {
		t.Fatalf("after midnight: %s", why)
	}
	if err := call(p, 50, 50); err != nil {
		t.Fatal(err)
	}
	if over := Over(call(p, 1, 1)); over == nil || over.Scope != ScopeMonth {
		t.Errorf("the month: %v", over)
	}
	d.advance(24 * time.Hour) // December
	if err := call(p, 100, 100); err != nil {
		t.Errorf("the next month: %v", err)
	}
}

func TestASitesBudgetBarsThatSiteOnly(t *testing.T) {
	d := open(t, Options{})
	p := d.purse(t, Document{Lease: &Lease{Amount: Amount{Tokens: 10}, RenewIn: time.Minute}})
	_ = call(p, 11, 11)
	if d.why(site) == "" || d.why("https://b.example") != "" {
		t.Errorf("barred: %q, %q", d.why(site), d.why("https://b.example"))
	}
	d.advance(time.Minute)
	if why := d.why(site); why != "" {
		t.Errorf("renewed: %s", why)
	}
}

// A share that was too small is asked for again soon, and less and less often while none pays for a call.
func TestASmallShareIsNotTheEnd(t *testing.T) {
	d := open(t, Options{})
	barred := func() (wait time.Duration) {
		t.Helper()
		p := d.purse(t, Document{Lease: &Lease{Amount: Amount{Tokens: 10}, RenewIn: time.Hour}})
		if Over(call(p, 11, 11)) == nil {
			t.Fatal("within the share")
		}
		for d.why(site) != "" {
			d.advance(time.Second)
			wait += time.Second
		}
		return wait
	}
	for _, want := range []time.Duration{10 * time.Second, 30 * time.Second, 90 * time.Second, 270 * time.Second, 810 * time.Second, 15 * time.Minute, 15 * time.Minute} {
		if got := barred(); got != want {
			t.Errorf("left alone for %v, want %v", got, want)
		}
	}
	if err := call(d.purse(t, Document{Lease: &Lease{Amount: Amount{Tokens: 10}}}), 5, 5); err != nil {
		t.Fatal(err)
	}
	if got := barred(); got != 10*time.Second {
		t.Errorf("after a call that was paid: %v", got)
	}
}

func TestWithAFallbackNothingIsBarred(t *testing.T) {
	d := open(t, Options{Caps: Caps{Day: Amount{Tokens: 10}}, Fallback: true})
	p := d.purse(t, Document{})
	_ = call(p, 10, 10)
	if Over(call(p, 1, 1)) == nil || d.why(site) != "" {
		t.Errorf("barred: %q", d.why(site))
	}
}

// A document's cap holds over all its attempts, on this agent and on others.
func TestADocumentsSpendingIsCarried(t *testing.T) {
	opt := Options{Caps: Caps{Document: Amount{Tokens: 100}}}
	d := open(t, opt)
	var told journal.Spent
	p := d.purse(t, Document{Elsewhere: journal.Spent{Tokens: 30, USD: 0.03}, Changed: func(total, _ journal.Spent) { told = total }})
	if err := call(p, 40, 40); err != nil {
		t.Fatal(err)
	}
	if told.Tokens != 70 || p.Spent().Tokens != 70 || p.SpentHere().Tokens != 40 {
		t.Errorf("told %+v, spent %+v, here %+v", told, p.Spent(), p.SpentHere())
	}
	d.reopen(t, opt)
	p = d.purse(t, Document{})
	if Over(call(p, 31, 31)) == nil {
		t.Error("an attempt later the cap had been forgotten")
	}
	if err := call(p, 30, 30); err != nil {
		t.Errorf("within the cap: %v", err)
	}
	other := d.purse(t, Document{Key: journal.KeyOfDocument{Site: site, Document: "1:bb"}}) // the document was replaced
	if err := call(other, 100, 100); err != nil {
		t.Errorf("another revision: %v", err)
	}
}

// Killed between reserving and settling: the call may have been billed.
func TestACrashCountsTheReservation(t *testing.T) {
	opt := Options{Caps: Caps{Day: Amount{Tokens: 100}}}
	d := open(t, opt)
	if _, err := d.purse(t, Document{}).Reserve(bg, llm.Charge{TokensIn: 60}); err != nil {
		t.Fatal(err)
	}
	d.reopen(t, opt)
	if over := Over(call(d.purse(t, Document{}), 41, 41)); over == nil || over.Scope != ScopeDay {
		t.Errorf("%v", over)
	}
	if err := call(d.purse(t, Document{}), 40, 40); err != nil {
		t.Error(err)
	}
}

// Eight workers, each call reserved at three times what it costs: the whole cap is used, and not a token more.
func TestExactUnderEightWorkers(t *testing.T) {
	const limit = 1000
	d := open(t, Options{Caps: Caps{Day: Amount{Tokens: limit}}})
	var workers sync.WaitGroup
	for w := range 8 {
		p := d.purse(t, Document{Key: journal.KeyOfDocument{Site: site, Document: string(rune('a' + w))}})
		workers.Go(func() {
			for {
				id, err := p.Reserve(bg, llm.Charge{TokensIn: 21})
				if Over(err) != nil {
					return
				}
				if err != nil {
					t.Error(err)
					return
				}
				p.Settle(id, llm.Charge{Calls: 1, TokensIn: 7})
			}
		})
	}
	workers.Wait()
	st, err := d.State(bg)
	if err != nil {
		t.Fatal(err)
	}
	if st.Day.Tokens > limit || st.Day.Tokens <= limit-21 {
		t.Errorf("%d of %d tokens were spent", st.Day.Tokens, limit)
	}
}

func TestWaitingForCallsUnderWayEndsWithTheContext(t *testing.T) {
	d := open(t, Options{Caps: Caps{Day: Amount{Tokens: 100}}})
	p := d.purse(t, Document{})
	id, err := p.Reserve(bg, llm.Charge{TokensIn: 100})
	if err != nil {
		t.Fatal(err)
	}
	gone := errors.New("the lease is lost")
	ctx, cancel := context.WithCancelCause(bg)
	cancel(gone)
	if _, err := p.Reserve(ctx, llm.Charge{TokensIn: 1}); !errors.Is(err, gone) {
		t.Errorf("%v", err)
	}
	done := make(chan error, 1)
	go func() { done <- call(p, 50, 50) }()
	p.Settle(id, llm.Charge{Calls: 1, TokensIn: 40})
	if err := <-done; err != nil {
		t.Errorf("the others had left room: %v", err)
	}
}

func TestWhatWasBookedIsTold(t *testing.T) {
	var booked []llm.Charge
	d := open(t, Options{Booked: func(c llm.Charge) { booked = append(booked, c) }})
	p := d.purse(t, Document{})
	if err := call(p, 10, 7); err != nil {
		t.Fatal(err)
	}
	id, err := p.Reserve(bg, llm.Charge{TokensIn: 10})
	if err != nil {
		t.Fatal(err)
	}
	p.Settle(id, llm.Charge{}) // refused by the provider: nothing was billed
	if len(booked) != 1 || booked[0].TokensIn != 7 || p.Spent().Tokens != 7 {
		t.Errorf("booked %+v, spent %+v", booked, p.Spent())
	}
}

// A probe of a stopped account is of no document and no site: their caps do not hold it, the day's does, and it is booked.
func TestProbesCountForTheDayOnly(t *testing.T) {
	d := open(t, Options{Caps: Caps{Document: Amount{Tokens: 10}, Day: Amount{Tokens: 250}}})
	probe := llm.Charge{Provider: "openai", Model: "m", Calls: 1, TokensIn: 36, TokensOut: 64}
	for range 2 {
		id, err := d.Probes().Reserve(bg, probe)
		if err != nil {
			t.Fatal(err)
		}
		d.Probes().Settle(id, probe)
	}
	if state, err := d.State(bg); err != nil || state.Day.Tokens != 200 {
		t.Errorf("booked %+v, %v", state.Day, err)
	}
	if _, err := d.Probes().Reserve(bg, probe); Over(err) == nil || Over(err).Scope != ScopeDay {
		t.Errorf("a probe over the day's cap: %v", err)
	}
	if _, err := d.purse(t, Document{}).Reserve(bg, probe); Over(err) == nil || Over(err).Scope != ScopeDocument {
		t.Errorf("a document over its cap: %v", err)
	}
}
