package batch_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/agent/batch"
	"github.com/aidoc-pipeline/aidoc-agent/agent/budget"
	"github.com/aidoc-pipeline/aidoc-agent/agent/journal"
	"github.com/aidoc-pipeline/aidoc-agent/llm"
	"github.com/aidoc-pipeline/aidoc-agent/llm/llmtest"
)

const site = "https://a.example"

// rig is an agent's memory, model and loop over a model server, with a clock of its own.
type rig struct {
	t        *testing.T
	srv      *llmtest.Server
	provider string
	path     string
	caps     budget.Caps
	policy   batch.Policy
	now      time.Time

	engine *llm.Engine
	sum    llm.Summariser
	j      *journal.Journal
	b      *budget.Budget
	loop   *batch.Loop
	booked llm.Charge
}

func newRig(t *testing.T, provider string, caps budget.Caps) *rig {
	t.Helper()
	r := &rig{t: t, provider: provider, path: filepath.Join(t.TempDir(), "j.db"), caps: caps, now: time.Now().Truncate(24 * time.Hour).Add(time.Hour),
		policy: batch.Policy{Mode: batch.All, Wait: 10 * time.Minute, GiveUp: 26 * time.Hour}, srv: llmtest.NewServer(nil)}
	t.Cleanup(r.srv.Close)
	r.start()
	t.Cleanup(func() { _ = r.j.Close() })
	return r
}

// start is a new process with what is on disk.
func (r *rig) start() {
	r.t.Helper()
	base := r.srv.OpenAIURL()
	if r.provider == "anthropic" {
		base = r.srv.URL
	}
	conf := llm.Config{Provider: r.provider, Model: "m", BaseURL: base, APIKey: "sk-secret", ContextTokens: 8192, ChunkTokens: 700, MaxAttempts: 1,
		Prices: map[string]llm.Price{"m": {In: 1, Out: 10}}}
	var err error
	if r.engine, err = llm.NewFromConfig(conf); err != nil {
		r.t.Fatal(err)
	}
	if r.sum, err = llm.Private(r.engine, conf, llm.Privacy{}); err != nil {
		r.t.Fatal(err)
	}
	clock := func() time.Time { return r.now }
	if r.j, err = journal.Open(r.t.Context(), r.path, journal.Options{Now: clock}); err != nil {
		r.t.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	r.b = budget.New(budget.Options{Ledger: r.j, Caps: r.caps, Now: clock, Log: log})
	batches, ok := r.engine.Batches()
	if !ok {
		r.t.Fatal("the provider has no batches")
	}
	r.loop = batch.NewLoop(batch.Options{Store: r.j, Batches: batches, Policy: r.policy, Now: clock, Log: log, Booked: func(c llm.Charge) {
		r.booked.Calls, r.booked.USD = r.booked.Calls+c.Calls, r.booked.USD+c.USD
	}})
}

func (r *rig) restart() {
	r.t.Helper()
	if err := r.j.Close(); err != nil {
		r.t.Fatal(err)
	}
	r.start()
}

func (r *rig) round() { r.loop.Round(r.t.Context(), false) }

func (r *rig) pass(d time.Duration) { r.now = r.now.Add(d); r.round() }

// document n has several chunks and shares no text with the others.
func (r *rig) document(n int) llm.Document {
	d := llm.Document{Filename: fmt.Sprintf("%d.txt", n)}
	for i, text := range llmtest.ReportPages(5) {
		d.Pages = append(d.Pages, llm.Page{Number: i + 1, Text: strings.ReplaceAll(text, ". ", fmt.Sprintf(" of ACME %d. ", n))})
	}
	return d
}

func key(n int) journal.KeyOfDocument {
	return journal.KeyOfDocument{Site: site, Document: fmt.Sprintf("%d:abc", n)}
}

// summarise does what a lease of document n would do.
func (r *rig) summarise(n int) (llm.Summary, error) { return r.summariseDocument(n, r.document(n)) }

func (r *rig) summariseDocument(n int, d llm.Document) (llm.Summary, error) {
	r.t.Helper()
	p, err := r.b.Open(r.t.Context(), budget.Document{Key: key(n)})
	if err != nil {
		r.t.Fatal(err)
	}
	d.Ledger, d.Batch = p, batch.Deferrals{Journal: r.j, Purse: p, Send: r.policy.Takes(false)}
	return r.sum.Summarise(r.t.Context(), d, r.j, nil)
}

// waits fails unless document n waits, and returns for how many answers.
func (r *rig) waits(n int) int {
	r.t.Helper()
	_, err := r.summarise(n)
	var d *llm.DeferredError
	if !errors.As(err, &d) {
		r.t.Fatalf("document %d does not wait: %v", n, err)
	}
	return d.Questions
}

func (r *rig) done(n int) llm.Summary {
	r.t.Helper()
	s, err := r.summarise(n)
	if err != nil {
		r.t.Fatalf("document %d: %v", n, err)
	}
	return s
}

// spent are what was booked in batches and directly, and what is still held.
func (r *rig) spent() (batched, direct journal.Spending, held journal.Spent) {
	r.t.Helper()
	all, err := r.j.Spend(r.t.Context(), r.now.AddDate(0, 0, -3))
	if err != nil {
		r.t.Fatal(err)
	}
	for _, s := range all {
		into := &direct
		if s.Batch {
			into = &batched
		}
		into.Calls, into.TokensIn, into.TokensOut, into.USD = into.Calls+s.Calls, into.TokensIn+s.TokensIn, into.TokensOut+s.TokensOut, into.USD+s.USD
	}
	totals, err := r.j.SpendTotals(r.t.Context(), journal.KeyOfDocument{})
	if err != nil {
		r.t.Fatal(err)
	}
	held = totals.Month
	held.Tokens -= batched.Tokens() + direct.Tokens()
	held.USD -= batched.USD + direct.USD
	return batched, direct, held
}

func bothVendors(t *testing.T, test func(t *testing.T, provider string)) {
	for _, p := range []string{"openai", "anthropic"} {
		t.Run(p, func(t *testing.T) { test(t, p) })
	}
}

// billed is what the server charges for the questions of its batches and for direct calls, in tokens.
func (r *rig) billed() (batched, direct int64) {
	count := func(c llmtest.Call) int64 {
		return int64((len(c.System+c.User)+3)/4 + (len(llmtest.Plausible(c))+3)/4)
	}
	for _, b := range r.srv.SentBatches() {
		for _, c := range b.Calls {
			batched += count(c)
		}
	}
	for _, c := range r.srv.Calls() {
		direct += count(c)
	}
	return batched, direct
}

// Eight documents wait together, over restarts at every step and with answers in another order, and each is done when it comes back; every
// token is paid once, at the price of its tariff, and the provider keeps nothing.
func TestEightDocumentsShareABatch(t *testing.T) {
	bothVendors(t, func(t *testing.T, provider string) {
		r := newRig(t, provider, budget.Caps{})
		r.srv.SetBatchMode(llmtest.BatchMode{Slow: true, Reversed: true})
		questions := 0
		for n := range 8 {
			questions += r.waits(n)
		}
		if again := r.waits(3); again*8 != questions {
			t.Fatalf("document 3 has %d questions, all together %d", again, questions)
		}
		r.restart()
		r.pass(9 * time.Minute)
		if len(r.srv.SentBatches()) != 0 {
			t.Fatal("sent before it was gathered for long enough")
		}
		r.pass(2 * time.Minute)
		sent := r.srv.SentBatches()
		if len(sent) != 1 || len(sent[0].Keys) != questions {
			t.Fatalf("%d batches for %d questions", len(sent), questions)
		}
		_, _, before := r.spent()
		r.restart()
		if _, _, after := r.spent(); after != before || after.Tokens == 0 {
			t.Fatalf("a restart has changed what is held: %+v, %+v", before, after)
		}
		r.pass(30 * time.Minute)
		r.waits(0)
		r.srv.FinishBatches()
		r.restart()
		r.pass(30 * time.Minute)
		if len(r.srv.Calls()) != 0 {
			t.Fatalf("%d direct calls while documents wait", len(r.srv.Calls()))
		}
		for n := range 8 {
			if s := r.done(n); s.CachedCalls != 0 || s.CostUSD <= 0 || s.Calls <= 1 {
				t.Errorf("document %d: %+v", n, s)
			}
		}
		batched, direct, held := r.spent()
		wantBatched, wantDirect := r.billed()
		if batched.Tokens() != wantBatched || direct.Tokens() != wantDirect || batched.Calls != questions || r.booked.Calls != questions {
			t.Errorf("booked %d and %d tokens in %d calls, billed %d and %d in %d", batched.Tokens(), direct.Tokens(), batched.Calls, wantBatched, wantDirect, questions)
		}
		if want := (float64(batched.TokensIn)*1 + float64(batched.TokensOut)*10) / 2e6; math.Abs(batched.USD-want) > 1e-9 {
			t.Errorf("batches cost %v, not half the price, %v", batched.USD, want)
		}
		if held.Tokens != 0 || math.Abs(held.USD) > 1e-9 {
			t.Errorf("still held: %+v", held)
		}
		if direct.Calls*3 > batched.Calls {
			t.Errorf("%d direct calls beside %d in batches", direct.Calls, batched.Calls)
		}
		if files := r.srv.Files(); len(files) != 0 || provider == "anthropic" && !r.srv.SentBatches()[0].Deleted {
			t.Errorf("the provider keeps %v", files)
		}
		if s := r.done(2); s.Calls != 0 {
			t.Errorf("a summary that is kept was paid again: %+v", s)
		}
	})
}

// A batch that arrived, and of which the agent did not hear before it died, is found and not sent again.
func TestABatchThatWasLostIsFound(t *testing.T) {
	bothVendors(t, func(t *testing.T, provider string) {
		r := newRig(t, provider, budget.Caps{})
		r.now = time.Now().Add(-11 * time.Minute) // the server's clock when it is sent
		r.waits(0)
		r.srv.SetBatchMode(llmtest.BatchMode{LoseAnswer: true})
		r.pass(11 * time.Minute)
		r.restart()
		r.srv.SetBatchMode(llmtest.BatchMode{})
		r.pass(time.Hour)
		r.pass(time.Hour)
		r.done(0)
		if sent := r.srv.SentBatches(); len(sent) != 1 {
			t.Errorf("%d batches were paid", len(sent))
		}
	})
}

func TestABatchThatDidNotArriveIsSentAnew(t *testing.T) {
	bothVendors(t, func(t *testing.T, provider string) {
		r := newRig(t, provider, budget.Caps{})
		n := r.waits(0)
		r.srv.SetBatchMode(llmtest.BatchMode{CutBefore: true})
		r.pass(11 * time.Minute)
		r.srv.SetBatchMode(llmtest.BatchMode{})
		r.restart()
		r.pass(2 * time.Minute) // it may only not be listed yet
		if len(r.srv.SentBatches()) != 0 {
			t.Fatal("sent again at once")
		}
		r.pass(2 * time.Minute)
		if sent := r.srv.SentBatches(); len(sent) != 1 || len(sent[0].Keys) != n {
			t.Fatalf("batches: %+v", sent)
		}
		r.pass(time.Hour)
		r.done(0)
	})
}

// At Anthropic a batch of the same size and time may be somebody else's: its keys tell, and it is left as it is.
func TestSomebodyElsesBatchIsLeftAlone(t *testing.T) {
	r := newRig(t, "anthropic", budget.Caps{})
	r.now = time.Now().Add(-11 * time.Minute)
	n := r.waits(0)
	other, _ := r.engine.Batches()
	body := []byte(`{"model":"m","max_tokens":5,"messages":[{"role":"user","content":[{"type":"text","text":"hello"}]}]}`)
	var lines []llm.BatchLine
	for i := range n {
		lines = append(lines, llm.BatchLine{Key: fmt.Sprintf("theirs-%d", i), Body: body})
	}
	if _, err := other.Submit(t.Context(), "x", "/v1/messages", lines); err != nil {
		t.Fatal(err)
	}
	r.srv.SetBatchMode(llmtest.BatchMode{CutBefore: true})
	r.pass(11 * time.Minute)
	r.srv.SetBatchMode(llmtest.BatchMode{})
	for range 6 {
		r.pass(3 * time.Minute)
	}
	r.done(0)
	sent := r.srv.SentBatches()
	if len(sent) != 2 || sent[0].Deleted || !sent[1].Deleted {
		t.Errorf("batches: %+v", sent)
	}
}

// The day's cap is never passed: not while questions wait, not over a restart, not when answers are booked. What did not fit waits for another day.
func TestACapHoldsWhileQuestionsWait(t *testing.T) {
	one := newRig(t, "openai", budget.Caps{})
	one.waits(0)
	_, _, held := one.spent()
	limit := held.Tokens * 7 / 2
	r := newRig(t, "openai", budget.Caps{Day: budget.Amount{Tokens: limit}})
	capped := 0
	check := func() {
		t.Helper()
		totals, err := r.j.SpendTotals(t.Context(), journal.KeyOfDocument{})
		if err != nil || totals.Day.Tokens > limit {
			t.Fatalf("%+v of %d, %v", totals.Day, limit, err)
		}
	}
	for n := range 8 {
		if _, err := r.summarise(n); budget.Over(err) != nil {
			capped++
		}
		check()
	}
	if capped == 0 || capped == 8 {
		t.Fatalf("%d of 8 documents met the cap", capped)
	}
	r.pass(11 * time.Minute)
	r.restart()
	check()
	if _, err := r.summarise(7); budget.Over(err) == nil {
		t.Errorf("the restart has made room: %v", err)
	}
	r.pass(time.Hour)
	check()
	finished := 0
	for n := range 8 {
		if _, err := r.summarise(n); err == nil {
			finished++
		}
		check()
	}
	if finished == 0 {
		t.Error("no document was finished")
	}
}

// An answer that the gate refuses is paid and not kept: its question is asked directly, more firmly, and that answer is kept.
func TestTheGateSeesAnswersOfBatches(t *testing.T) {
	bothVendors(t, func(t *testing.T, provider string) {
		r := newRig(t, provider, budget.Caps{})
		r.srv.SetScript(func(_ int, c llmtest.Call) llmtest.Reply {
			if strings.Contains(c.User, "[p. 1]") && c.URL == "" { // of a batch
				return llmtest.Reply{Text: "I'm sorry, but I can't assist with that request."}
			}
			return llmtest.Reply{}
		})
		r.waits(0)
		r.pass(11 * time.Minute)
		r.pass(time.Hour)
		r.done(0)
		again, refused := 0, 0
		for _, c := range r.srv.SentBatches()[0].Calls {
			if strings.Contains(c.User, "[p. 1]") {
				refused++
			}
		}
		for _, c := range r.srv.Calls() {
			if strings.Contains(c.User, "[p. 1]") {
				again++
				if !strings.HasPrefix(c.User, "Your last answer could not be used") {
					t.Errorf("not asked more firmly: %.200s", c.User)
				}
			}
		}
		if again != refused || again == 0 {
			t.Errorf("%d refused questions were asked %d times more", refused, again)
		}
		if s := r.done(0); s.Calls != 0 {
			t.Errorf("something was not kept: %+v", s)
		}
	})
}

// What a batch brought no answer to is asked directly. What was not billed costs nothing, and what nobody knows of counts in full.
func TestQuestionsWithoutAnAnswerAreAskedDirectly(t *testing.T) {
	bothVendors(t, func(t *testing.T, provider string) {
		for _, outcome := range []string{"errored", "expired", "missing"} {
			r := newRig(t, provider, budget.Caps{})
			r.srv.SetBatchMode(llmtest.BatchMode{Outcome: func(n int, _ string) string {
				if n == 1 {
					return outcome
				}
				return ""
			}})
			n := r.waits(0)
			_, _, held := r.spent()
			r.pass(11 * time.Minute)
			r.pass(time.Hour)
			batched, _, left := r.spent()
			want := n - 1
			if outcome == "missing" {
				want = n
			}
			if batched.Calls != want || left.Tokens != 0 || batched.Tokens() > held.Tokens {
				t.Errorf("%s: %d calls are booked, not %d; held before %+v, now %+v", outcome, batched.Calls, want, held, left)
			}
			r.done(0)
		}
	})
}

// After batch_give_up a batch is cancelled; what it has by then is used.
func TestABatchThatTakesTooLongIsCancelled(t *testing.T) {
	bothVendors(t, func(t *testing.T, provider string) {
		r := newRig(t, provider, budget.Caps{})
		r.srv.SetBatchMode(llmtest.BatchMode{Slow: true})
		r.waits(0)
		r.pass(11 * time.Minute)
		r.pass(25 * time.Hour)
		r.waits(0)
		if r.srv.SentBatches()[0].Cancelled {
			t.Fatal("cancelled before its time")
		}
		r.pass(2 * time.Hour)
		if !r.srv.SentBatches()[0].Cancelled {
			t.Fatal("not cancelled")
		}
		r.waits(0) // it may still bring answers
		r.srv.FinishBatches()
		r.pass(15 * time.Minute)
		r.done(0)
		if batched, _, held := r.spent(); batched.Calls != 0 || held.Tokens != 0 {
			t.Errorf("a cancelled batch cost %+v, held %+v", batched, held)
		}
	})
}

func TestABatchThatNeverEndsCountsInFull(t *testing.T) {
	r := newRig(t, "openai", budget.Caps{})
	r.srv.SetBatchMode(llmtest.BatchMode{Slow: true})
	r.waits(0)
	_, _, held := r.spent()
	r.pass(11 * time.Minute)
	for range 15 {
		r.pass(2 * time.Hour)
	}
	if batched, _, left := r.spent(); batched.Tokens() != held.Tokens || left.Tokens != 0 {
		t.Errorf("held %+v, booked %+v, left %+v", held, batched, left)
	}
	r.done(0)
}

func TestAnswersThatAreGoneCountInFull(t *testing.T) {
	bothVendors(t, func(t *testing.T, provider string) {
		r := newRig(t, provider, budget.Caps{})
		n := r.waits(0)
		r.srv.SetBatchMode(llmtest.BatchMode{ResultsGone: true})
		r.pass(11 * time.Minute)
		r.pass(time.Hour)
		if batched, _, left := r.spent(); batched.Calls != n || left.Tokens != 0 {
			t.Errorf("booked %+v, held %+v", batched, left)
		}
		r.done(0)
	})
}

// OpenAI takes so many tokens at a time: what is too much now is sent later. Other reasons are not met by waiting.
func TestABatchThatOpenAIDoesNotBegin(t *testing.T) {
	for code, passes := range map[string]bool{"token_limit_exceeded": true, "invalid_json_line": false} {
		r := newRig(t, "openai", budget.Caps{})
		r.srv.SetBatchMode(llmtest.BatchMode{FailWith: code})
		r.waits(0)
		r.pass(11 * time.Minute)
		r.srv.SetBatchMode(llmtest.BatchMode{})
		r.pass(2 * time.Minute)
		if passes {
			r.pass(5 * time.Minute)
			if len(r.srv.SentBatches()) != 1 {
				t.Error("sent again at once")
			}
			r.waits(0)
			r.pass(6 * time.Minute)
			r.pass(time.Hour)
			if batched, _, _ := r.spent(); batched.Calls == 0 {
				t.Error("not sent again")
			}
		}
		r.done(0)
		if batched, direct, held := r.spent(); held.Tokens != 0 || (batched.Calls > 0) != passes || direct.Calls == 0 {
			t.Errorf("%s: batches %+v, directly %+v, held %+v", code, batched, direct, held)
		}
	}
}

// A provider that refuses the batch itself leaves the direct way; one that refuses the key leaves the questions where they are.
func TestABatchThatIsRefused(t *testing.T) {
	bothVendors(t, func(t *testing.T, provider string) {
		r := newRig(t, provider, budget.Caps{})
		r.waits(0)
		r.srv.SetBatchMode(llmtest.BatchMode{RefuseWith: 400})
		r.pass(11 * time.Minute)
		r.done(0)

		r.waits(1)
		r.srv.SetBatchMode(llmtest.BatchMode{RefuseWith: 401})
		r.pass(11 * time.Minute)
		if o, out := r.engine.Outage(); !out || o.Code != llm.CodeAuth {
			t.Errorf("the account goes on: %+v", o)
		}
		r.srv.SetBatchMode(llmtest.BatchMode{})
		r.waits(1)
		r.pass(11 * time.Minute)
		r.pass(time.Hour)
		if batched, _, _ := r.spent(); batched.Calls == 0 {
			t.Error("not sent when the key was right again")
		}
	})
}

// What must stay on this machine gets into no batch, and what is hidden from a model is hidden in a batch.
func TestPrivacyHoldsInBatches(t *testing.T) {
	bothVendors(t, func(t *testing.T, provider string) {
		r := newRig(t, provider, budget.Caps{})
		conf := llm.Config{Provider: provider, Model: "m", BaseURL: "https://models.example.org/v1"} // for Private: somebody else's
		var err error
		if r.sum, err = llm.Private(r.engine, conf, llm.Privacy{Redact: []string{"email"}}); err != nil {
			t.Fatal(err)
		}
		d := r.document(0)
		d.LocalOnly = true
		if s, err := r.summariseDocument(0, d); err != nil || s.Provider != "extractive" {
			t.Fatalf("%+v, %v", s, err)
		}
		d = r.document(1)
		d.Pages[0].Text += "\n\nWrite to jane.doe@example.org for more."
		var waits *llm.DeferredError
		if _, err := r.summariseDocument(1, d); !errors.As(err, &waits) {
			t.Fatal(err)
		}
		r.pass(11 * time.Minute)
		seen := 0
		for _, c := range r.srv.SentBatches()[0].Calls {
			if strings.Contains(string(c.Body), "jane.doe") || strings.Contains(string(c.Body), "ACME 0.") {
				t.Errorf("sent: %.300s", c.Body)
			}
			if strings.Contains(c.User, "Write to ") {
				seen++
			}
		}
		r.pass(time.Hour)
		if _, err := r.summariseDocument(1, d); err != nil || seen == 0 {
			t.Errorf("%v, %d", err, seen)
		}
	})
}

// Switched off, batch mode uses what has come, gives up what was not sent, and asks directly.
func TestSwitchingBatchModeOff(t *testing.T) {
	r := newRig(t, "openai", budget.Caps{})
	r.waits(0)
	r.pass(11 * time.Minute)
	r.pass(time.Hour)
	r.waits(1)
	r.policy.Mode = batch.Off
	r.restart()
	r.round()
	if s := r.done(0); s.Calls <= 1 || len(r.srv.Calls()) >= s.Calls {
		t.Errorf("what was paid is not used: %+v, %d direct calls", s, len(r.srv.Calls()))
	}
	r.done(1)
	if _, _, held := r.spent(); held.Tokens != 0 || len(r.srv.SentBatches()) != 1 {
		t.Errorf("held %+v, %d batches", held, len(r.srv.SentBatches()))
	}
}

// Without the provider that a batch was sent to, its questions are given up in time, and count in full.
func TestABatchOfAnotherProvider(t *testing.T) {
	r := newRig(t, "openai", budget.Caps{})
	r.waits(0)
	_, _, held := r.spent()
	r.pass(11 * time.Minute)
	r.loop = batch.NewLoop(batch.Options{Store: r.j, Policy: r.policy, Now: func() time.Time { return r.now }, Log: slog.New(slog.DiscardHandler)})
	r.pass(time.Hour)
	if _, _, now := r.spent(); now != held {
		t.Errorf("held %+v, then %+v", held, now)
	}
	r.pass(26 * time.Hour)
	if batched, _, now := r.spent(); now.Tokens != 0 || batched.Tokens() != held.Tokens {
		t.Errorf("held %+v, booked %+v", now, batched)
	}
}

// The model and the policy change while the loop runs: what was gathered for the model of before is asked directly.
func TestAnotherModelWhileTheLoopRuns(t *testing.T) {
	r := newRig(t, "openai", budget.Caps{})
	r.waits(0)
	r.loop.Use(nil, batch.Policy{Wait: r.policy.Wait, GiveUp: r.policy.GiveUp})
	r.pass(11 * time.Minute)
	r.policy.Mode = batch.Off
	r.done(0)
	if n := len(r.srv.SentBatches()); n != 0 {
		t.Errorf("%d batches were sent for a model that is not in use", n)
	}
}

func TestWhenADocumentIsLookedAtAgain(t *testing.T) {
	p := batch.Policy{Wait: 10 * time.Minute}
	for age, want := range map[time.Duration]time.Duration{0: 25 * time.Minute, 9 * time.Minute: 16 * time.Minute, 20 * time.Minute: 15 * time.Minute,
		2 * time.Hour: 40 * time.Minute, 20 * time.Hour: time.Hour} {
		if got := p.LookAfter(age); got < want*89/100 || got > want*111/100 {
			t.Errorf("after %v: in %v, not about %v", age, got, want)
		}
	}
}

func TestRunEndsWithItsContext(t *testing.T) {
	r := newRig(t, "openai", budget.Caps{})
	r.waits(0)
	r.now = r.now.Add(11 * time.Minute)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { r.loop.Run(ctx); close(ended) }()
	for len(r.srv.SentBatches()) == 0 {
		time.Sleep(time.Millisecond)
	}
	cancel()
	<-ended
}
