package llm_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/llm"
	"github.com/aidoc-pipeline/aidoc-agent/llm/llmtest"
)

func ofAccount(t *testing.T, err error, code llm.Code) {
	t.Helper()
	if e := wantCode(t, err, code); !e.Account {
		t.Errorf("%v is taken for the document's fault", err)
	}
}

// An account that refuses one document refuses all: it is asked once, not once for each of them.
func TestARefusedAccountIsAskedOnce(t *testing.T) {
	for name, c := range map[string]struct {
		reply llmtest.Reply
		code  llm.Code
	}{
		"empty":     {llmtest.NoQuota, llm.CodeQuota},
		"wrong key": {llmtest.WrongKey, llm.CodeAuth},
		"no model":  {llmtest.NoModel, llm.CodeNotFound},
		"an hour":   {llmtest.Reply{Status: 429, RetryAfter: "3600", ErrorType: "rate_limit_error"}, llm.CodeRateLimited},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t, llmtest.Always(c.reply))
			e := f.engine(t)
			for range 20 {
				_, err := e.Summarise(context.Background(), document(1, 100), nil, nil)
				ofAccount(t, err, c.code)
			}
			if n := len(f.srv.Calls()); n != 1 {
				t.Errorf("%d calls for 20 documents", n)
			}
			o, out := e.Outage()
			if !out || o.Code != c.code || o.Message == "" || !o.Next.After(f.clock.Now()) || strings.Contains(o.Account, "sk-secret-key") {
				t.Errorf("outage: %v, %+v", out, o)
			}
		})
	}
}

// Retries on a provider that is down end in an outage; on one that chokes on a document, in that document's failure.
func TestAProviderThatIsDownIsNoDocumentsFault(t *testing.T) {
	f := newFixture(t, llmtest.Always(llmtest.ServerError))
	f.cfg.MaxAttempts = 2
	e := f.engine(t)
	_, err := e.Summarise(context.Background(), document(1, 100), nil, nil)
	ofAccount(t, err, llm.CodeUnavailable)

	f = newFixture(t, func(_ int, c llmtest.Call) llmtest.Reply {
		if strings.Contains(c.User, "page 1 tells") {
			return llmtest.ServerError
		}
		return llmtest.Reply{}
	})
	f.cfg.MaxAttempts = 2
	e = f.engine(t)
	_, err = e.Summarise(context.Background(), document(1, 100), nil, nil)
	if x := wantCode(t, err, llm.CodeUnavailable); x.Account {
		t.Error("one document's fault stopped all of them")
	}
	if _, out := e.Outage(); out {
		t.Error("an outage while the provider answers")
	}
}

// The account is filled: who watches finds out without a document's help.
func TestWatchEndsAnOutage(t *testing.T) {
	var filled atomic.Bool
	var probes atomic.Int64
	f := newFixture(t, func(_ int, c llmtest.Call) llmtest.Reply {
		if strings.Contains(c.System, "test a connection") && probes.Add(1) == 3 {
			filled.Store(true)
		}
		if filled.Load() {
			return llmtest.Reply{}
		}
		return llmtest.NoQuota
	})
	e := f.engine(t)
	ctx, stop := context.WithCancel(context.Background())
	changes, books := make(chan struct{}, 10), &deskLedger{}
	var watching sync.WaitGroup
	watching.Go(func() { e.Watch(ctx, books, func() { changes <- struct{}{} }) })
	defer watching.Wait()
	defer stop()
	_, err := e.Summarise(ctx, document(1, 100), nil, nil)
	ofAccount(t, err, llm.CodeQuota)
	<-changes // it began
	<-changes // it ended
	if _, err := e.Summarise(ctx, document(1, 100), nil, nil); err != nil {
		t.Errorf("after the outage: %v", err)
	}
	if n := probes.Load(); n != 3 {
		t.Errorf("%d probes", n)
	}
	// All are reserved; the two refused ones cost nothing, the last one what it took.
	books.mu.Lock()
	defer books.mu.Unlock()
	if len(books.reserved) != 3 || books.reserved[0].TokensOut != 64 || len(books.settled) != 3 || books.settled[0].Calls != 0 || books.settled[2].Calls != 1 {
		t.Errorf("probes reserved %+v, settled %+v", books.reserved, books.settled)
	}
	if d := f.clock.longest(); d < 10*time.Second {
		t.Errorf("probed after %v", d)
	}
}

// A probe that no cap leaves money for is not made, and the next one is put off.
func TestProbeThatMayNotBePaidIsNotMade(t *testing.T) {
	f := newFixture(t, llmtest.Always(llmtest.NoQuota))
	e := f.engine(t)
	_, err := e.Summarise(context.Background(), document(1, 100), nil, nil)
	ofAccount(t, err, llm.CodeQuota)
	before, _ := e.Outage()
	ctx, stop := context.WithCancel(context.Background())
	asked := make(chan struct{}, 100)
	var watching sync.WaitGroup
	watching.Go(func() { e.Watch(ctx, refusing(asked), func() {}) })
	<-asked
	<-asked // the second one comes after a pause, or the clock would not have moved on
	stop()
	watching.Wait()
	if after, out := e.Outage(); !out || !after.Next.After(before.Next) || after.Code != llm.CodeQuota {
		t.Errorf("%v, next try %v after %v", out, after.Next, before.Next)
	}
	if n := len(f.srv.Calls()); n != 1 {
		t.Errorf("%d calls to the provider", n)
	}
}

// refusing allows nothing, and says so each time.
type refusing chan<- struct{}

func (r refusing) Reserve(context.Context, llm.Charge) (int64, error) {
	r <- struct{}{}
	return 0, errors.New("nothing is left")
}

func (refusing) Settle(int64, llm.Charge) {}

// deskLedger remembers what it was told.
type deskLedger struct {
	mu       sync.Mutex
	reserved []llm.Charge
	settled  []llm.Charge
	refuse   error
}

func (l *deskLedger) Reserve(_ context.Context, c llm.Charge) (int64, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.refuse != nil {
		return 0, l.refuse
	}
	l.reserved = append(l.reserved, c)
	return int64(len(l.reserved)), nil
}

func (l *deskLedger) Settle(_ int64, c llm.Charge) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.settled = append(l.settled, c)
}

func TestEveryCallIsReservedAndSettled(t *testing.T) {
	f := newFixture(t, nil)
	f.cfg.Prices = map[string]llm.Price{"test-model": {In: 1, Out: 10}}
	d, l := document(100, 400), &deskLedger{}
	d.Ledger = l
	s, err := f.engine(t).Summarise(context.Background(), d, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(l.reserved) != len(f.srv.Calls()) || len(l.settled) != len(l.reserved) {
		t.Fatalf("%d reserved, %d settled, %d calls", len(l.reserved), len(l.settled), len(f.srv.Calls()))
	}
	var in, out int
	var usd float64
	for i, c := range l.settled {
		in, out, usd = in+c.TokensIn, out+c.TokensOut, usd+c.USD
		if r := l.reserved[i]; r.USD <= 0 || r.Model != "test-model" || c.Calls != 1 {
			t.Errorf("reserved %+v, settled %+v", r, c)
		}
	}
	if in != s.TokensIn || out != s.TokensOut || usd-s.CostUSD > 1e-9 || s.CostUSD-usd > 1e-9 {
		t.Errorf("settled %d, %d, %v; the summary says %d, %d, %v", in, out, usd, s.TokensIn, s.TokensOut, s.CostUSD)
	}
}

func TestWhatIsBilled(t *testing.T) {
	for name, c := range map[string]struct {
		reply  llmtest.Reply
		billed bool
	}{
		"refused key":    {llmtest.WrongKey, false},
		"server's fault": {llmtest.ServerError, false},
		"broken off":     {llmtest.Reply{Truncate: true}, true},
		"a refusal":      {llmtest.Reply{Text: "x", Finish: "content_filter"}, true},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t, llmtest.Always(c.reply))
			f.cfg.MaxAttempts = 1
			d, l := document(1, 100), &deskLedger{}
			d.Ledger = l
			_, _ = f.engine(t).Summarise(context.Background(), d, nil, nil)
			if len(l.settled) == 0 || len(l.settled) != len(f.srv.Calls()) || (l.settled[0].TokensIn > 0) != c.billed || l.settled[0].Calls != map[bool]int{true: 1}[c.billed] {
				t.Errorf("settled %+v", l.settled)
			}
		})
	}
}

// A call that was given up may have been billed: what was sent counts.
func TestACallThatWasGivenUpIsBilledForItsInput(t *testing.T) {
	hold := make(chan struct{})
	defer close(hold)
	ctx, cancel := context.WithCancelCause(context.Background())
	f := newFixture(t, func(int, llmtest.Call) llmtest.Reply {
		cancel(errors.New("the lease is lost"))
		return llmtest.Reply{Hold: hold}
	})
	d, l := document(1, 100), &deskLedger{}
	d.Ledger = l
	if _, err := f.engine(t).Summarise(ctx, d, nil, nil); err == nil {
		t.Fatal("no error")
	}
	if len(l.settled) != 1 || l.settled[0].TokensIn != l.reserved[0].TokensIn || l.settled[0].TokensOut != 0 {
		t.Errorf("settled %+v of %+v", l.settled, l.reserved)
	}
}

func TestALedgersRefusalEndsTheDocumentUncalled(t *testing.T) {
	f := newFixture(t, nil)
	d := document(1, 100)
	spent := errors.New("spent")
	d.Ledger = &deskLedger{refuse: spent}
	if _, err := f.engine(t).Summarise(context.Background(), d, nil, nil); !errors.Is(err, spent) {
		t.Errorf("%v", err)
	}
	if n := len(f.srv.Calls()); n != 0 {
		t.Errorf("%d calls", n)
	}
}
