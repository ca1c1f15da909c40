package llm_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/llm"
	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/prose"
	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/tokens"
	"github.com/aidoc-pipeline/aidoc-agent/llm/llmtest"
)

// memCache is a Cache in memory that counts.
type memCache struct {
	mu   sync.Mutex
	m    map[string]llm.Completion
	puts int
	fail error
}

func (c *memCache) Get(_ context.Context, k string) (llm.Completion, bool, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	v, ok := c.m[k]
	return v, ok, nil
}

func (c *memCache) Put(_ context.Context, k string, v llm.Completion) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.fail != nil {
		return c.fail
	}
	if c.m == nil {
		c.m = map[string]llm.Completion{}
	}
	c.m[k] = v
	c.puts++
	return nil
}

// instantClock sleeps in no time and remembers for how long it was asked to. Time moves on by what was slept.
type instantClock struct {
	mu    sync.Mutex
	now   time.Time
	slept []time.Duration
}

func (c *instantClock) Now() time.Time { c.mu.Lock(); defer c.mu.Unlock(); return c.now }

func (c *instantClock) Sleep(ctx context.Context, d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.slept = append(c.slept, d)
	c.now = c.now.Add(d)
	return ctx.Err()
}

func (c *instantClock) longest() (d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, s := range c.slept {
		d = max(d, s)
	}
	return d
}

var underRace = llm.UnderRace

// unlessWatched is n, or less under the race detector.
func unlessWatched(n, less int) int {
	if underRace {
		return less
	}
	return n
}

func computes(t *testing.T) {
	t.Helper()
	llm.Computes(t)
}

func document(pages, wordsPerPage int) llm.Document {
	d := llm.Document{Title: "Test", Filename: "test.pdf"}
	for p := range pages {
		var b strings.Builder
		for i := 0; b.Len() < wordsPerPage*6; i++ {
			fmt.Fprintf(&b, "Sentence %d of page %d tells about topic %d. ", i, p+1, (i*7+p)%13)
		}
		d.Pages = append(d.Pages, prose.Page{Number: p + 1, Text: b.String()})
	}
	return d
}

type fixture struct {
	srv   *llmtest.Server
	clock *instantClock
	cfg   llm.Config
}

func newFixture(t *testing.T, s llmtest.Script) *fixture {
	t.Helper()
	f := &fixture{srv: llmtest.NewServer(s), clock: &instantClock{now: time.Unix(1_700_000_000, 0)}}
	t.Cleanup(f.srv.Close)
	f.cfg = llm.Config{Provider: "openai", Model: "test-model", BaseURL: f.srv.OpenAIURL(), APIKey: "sk-secret-key", ContextTokens: 8192, MaxConcurrency: 8}
	return f
}

func (f *fixture) engine(t *testing.T) *llm.Engine {
	t.Helper()
	e, err := llm.NewFromConfig(f.cfg, llm.WithClock(f.clock))
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func wantCode(t *testing.T, err error, code llm.Code) *llm.Error {
	t.Helper()
	var e *llm.Error
	if !errors.As(err, &e) || e.Code != code {
		t.Fatalf("got error %v, want code %s", err, code)
	}
	if strings.Contains(err.Error(), "sk-secret-key") || strings.Contains(err.Error(), "Sentence") {
		t.Fatalf("the error tells the key or the document: %v", err)
	}
	return e
}

func TestShortDocumentIsOneCall(t *testing.T) {
	f := newFixture(t, nil)
	s, err := f.engine(t).Summarise(context.Background(), document(2, 300), &memCache{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if s.Calls != 1 || s.Chunks != 1 || len(f.srv.Calls()) != 1 {
		t.Errorf("%d calls, %d chunks, server saw %d", s.Calls, s.Chunks, len(f.srv.Calls()))
	}
	if s.Title != "Summary of a test document" || s.TokensIn == 0 || s.TokensOut == 0 || s.Words == 0 || s.PromptVersion != llm.PromptVersion {
		t.Errorf("summary is %+v", s)
	}
	if len(s.Blocks) != 3 || s.Blocks[1].Type != "heading" || s.Blocks[2].Type != "list" {
		t.Errorf("blocks are %+v", s.Blocks)
	}
}

// A 500-page document: no call waits for more than two others, and what is finished is never paid again.
func TestLongDocumentIsMappedConcurrentlyAtDepthThree(t *testing.T) {
	for _, context8k := range []int{4096, 8192, 128_000} {
		// The first call waits for a second one, so that calls which may run side by side are seen to.
		second := make(chan struct{})
		f := newFixture(t, func(n int, _ llmtest.Call) llmtest.Reply {
			switch n {
			case 1:
				return llmtest.Reply{Hold: second}
			case 2:
				close(second)
			}
			return llmtest.Reply{}
		})
		f.cfg.ContextTokens = context8k
		ctx, stop := context.WithTimeout(context.Background(), time.Minute)
		defer stop()
		cache := &memCache{}
		var mu sync.Mutex
		lastDone, lastTotal := 0, 0
		e := f.engine(t)
		s, err := e.Summarise(ctx, document(unlessWatched(500, 120), 400), cache, func(done, total int) {
			mu.Lock()
			defer mu.Unlock()
			if done < lastDone || total < lastTotal {
				t.Errorf("progress goes back: %d/%d after %d/%d", done, total, lastDone, lastTotal)
			}
			lastDone, lastTotal = done, total
		})
		if err != nil {
			t.Fatal(err)
		}
		if lastDone != lastTotal || lastTotal < s.Chunks {
			t.Errorf("progress ends at %d of %d", lastDone, lastTotal)
		}
		if p := f.srv.Peak(); p > 8 || p < 2 {
			t.Errorf("%d calls at a time, want 2 to 8", p)
		}
		if d := depthOf(f.srv.Calls()); d > 3 {
			t.Errorf("context %d: depth %d", context8k, d)
		}
		for i, c := range f.srv.Calls() {
			if n := tokens.Estimate(c.System+c.User) + c.MaxTokens; n > context8k {
				t.Errorf("call %d takes %d tokens of %d", i, n, context8k)
			}
		}
		before := len(f.srv.Calls())
		again, err := e.Summarise(context.Background(), document(unlessWatched(500, 120), 400), cache, nil)
		if err != nil {
			t.Fatal(err)
		}
		if len(f.srv.Calls()) != before || again.Calls != 0 || again.TokensIn != 0 || again.CostUSD != 0 || again.CachedCalls != before {
			t.Errorf("the second run made %d calls, cached %d of %d", again.Calls, again.CachedCalls, before)
		}
		if again.Markdown != s.Markdown {
			t.Error("the second run's summary differs")
		}
	}
}

// depthOf counts the levels of calls: map, each reduction, final.
func depthOf(calls []llmtest.Call) int {
	depth, kind := 0, ""
	for _, c := range calls {
		k := strings.SplitN(c.User, " ", 4)[0] + strings.SplitN(c.User, " ", 4)[1] + c.User[:20]
		if strings.HasPrefix(c.User, "Below is part") {
			k = "map"
		}
		if strings.HasPrefix(c.User, "Below are notes on consecutive") {
			k = "reduce"
		}
		if k != kind {
			depth++
			kind = k
		}
	}
	return depth
}

func TestInterruptedRunGoesOnWhereItStopped(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	f := newFixture(t, func(n int, _ llmtest.Call) llmtest.Reply {
		if n == 20 {
			cancel()
		}
		return llmtest.Reply{}
	})
	cache := &memCache{}
	if _, err := f.engine(t).Summarise(ctx, document(200, 400), cache, nil); !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v", err)
	}
	done := cache.puts
	if done < 10 {
		t.Fatalf("only %d steps kept", done)
	}
	s, err := f.engine(t).Summarise(context.Background(), document(200, 400), cache, nil)
	if err != nil {
		t.Fatal(err)
	}
	whole, err := f.engine(t).Summarise(context.Background(), document(200, 400), nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if s.CachedCalls != done || s.Calls != whole.Calls-done {
		t.Errorf("took %d steps from the cache and paid %d; %d were there of %d", s.CachedCalls, s.Calls, done, whole.Calls)
	}
}

func TestEqualDocumentsAtOnceArePaidOnce(t *testing.T) {
	f := newFixture(t, nil)
	e, cache := f.engine(t), &memCache{}
	var wg sync.WaitGroup
	for range 6 {
		wg.Go(func() {
			if _, err := e.Summarise(context.Background(), document(1, 200), cache, nil); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := len(f.srv.Calls()); n != 1 {
		t.Errorf("%d calls for one document", n)
	}
}

func TestRateLimitIsSurvivedAndSlowsAllWorkers(t *testing.T) {
	f := newFixture(t, llmtest.EveryNth(5, llmtest.Reply{Status: 429, RetryAfter: "7", ErrorType: "rate_limit_error"}))
	s, err := f.engine(t).Summarise(context.Background(), document(150, 400), &memCache{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if s.Chunks < 10 {
		t.Fatalf("%d chunks prove nothing", s.Chunks)
	}
	if d := f.clock.longest(); d < 7*time.Second || d > 10*time.Second {
		t.Errorf("waited %s, the server asked for 7 s", d)
	}
}

func TestServerErrorsAreRetriedWithinBounds(t *testing.T) {
	f := newFixture(t, llmtest.FirstN(3, llmtest.ServerError))
	if _, err := f.engine(t).Summarise(context.Background(), document(1, 100), nil, nil); err != nil {
		t.Fatal(err)
	}
	f = newFixture(t, llmtest.Always(llmtest.ServerError))
	f.cfg.MaxAttempts = 4
	_, err := f.engine(t).Summarise(context.Background(), document(1, 100), nil, nil)
	if e := wantCode(t, err, llm.CodeUnavailable); !e.Retryable {
		t.Error("a server's fault must be retryable later")
	}
	if n := len(f.srv.Calls()); n != 5 {
		t.Errorf("%d calls, want 4 and one that asks whether the server answers anybody", n)
	}
	if d := f.clock.longest(); d > time.Minute {
		t.Errorf("waited %s", d)
	}
}

func TestRefusalsAreNotRetried(t *testing.T) {
	for name, c := range map[string]struct {
		reply llmtest.Reply
		code  llm.Code
		says  string
	}{
		"wrong key":      {llmtest.WrongKey, llm.CodeAuth, "OPENAI_API_KEY"},
		"no quota":       {llmtest.NoQuota, llm.CodeQuota, "billing"},
		"no model":       {llmtest.NoModel, llm.CodeNotFound, "test-model"},
		"no such path":   {llmtest.Reply{Status: 404, Raw: "<html>404</html>", ContentType: "text/html"}, llm.CodeNotFound, "base_url"},
		"redirect":       {llmtest.Reply{Status: 302, Raw: "moved"}, llm.CodeNotFound, "redirect"},
		"content filter": {llmtest.Reply{Text: "x", Finish: "content_filter"}, llm.CodeRefused, "refused"},
		"bad parameter":  {llmtest.Reply{Status: 400, ErrorType: "invalid_request_error", ErrorText: "no"}, llm.CodeBadRequest, "options"},
		"a web page":     {llmtest.Reply{Raw: "<html>hello</html>", ContentType: "text/html"}, llm.CodeBadAnswer, ""},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t, llmtest.Always(c.reply))
			_, err := f.engine(t).Summarise(context.Background(), document(1, 100), nil, nil)
			e := wantCode(t, err, c.code)
			if e.Retryable || !strings.Contains(e.Message, c.says) {
				t.Errorf("retryable %v, says %q", e.Retryable, e.Message)
			}
			if n := len(f.srv.Calls()); n > 2 {
				t.Errorf("%d calls", n)
			}
		})
	}
}

func TestTruncatedAnswerIsRetried(t *testing.T) {
	f := newFixture(t, llmtest.FirstN(1, llmtest.Reply{Truncate: true}))
	if _, err := f.engine(t).Summarise(context.Background(), document(1, 100), nil, nil); err != nil {
		t.Fatal(err)
	}
}

func TestTooLongChunkIsCutAndTheDocumentGoesOn(t *testing.T) {
	for _, provider := range []string{"openai", "anthropic"} {
		f := newFixture(t, llmtest.ContextLimit(9000))
		f.cfg.Provider = provider
		if provider == "anthropic" {
			f.cfg.BaseURL = f.srv.URL
		}
		s, err := f.engine(t).Summarise(context.Background(), document(40, 400), &memCache{}, nil)
		if err != nil {
			t.Fatalf("%s: %v", provider, err)
		}
		if len(s.Blocks) == 0 {
			t.Errorf("%s: no summary", provider)
		}
		// The whole text arrived: the last sentence of each page is in some accepted call.
		for p := 1; p <= 40; p++ {
			if !anyCall(f.srv.Calls(), fmt.Sprintf("Sentence 40 of page %d tells", p)) {
				t.Errorf("%s: page %d was never read", provider, p)
			}
		}
	}
}

func anyCall(calls []llmtest.Call, text string) bool {
	for _, c := range calls {
		if c.Status == 200 && strings.Contains(c.User, text) {
			return true
		}
	}
	return false
}

func TestBudgetIsCheckedBeforeTheCall(t *testing.T) {
	f := newFixture(t, nil)
	f.cfg.Budget.MaxTokens = 1_000 // not enough for a passage
	_, err := f.engine(t).Summarise(context.Background(), document(200, 400), nil, nil)
	if e := wantCode(t, err, llm.CodeBudget); e.Retryable {
		t.Error("a budget does not come back by itself")
	}
	if n := len(f.srv.Calls()); n > 0 {
		t.Errorf("%d calls were made that the budget could not pay", n)
	}
	f.cfg.Budget = llm.Budget{MaxUSD: 0.001}
	f.cfg.Prices = map[string]llm.Price{"test-model": {In: 10, Out: 10}}
	_, err = f.engine(t).Summarise(context.Background(), document(20, 400), nil, nil)
	wantCode(t, err, llm.CodeBudget)
	f.cfg.Prices = nil
	if _, known := f.engine(t).Price(); known {
		t.Error("a server of one's own has a price")
	}
	f.cfg.Budget = llm.Budget{MaxUSD: 0.001, MaxTokens: 2000}
	_, err = f.engine(t).Summarise(context.Background(), document(20, 400), nil, nil)
	if e := wantCode(t, err, llm.CodeBudget); !strings.Contains(e.Message, "2000 tokens") {
		t.Errorf("without a price the cap in tokens holds, not %q", e.Message)
	}
}

func TestEmptyAnswerIsAskedForOnceMore(t *testing.T) {
	f := newFixture(t, llmtest.FirstN(1, llmtest.Reply{Empty: true}))
	s, err := f.engine(t).Summarise(context.Background(), document(1, 100), &memCache{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	calls := f.srv.Calls()
	if len(calls) != 2 || !strings.Contains(calls[1].User, "could not be used") || s.Calls != 2 {
		t.Errorf("%d calls, summary says %d", len(calls), s.Calls)
	}
	f = newFixture(t, llmtest.Always(llmtest.Reply{Empty: true}))
	_, err = f.engine(t).Summarise(context.Background(), document(1, 100), &memCache{}, nil)
	wantCode(t, err, llm.CodeBadAnswer)
	if n := len(f.srv.Calls()); n != 2 {
		t.Errorf("%d calls, want 2", n)
	}
}

func TestCancelIsPrompt(t *testing.T) {
	hold := make(chan struct{})
	defer close(hold)
	arrived := make(chan struct{}, 100)
	f := newFixture(t, func(int, llmtest.Call) llmtest.Reply {
		arrived <- struct{}{}
		return llmtest.Reply{Hold: hold}
	})
	ctx, cancel := context.WithCancelCause(context.Background())
	why := errors.New("lease lost")
	done := make(chan error, 1)
	e := f.engine(t)
	go func() {
		_, err := e.Summarise(ctx, document(100, 400), nil, nil)
		done <- err
	}()
	<-arrived
	cancel(why)
	if err := <-done; !errors.Is(err, why) && !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestCacheFaultsAreErrors(t *testing.T) {
	f := newFixture(t, nil)
	full := errors.New("disk full")
	if _, err := f.engine(t).Summarise(context.Background(), document(1, 100), &memCache{fail: full}, nil); !errors.Is(err, full) {
		t.Errorf("got %v", err)
	}
}

func TestNoText(t *testing.T) {
	f := newFixture(t, nil)
	for _, s := range []llm.Summariser{f.engine(t), llm.Extractive{}} {
		_, err := s.Summarise(context.Background(), llm.Document{Pages: []prose.Page{{Number: 1, Text: " \n\t "}}}, nil, nil)
		wantCode(t, err, llm.CodeNoText)
	}
}
