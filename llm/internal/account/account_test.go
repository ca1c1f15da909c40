package account

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

var bg = context.Background()

// clock sleeps at once and moves on by what was slept.
type clock struct {
	mu    sync.Mutex
	t     time.Time
	slept []time.Duration
}

func newClock() *clock { return &clock{t: time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) Sleep(ctx context.Context, d time.Duration) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.slept = append(c.slept, d)
	c.t = c.t.Add(d)
	return nil
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

func account(calls int) (*Account, *clock) {
	c := newClock()
	return New("openai", "", "sk-secret", Bounds{First: calls, Most: calls}, c), c
}

// room is how many calls can be acquired at once; they are released again as neither good nor bad.
func room(t *testing.T, a *Account) int {
	t.Helper()
	n := 0
	for {
		if wait, changed := a.limiter.try(0); wait > 0 || changed != nil {
			break
		}
		n++
	}
	for range n {
		a.Release(Outcome{})
	}
	return n
}

func TestNameHoldsNoKey(t *testing.T) {
	a := New("openai", "https://llm.example.org/v1", "sk-secret", Bounds{First: 1, Most: 1}, newClock())
	if !strings.HasPrefix(a.Name, "openai/llm.example.org/") || strings.Contains(a.Name, "secret") {
		t.Errorf("%s", a.Name)
	}
	if other := New("openai", "https://llm.example.org/v1", "sk-other", Bounds{First: 1, Most: 1}, newClock()); other.Name == a.Name {
		t.Error("two keys are two accounts")
	}
}

func TestA429HalvesAndTheWayUpIsSlow(t *testing.T) {
	a, c := account(8)
	for range 3 { // a burst is one cut
		if err := a.Acquire(bg, 1); err != nil {
			t.Fatal(err)
		}
	}
	for range 3 {
		a.Release(Outcome{Limited: true, RetryAfter: 2 * time.Second})
	}
	if n := room(t, a); n != 0 {
		t.Fatalf("%d calls begin before Retry-After is over", n)
	}
	c.advance(2 * time.Second)
	if n := room(t, a); n != 4 {
		t.Fatalf("%d calls at a time after a 429, want 4", n)
	}
	good := func() {
		if err := a.Acquire(bg, 1); err != nil {
			t.Fatal(err)
		}
		a.Release(Outcome{OK: true})
	}
	for range 100 {
		good()
	}
	if n := room(t, a); n != 4 {
		t.Fatalf("%d calls within seconds of a 429, want 4", n)
	}
	c.advance(restAfterCut)
	for range 100 {
		good()
	}
	if n := room(t, a); n != 5 {
		t.Fatalf("%d calls, want one more", n)
	}
	for range 10 {
		c.advance(climbEvery)
		good()
	}
	if n := room(t, a); n != 8 {
		t.Errorf("%d calls in the end, want 8", n)
	}
}

func TestHeadersAreHeeded(t *testing.T) {
	for name, h := range map[string]http.Header{
		"openai": {"X-Ratelimit-Limit-Tokens": {"60000"}, "X-Ratelimit-Remaining-Tokens": {"10000"}, "X-Ratelimit-Reset-Tokens": {"50s"},
			"X-Ratelimit-Limit-Requests": {"500"}, "X-Ratelimit-Remaining-Requests": {"499"}, "X-Ratelimit-Reset-Requests": {"120ms"}},
		"anthropic": {"Anthropic-Ratelimit-Input-Tokens-Limit": {"60000"}, "Anthropic-Ratelimit-Input-Tokens-Remaining": {"10000"},
			"Anthropic-Ratelimit-Input-Tokens-Reset": {"2026-11-27T12:00:50Z"}},
	} {
		t.Run(name, func(t *testing.T) {
			a, c := account(8)
			a.Observe(h)
			if err := a.Acquire(bg, 8000); err != nil || len(c.slept) != 0 {
				t.Fatalf("there was room: %v, slept %v", err, c.slept)
			}
			if err := a.Acquire(bg, 8000); err != nil { // 2,000 are left and 1,000 come each second
				t.Fatal(err)
			}
			if len(c.slept) != 1 || c.slept[0] < 6*time.Second || c.slept[0] > 7*time.Second {
				t.Errorf("slept %v, want 6 s", c.slept)
			}
			if err := a.Acquire(bg, 70_000); err != nil || len(c.slept) != 1 {
				t.Errorf("a call that never fits is the provider's to refuse: %v, %v", err, c.slept)
			}
		})
	}
}

func TestNoRequestsLeft(t *testing.T) {
	a, c := account(8)
	a.Observe(http.Header{"X-Ratelimit-Limit-Requests": {"60"}, "X-Ratelimit-Remaining-Requests": {"0"}, "X-Ratelimit-Reset-Requests": {"1m0s"}})
	if err := a.Acquire(bg, 1); err != nil || len(c.slept) != 1 || c.slept[0] < time.Second || c.slept[0] > 2*time.Second {
		t.Errorf("%v, slept %v; want one request's share of the minute", err, c.slept)
	}
}

// An allowance of a whole day is not waited for with a document in hand.
func TestAnAllowanceThatIsFarAwayIsTheProvidersToRefuse(t *testing.T) {
	a, c := account(8)
	a.Observe(http.Header{"X-Ratelimit-Limit-Requests": {"200"}, "X-Ratelimit-Remaining-Requests": {"0"}, "X-Ratelimit-Reset-Requests": {"24h"}})
	if err := a.Acquire(bg, 1); err != nil || len(c.slept) != 0 {
		t.Errorf("%v, slept %v", err, c.slept)
	}
}

func TestHeadersThatMakeNoSense(t *testing.T) {
	for _, h := range []http.Header{
		{},
		{"X-Ratelimit-Limit-Tokens": {"0"}, "X-Ratelimit-Remaining-Tokens": {"0"}, "X-Ratelimit-Reset-Tokens": {"1s"}},
		{"X-Ratelimit-Limit-Tokens": {"NaN"}, "X-Ratelimit-Remaining-Tokens": {"0"}, "X-Ratelimit-Reset-Tokens": {"1s"}},
		{"X-Ratelimit-Limit-Tokens": {"100"}, "X-Ratelimit-Remaining-Tokens": {"-5"}, "X-Ratelimit-Reset-Tokens": {"1s"}},
		{"X-Ratelimit-Limit-Tokens": {"100"}, "X-Ratelimit-Remaining-Tokens": {"0"}, "X-Ratelimit-Reset-Tokens": {"soon"}},
		{"X-Ratelimit-Limit-Tokens": {"100"}, "X-Ratelimit-Remaining-Tokens": {"0"}},
	} {
		a, c := account(1)
		a.Observe(h)
		if err := a.Acquire(bg, 50); err != nil || len(c.slept) != 0 {
			t.Errorf("%v: %v, slept %v", h, err, c.slept)
		}
	}
}

func TestAStoppedAccountMakesNoCallUntilAProbeSucceeds(t *testing.T) {
	a, c := account(8)
	empty, wrong := errors.New("the account is empty"), errors.New("the key is wrong")
	began := a.Changed()
	if err := a.Acquire(bg, 1); err != nil {
		t.Fatal(err)
	}
	a.Release(Outcome{})
	a.Stop(empty, 0)
	select {
	case <-began:
	default:
		t.Error("nobody was told")
	}
	if err := a.Acquire(bg, 1); !errors.Is(err, empty) {
		t.Fatalf("a call went out: %v", err)
	}
	o, stopped := a.Outage()
	if !stopped || o.Next.Sub(c.Now()) < probeFirst || o.Next.Sub(c.Now()) > 2*probeFirst {
		t.Fatalf("outage: %+v %v", o, stopped)
	}
	a.Tried(wrong, time.Hour)
	if o, _ = a.Outage(); !errors.Is(o.Reason, wrong) || o.Next.Sub(c.Now()) < time.Hour {
		t.Errorf("the provider asked for an hour: %+v", o)
	}
	ended := a.Changed()
	a.Tried(nil, 0)
	select {
	case <-ended:
	default:
		t.Error("nobody was told of its end")
	}
	if err := a.Acquire(bg, 1); err != nil {
		t.Errorf("after the outage: %v", err)
	}
}

// An account that answers probes and refuses work is left alone for longer each time.
func TestProbesAloneDoNotShortenThePauses(t *testing.T) {
	a, c := account(8)
	reason := errors.New("no")
	var longest time.Duration
	for range 20 {
		a.Stop(reason, 0)
		o, _ := a.Outage()
		longest = max(longest, o.Next.Sub(c.Now()))
		a.Tried(nil, 0)
	}
	if longest < time.Minute {
		t.Errorf("the longest pause of 20 outages was %v", longest)
	}
	if err := a.Acquire(bg, 1); err != nil {
		t.Fatal(err)
	}
	a.Release(Outcome{OK: true})
	a.Stop(reason, 0)
	if o, _ := a.Outage(); o.Next.Sub(c.Now()) > 2*probeFirst {
		t.Errorf("after a good call the pauses are short again, not %v", o.Next.Sub(c.Now()))
	}
}

// A call that waited for its turn must not go out to an account that was stopped meanwhile.
func TestWaitingCallsEndWithTheAccount(t *testing.T) {
	a, _ := account(1)
	if err := a.Acquire(bg, 1); err != nil {
		t.Fatal(err)
	}
	empty := errors.New("the account is empty")
	waiting := make(chan error, 1)
	go func() { waiting <- a.Acquire(bg, 1) }()
	a.Stop(empty, 0)
	a.Release(Outcome{})
	if err := <-waiting; !errors.Is(err, empty) {
		t.Errorf("%v", err)
	}
}
