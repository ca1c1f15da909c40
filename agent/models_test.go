package agent_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/aidoc-pipeline/aidoc-agent/agent"
	"github.com/aidoc-pipeline/aidoc-agent/agent/budget"
	"github.com/aidoc-pipeline/aidoc-agent/agent/journal"
	"github.com/aidoc-pipeline/aidoc-agent/llm"
	"github.com/aidoc-pipeline/aidoc-agent/llm/llmtest"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient/wptest"
)

// hurry is a clock whose seconds are milliseconds.
type hurry struct{ began time.Time }

func (h hurry) Now() time.Time { return h.began.Add(time.Since(h.began) * 1000) }

func (h hurry) Sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d / 1000)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// model is a Summariser over a model server.
func model(t *testing.T, s llmtest.Script) (*llm.Engine, *llmtest.Server) {
	t.Helper()
	srv := llmtest.NewServer(s)
	t.Cleanup(srv.Close)
	e, err := llm.NewFromConfig(llm.Config{Provider: "openai", Model: "m", BaseURL: srv.OpenAIURL(), APIKey: "sk-secret", ContextTokens: 8192, MaxAttempts: 2,
		Prices: map[string]llm.Price{"m": {In: 1, Out: 10}}}, llm.WithClock(hurry{time.Now()}))
	if err != nil {
		t.Fatal(err)
	}
	return e, srv
}

func probing(c llmtest.Call) bool { return strings.Contains(c.System, "test a connection") }

// listener remembers what a site was told with the questions for work.
type listener struct {
	agent.Site
	mu    sync.Mutex
	notes []string
}

func (n *listener) Lease(ctx context.Context, q wpclient.LeaseRequest) (wpclient.LeaseResponse, error) {
	n.mu.Lock()
	n.notes = append(n.notes, q.Note)
	n.mu.Unlock()
	return n.Site.Lease(ctx, q)
}

func (n *listener) said(words string) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, note := range n.notes {
		if strings.Contains(note, words) {
			return true
		}
	}
	return false
}

// An account without money fails no document, however many wait, and when it is filled the work goes on by itself.
func TestAnEmptyAccountBurnsNoDocument(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	var filled atomic.Bool
	tried := make(chan struct{}, 1000)
	sum, srv := model(t, func(_ int, c llmtest.Call) llmtest.Reply {
		if filled.Load() {
			return llmtest.Reply{}
		}
		if probing(c) {
			tried <- struct{}{}
		}
		return llmtest.NoQuota
	})
	const documents = 50
	var ids []int64
	for i := range documents {
		ids = append(ids, r.site.AddJob(fmt.Sprintf("d%d.txt", i), "text/plain", doc(i)))
	}
	site := &listener{Site: r.site.Client(wpclient.Options{})}
	j, err := journal.Open(t.Context(), filepath.Join(r.dir, "journal.db"), journal.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { j.Close() })
	a := r.with(j, site, func(o *agent.Options) { o.Summariser = sum })
	stop, _ := start(t, a)
	for range 3 {
		<-tried
	}
	r.until("the reason is told", func() bool { return site.said("billing page") })
	st := a.Status()
	if st.Models.OutageCode != string(llm.CodeQuota) || st.Sites[0].Waits == "" || st.Sites[0].Failed != 0 {
		t.Errorf("status: %+v", st)
	}
	r.until("what was held is given back", func() bool {
		for _, id := range ids {
			if r.site.Job(id).State != wptest.Queued {
				return false
			}
		}
		return true
	})
	calls := 0
	for _, c := range srv.Calls() {
		if !probing(c) {
			calls++
		}
	}
	if calls > 8 {
		t.Errorf("the empty account was asked for %d summaries", calls)
	}
	filled.Store(true)
	for _, id := range ids {
		got := r.await(id, wptest.Done)
		if len(got.Failures) != 0 || got.Crashes != 0 || got.Attempt > 1 || got.Result.Provider != "openai" {
			t.Fatalf("job %d: attempt %d, failures %v, by %s", id, got.Attempt, got.Failures, got.Result.Provider)
		}
	}
	if err := stop(); err != nil {
		t.Fatal(err)
	}
}

// A provider that is down for everybody is no document's fault either.
func TestAProviderThatIsDownBurnsNoDocument(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	var up atomic.Bool
	tried := make(chan struct{}, 1000)
	sum, _ := model(t, func(_ int, c llmtest.Call) llmtest.Reply {
		if up.Load() {
			return llmtest.Reply{}
		}
		if probing(c) {
			tried <- struct{}{}
		}
		return llmtest.ServerError
	})
	id := r.site.AddJob("d.txt", "text/plain", doc(1))
	stop, _ := start(t, r.agent(func(o *agent.Options) { o.Summariser = sum }))
	<-tried
	<-tried
	up.Store(true)
	if got := r.await(id, wptest.Done); len(got.Failures) != 0 || got.Attempt > 1 {
		t.Errorf("attempt %d, failures %v", got.Attempt, got.Failures)
	}
	if err := stop(); err != nil {
		t.Fatal(err)
	}
}

// In a run that ends with the queue nobody waits for an account to be filled.
func TestOnceEndsWhereTheModelIsAway(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	sum, _ := model(t, llmtest.Always(llmtest.NoQuota))
	id := r.site.AddJob("d.txt", "text/plain", doc(1))
	err := r.agent(func(o *agent.Options) { o.Summariser = sum }).Once(t.Context())
	if !errors.Is(err, agent.ErrWaits) || !strings.Contains(err.Error(), "billing page") {
		t.Errorf("%v", err)
	}
	if got := r.site.Job(id); got.State != wptest.Queued || len(got.Failures) != 0 {
		t.Errorf("%s, %v", got.State, got.Failures)
	}
}

// calendar is a clock for journal and budget that a test moves on.
type calendar struct{ ahead atomic.Int64 }

func (c *calendar) now() time.Time          { return time.Now().Add(time.Duration(c.ahead.Load())) }
func (c *calendar) advance(d time.Duration) { c.ahead.Add(int64(d)) }

// capped is an agent of a calendar whose models cost against caps.
func (r *rig) capped(c *calendar, site agent.Site, sum llm.Summariser, caps budget.Caps, fallback bool) *agent.Agent {
	r.t.Helper()
	j, err := journal.Open(r.t.Context(), filepath.Join(r.t.TempDir(), "journal.db"), journal.Options{Now: c.now})
	if err != nil {
		r.t.Fatal(err)
	}
	r.journal = j
	r.t.Cleanup(func() { j.Close() })
	return r.with(j, site, func(o *agent.Options) {
		o.Summariser = sum
		o.Metrics = agent.NewMetrics(prometheus.NewRegistry())
		o.Budget = budget.New(budget.Options{Ledger: j, Caps: caps, Fallback: fallback, Booked: o.Metrics.Model, Now: c.now, Log: slog.New(slog.NewTextHandler(r.log, nil))})
	})
}

func TestOverTheDaysCapDocumentsWaitForMidnight(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	sum, srv := model(t, nil)
	site, c := &listener{Site: r.site.Client(wpclient.Options{})}, &calendar{}
	// A call of these documents is reserved at about 3,000 tokens and costs about 900.
	a := r.capped(c, site, sum, budget.Caps{Day: budget.Amount{Tokens: 5000}}, false)
	var ids []int64
	for i := range 8 {
		ids = append(ids, r.site.AddJob(fmt.Sprintf("d%d.txt", i), "text/plain", doc(i)))
	}
	stop, _ := start(t, a)
	r.until("the reason is told", func() bool { return site.said("summary.max_tokens_per_day") })
	r.until("what was held is given back", func() bool {
		for _, id := range ids {
			if s := r.site.Job(id).State; s != wptest.Queued && s != wptest.Done {
				return false
			}
		}
		return true
	})
	today := len(srv.Calls())
	if today == 0 || today > 6 {
		t.Errorf("%d calls within the cap", today)
	}
	st := a.Status()
	if st.Models.Spend[0].Tokens == 0 || st.Models.Spend[0].Tokens > 5000 || st.Models.Spend[0].MaxTokens != 5000 {
		t.Errorf("spent %+v", st.Models.Spend)
	}
	for range 8 { // days
		c.advance(24 * time.Hour)
		r.until("the day's work is done", func() bool { return len(srv.Calls()) > today || r.site.Job(ids[7]).State == wptest.Done })
		if allDone(r, ids) {
			break
		}
		before := len(srv.Calls())
		r.until("the cap is reached again, or all is done", func() bool {
			return allDone(r, ids) || len(srv.Calls()) >= before && a.Status().Sites[0].Waits != ""
		})
		today = len(srv.Calls())
	}
	for _, id := range ids {
		if got := r.await(id, wptest.Done); len(got.Failures) != 0 || got.Attempt > 1 {
			t.Errorf("job %d: attempt %d, %v", id, got.Attempt, got.Failures)
		}
	}
	if err := stop(); err != nil {
		t.Fatal(err)
	}
}

func allDone(r *rig, ids []int64) bool {
	for _, id := range ids {
		if r.site.Job(id).State != wptest.Done {
			return false
		}
	}
	return true
}

func TestOverTheCapTheEmbeddedSummaryWhereThatIsWanted(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.site.SetBudget(&wpclient.Budget{}) // no cap of the site, which knows the fields
	sum, srv := model(t, nil)
	a := r.capped(&calendar{}, r.site.Client(wpclient.Options{}), sum, budget.Caps{Day: budget.Amount{Tokens: 10}, Document: budget.Amount{Tokens: 20}}, true)
	id := r.site.AddJob("d.txt", "text/plain", doc(1))
	stop, _ := start(t, a)
	got := r.await(id, wptest.Done).Result
	if got.Provider != "extractive" || got.Fallback != string(llm.CodeBudget) || got.Spent == nil || got.Spent.Tokens != 0 {
		t.Errorf("by %s, instead of %q, spent %+v", got.Provider, got.Fallback, got.Spent)
	}
	if n := len(srv.Calls()); n != 0 {
		t.Errorf("%d calls", n)
	}
	if err := stop(); err != nil {
		t.Fatal(err)
	}
}

// A result tells how much of its summary was found in the document, to a site that knows the fields.
func TestResultTellsWhatWasFoundInTheDocument(t *testing.T) {
	t.Parallel()
	for _, b := range []*wpclient.Budget{nil, {}} {
		r := newRig(t)
		r.site.SetBudget(b)
		sum, _ := model(t, nil)
		id := r.site.AddJob("d.txt", "text/plain", doc(1))
		stop, _ := start(t, r.capped(&calendar{}, r.site.Client(wpclient.Options{}), sum, budget.Caps{}, false))
		got := r.await(id, wptest.Done).Result
		if known := b != nil; known != (got.Claims > 0) || got.Checked > got.Claims || known && got.Checked == 0 {
			t.Errorf("budget %v: checked %d of %d", b, got.Checked, got.Claims)
		}
		if err := stop(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestASitesBudgetTravelsWithTheLease(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	nothing, plenty := 0.0, 5.0
	r.site.SetBudget(&wpclient.Budget{MaxUSD: &nothing, RenewsInMS: 100})
	sum, srv := model(t, nil)
	site := &listener{Site: r.site.Client(wpclient.Options{})}
	stop, _ := start(t, r.capped(&calendar{}, site, sum, budget.Caps{}, false))
	id := r.site.AddJob("d.txt", "text/plain", doc(1))
	r.until("the reason is told", func() bool { return site.said("what this site allows for models is spent") })
	if n := len(srv.Calls()); n != 0 {
		t.Errorf("%d calls on a site without money", n)
	}
	r.site.SetBudget(&wpclient.Budget{MaxUSD: &plenty})
	got := r.await(id, wptest.Done)
	if got.Result.Spent == nil || got.Result.Spent.USD != got.Result.CostUSD || got.Result.CostUSD <= 0 || len(got.Failures) != 0 {
		t.Errorf("spent %+v, cost %v, failures %v", got.Result.Spent, got.Result.CostUSD, got.Failures)
	}
	if err := stop(); err != nil {
		t.Fatal(err)
	}
}

// What an attempt has cost is told to the next one with the job, whichever agent it is, and counts against the document's cap.
func TestWhatADocumentCostTravelsWithIt(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	long := []byte(strings.Join(llmtest.ReportPages(40), "\f"))
	id := r.site.AddJob("report.txt", "text/plain", long)
	first, _ := model(t, func(n int, c llmtest.Call) llmtest.Reply {
		if n > 2 {
			return llmtest.Reply{Status: 400, ErrorType: "invalid_request_error", ErrorText: "no"}
		}
		return llmtest.Reply{}
	})
	stop, _ := start(t, r.capped(&calendar{}, r.site.Client(wpclient.Options{}), first, budget.Caps{}, false))
	failed := r.awaitFunc(id, func(j wptest.JobState) bool { return len(j.Failures) > 0 })
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	booked, err := r.journal.Spend(t.Context(), time.Time{})
	if err != nil || len(booked) != 1 || booked[0].Site != r.site.URL() || booked[0].TokensIn == 0 {
		t.Fatalf("what a failed document cost was not booked: %+v, %v", booked, err)
	}
	var told struct {
		Spent struct {
			Tokens int64   `json:"tokens"`
			USD    float64 `json:"usd"`
		} `json:"spent"`
	}
	last := failed.Beats[len(failed.Beats)-1]
	if err := json.Unmarshal(last.Checkpoint, &told); err != nil || told.Spent.Tokens != booked[0].Tokens() || told.Spent.USD <= 0 {
		t.Fatalf("told %s, %v; booked %+v", last.Checkpoint, err, booked)
	}
	if last.Spent != nil {
		t.Error("a site that sends no budget was told what it does not know")
	}

	second, srv := model(t, nil)
	r.site.SetClockOffset(2 * time.Minute) // the pause after a failure is over
	caps := budget.Caps{Document: budget.Amount{Tokens: told.Spent.Tokens + 100}}
	stop, _ = start(t, r.capped(&calendar{}, r.site.Client(wpclient.Options{}), second, caps, false))
	got := r.await(id, wptest.Failed)
	if f := got.Failures[len(got.Failures)-1]; f.Code != string(llm.CodeBudget) || f.Class != "permanent" {
		t.Errorf("failed with %+v", f)
	}
	if n := len(srv.Calls()); n != 0 {
		t.Errorf("%d calls over the document's cap", n)
	}
	if err := stop(); err != nil {
		t.Fatal(err)
	}
}

// A failure tells a site with a budget what it has cost, as a result does.
func TestAFailureTellsWhatItCost(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	plenty := 5.0
	r.site.SetBudget(&wpclient.Budget{MaxUSD: &plenty})
	sum, _ := model(t, llmtest.Always(llmtest.Reply{Text: "I am sorry, I cannot help with that.", Finish: "content_filter"}))
	id := r.site.AddJob("d.txt", "text/plain", doc(1))
	stop, _ := start(t, r.capped(&calendar{}, r.site.Client(wpclient.Options{}), sum, budget.Caps{}, false))
	got := r.awaitFunc(id, func(j wptest.JobState) bool { return len(j.Failures) > 0 })
	if f := got.Failures[0]; f.Code != string(llm.CodeRefused) || f.Spent == nil || f.Spent.USD <= 0 || f.Spent.Tokens == 0 {
		t.Errorf("%+v, spent %+v", f, f.Spent)
	}
	if err := stop(); err != nil {
		t.Fatal(err)
	}
}

// A document that the share of the site's cap does not pay for goes back with what it costs; other reasons for going back tell no price.
func TestTheSiteIsToldWhatADocumentCostsThatItsCapDoesNotPayFor(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	sum, srv := model(t, nil)
	little := 0.001
	r.site.SetBudget(&wpclient.Budget{MaxUSD: &little, RenewsInMS: 100})
	id := r.site.AddJob("d.txt", "text/plain", doc(1))
	stop, _ := start(t, r.capped(&calendar{}, r.site.Client(wpclient.Options{}), sum, budget.Caps{}, false))
	r.until("it is given back", func() bool { return r.site.Job(id).Releases > 0 })
	got := r.site.Job(id).Released[0]
	// At 1 and 10 US dollars for a million tokens a call is reserved at some 0.016.
	if got.Code != "spend_cap_reached" || got.Cost == nil || got.Cost.USD < little || got.Cost.USD > 0.1 || got.Cost.Tokens < 1000 || len(srv.Calls()) != 0 {
		t.Errorf("released with %+v (%+v), %d calls made", got, got.Cost, len(srv.Calls()))
	}
	plenty := 1.0
	r.site.SetBudget(&wpclient.Budget{MaxUSD: &plenty})
	if done := r.await(id, wptest.Done); done.Attempt != 1 {
		t.Errorf("attempt %d", done.Attempt)
	}
	if err := stop(); err != nil {
		t.Fatal(err)
	}
}

// With the fallback configured such a document is summarised without a model, and goes back to nobody.
func TestADocumentThatTheSitesCapDoesNotPayForIsSummarisedWithoutAModel(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	sum, srv := model(t, nil)
	little := 0.001
	r.site.SetBudget(&wpclient.Budget{MaxUSD: &little, RenewsInMS: 100})
	id := r.site.AddJob("d.txt", "text/plain", doc(1))
	stop, _ := start(t, r.capped(&calendar{}, r.site.Client(wpclient.Options{}), sum, budget.Caps{}, true))
	got := r.await(id, wptest.Done)
	if got.Result.Fallback != "spend_cap_reached" || got.Releases != 0 || got.Attempt != 1 || len(srv.Calls()) != 0 {
		t.Errorf("fallback %q after %d releases, attempt %d, %d calls", got.Result.Fallback, got.Releases, got.Attempt, len(srv.Calls()))
	}
	if err := stop(); err != nil {
		t.Fatal(err)
	}
}
