package llm_test

import (
	"bytes"
	"context"
	"log/slog"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/llm"
	"github.com/aidoc-pipeline/aidoc-agent/llm/llmtest"
)

// embedding says of each call whether it asks for vectors.
func embedding(calls []llmtest.Call) (vectors, others []llmtest.Call) {
	for _, c := range calls {
		if c.API == "embeddings" {
			vectors = append(vectors, c)
		} else {
			others = append(others, c)
		}
	}
	return vectors, others
}

// embedFixture is a server whose embeddings answer with rep, and an engine that uses them under a cap of 60,000 tokens.
func embedFixture(t *testing.T, rep llmtest.Reply) (*fixture, *bytes.Buffer) {
	t.Helper()
	f, log := newFixture(t, func(_ int, c llmtest.Call) llmtest.Reply {
		if c.API == "embeddings" {
			return rep
		}
		return llmtest.Reply{}
	}), &bytes.Buffer{}
	f.cfg.Embeddings, f.cfg.Budget.MaxTokens, f.cfg.MaxAttempts = "embed-model", 60_000, 2
	f.cfg.Log = slog.New(slog.NewTextHandler(log, nil))
	return f, log
}

func TestPassagesAreChosenByEmbeddingsWithinTheCap(t *testing.T) {
	f, log := embedFixture(t, llmtest.Reply{})
	e, cache, books := f.engine(t), &memCache{}, &cappedDesk{cap: f.cfg.Budget}
	pages := unlessWatched(400, 150)
	d := longReport(pages)
	d.Ledger = books
	s, err := e.Summarise(context.Background(), d, cache, nil)
	if err != nil {
		t.Fatal(err)
	}
	vectors, others := embedding(f.srv.Calls())
	if len(vectors) < unlessWatched(4, 2) || len(others) == 0 || log.Len() > 0 {
		t.Fatalf("%d calls for vectors, %d others, log %s", len(vectors), len(others), log)
	}
	texts := 0
	for _, c := range vectors {
		if c.Model != "embed-model" || c.Key != "sk-secret-key" || len(c.Input) > 64 {
			t.Errorf("asked %q with key %q for %d texts", c.Model, c.Key, len(c.Input))
		}
		texts += len(c.Input)
	}
	if s.TokensIn+s.TokensOut > 60_000 || s.TokensIn+s.TokensOut < 20_000 || s.Calls != len(vectors)+len(others) {
		t.Errorf("%d tokens used of 60000 in %d calls", s.TokensIn+s.TokensOut, s.Calls)
	}
	if len(books.reserved) != s.Calls || len(books.settled) != s.Calls || books.settled[0].Model != "embed-model" || books.settled[0].TokensOut != 0 || books.reserved[0].TokensIn < books.settled[0].TokensIn/2 {
		t.Errorf("reserved first %+v, settled first %+v, %d of %d calls", books.reserved[0], books.settled[0], len(books.settled), s.Calls)
	}
	parts := map[int]bool{}
	for _, p := range s.PagesRead {
		parts[(p-1)*9/pages] = true
	}
	if len(parts) != 9 || s.PagesRead[0] != 1 {
		t.Errorf("only %d of 9 parts are read", len(parts))
	}
	// Vectors are paid steps: another run asks for none of them and reads the same.
	again, err := e.Summarise(context.Background(), d, cache, nil)
	if err != nil || again.Calls != 0 || !slices.Equal(again.PagesRead, s.PagesRead) {
		t.Errorf("again: %d calls, %v", again.Calls, err)
	}
}

// cappedDesk is a deskLedger with the cap of a document.
type cappedDesk struct {
	deskLedger
	cap llm.Budget
}

func (c *cappedDesk) DocumentCap() llm.Budget { return c.cap }

// A document that its cap allows needs no choice, and pays for none.
func TestNoEmbeddingsForWhatIsReadWhole(t *testing.T) {
	f, _ := embedFixture(t, llmtest.Reply{})
	if _, err := f.engine(t).Summarise(context.Background(), longReport(20), nil, nil); err != nil {
		t.Fatal(err)
	}
	if vectors, _ := embedding(f.srv.Calls()); len(vectors) != 0 {
		t.Errorf("%d calls for vectors", len(vectors))
	}
}

// Where the share of the cap does not pay for enough of each passage to tell what it is about, none is paid for.
func TestACapTooSmallForEmbeddingsPaysForNone(t *testing.T) {
	computes(t)
	f, log := embedFixture(t, llmtest.Reply{})
	f.cfg.Budget.MaxTokens = 20_000
	if _, err := f.engine(t).Summarise(context.Background(), longReport(400), nil, nil); err != nil {
		t.Fatal(err)
	}
	if vectors, others := embedding(f.srv.Calls()); len(vectors) != 0 || len(others) == 0 || !strings.Contains(log.String(), "a fifth of the cap") {
		t.Errorf("%d calls for vectors, %d others, log %s", len(vectors), len(others), log)
	}
}

// Where a server has no embeddings, or none that can be used, passages are chosen by their words, and the log says so once.
func TestWithoutEmbeddingsPassagesAreChosenByTheirWords(t *testing.T) {
	computes(t)
	plain := newFixture(t, nil)
	plain.cfg.Budget.MaxTokens = 60_000
	for name, rep := range map[string]llmtest.Reply{
		"no such route":        {Status: 404, Raw: "404 page not found", ContentType: "text/plain"},
		"no such model":        llmtest.NoModel,
		"the key may not":      {Status: 403, ErrorType: "insufficient_permissions", ErrorText: "You have insufficient permissions for this operation."},
		"too long for it":      {Status: 400, ErrorText: "input is too long: maximum context length is 512 tokens"},
		"a fault that stays":   llmtest.ServerError,
		"a chat in its place":  {Raw: `{"choices":[{"message":{"content":"hello"}}]}`, ContentType: "application/json"},
		"one vector too few":   {Vectors: func(texts []string) [][]float32 { return llmtest.WordVectors(texts[1:]) }},
		"vectors of no length": {Vectors: func(texts []string) [][]float32 { return make([][]float32, len(texts)) }},
	} {
		if underRace && name != "a fault that stays" && name != "no such route" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			f, log := embedFixture(t, rep)
			e := f.engine(t)
			for range 2 {
				s, err := e.Summarise(context.Background(), longReport(300), nil, nil)
				if err != nil {
					t.Fatal(err)
				}
				if len(s.PagesRead) == 0 || s.TokensIn+s.TokensOut > 60_000 {
					t.Errorf("%d pages read, %d tokens", len(s.PagesRead), s.TokensIn+s.TokensOut)
				}
			}
			if o, out := e.Outage(); out {
				t.Errorf("the account was stopped: %+v", o)
			}
			if n := strings.Count(log.String(), "by their words, not by embeddings"); n != 1 || strings.Contains(log.String(), "bridges") || strings.Contains(log.String(), "sk-secret") {
				t.Errorf("warned %d times:\n%s", n, log)
			}
		})
	}
}

// An account that is empty makes the document wait; it is not a reason to read other passages.
func TestADownProviderEndsTheDocumentNotItsEmbeddings(t *testing.T) {
	f := newFixture(t, llmtest.Always(llmtest.ServerError))
	f.cfg.Embeddings, f.cfg.Budget.MaxTokens, f.cfg.MaxAttempts = "embed-model", 60_000, 1
	_, err := f.engine(t).Summarise(context.Background(), longReport(unlessWatched(300, 150)), nil, nil)
	ofAccount(t, err, llm.CodeUnavailable)
}

// A plan asks nobody. It tells the calls for vectors, and their price.
func TestPlanTellsTheEmbeddingsAndSendsNothing(t *testing.T) {
	computes(t)
	f, _ := embedFixture(t, llmtest.Reply{})
	f.cfg.Budget, f.cfg.Prices = llm.Budget{MaxUSD: 0.02}, map[string]llm.Price{"test-model": {In: 0.4, Out: 1.6}, "embed-model": {In: 0.02}}
	cache := &memCache{}
	e := f.engine(t)
	p, err := e.Plan(context.Background(), longReport(300), cache)
	if err != nil {
		t.Fatal(err)
	}
	first := p.Calls[0]
	if len(f.srv.Calls()) != 0 || p.Embeddings != "embed-model" || first.Step != "embed" || first.Paid || first.FirstPage != 1 || first.AtMost.Model != "embed-model" {
		t.Fatalf("%d calls made; first planned %s of %s: %+v", len(f.srv.Calls()), first.Step, p.Embeddings, first.AtMost)
	}
	if want := float64(first.AtMost.TokensIn) * 0.02e-6; first.AtMost.USD < want*0.999 || first.AtMost.USD > want*1.001 {
		t.Errorf("%v dollars for %d tokens", first.AtMost.USD, first.AtMost.TokensIn)
	}
	if sum := p.AtMost(); sum.USD > 0.02 || sum.USD < 0.01 {
		t.Errorf("planned %.4f dollars of 0.02", sum.USD)
	}
	s, err := e.Summarise(context.Background(), longReport(300), cache, nil)
	if err != nil {
		t.Fatal(err)
	}
	if p, err = e.Plan(context.Background(), longReport(300), cache); err != nil || !p.Calls[0].Paid || !reflect.DeepEqual(p.PagesRead, s.PagesRead) || p.AtMost().Calls != 0 {
		t.Errorf("planned after it was paid: %v, %d calls, pages %v instead of %v", err, p.AtMost().Calls, p.PagesRead, s.PagesRead)
	}
}

// What may not leave, or not as it stands, does not leave for embeddings either.
func TestEmbeddingsKeepToPrivacy(t *testing.T) {
	f, _ := embedFixture(t, llmtest.Reply{})
	d := longReport(300)
	for i := range d.Pages {
		d.Pages[i].Text = "Write to anna.berg@example.org about this page.\n\n" + d.Pages[i].Text
	}
	s := private(t, f.engine(t), remote, llm.Privacy{Redact: []string{"email"}})
	d.LocalOnly = true
	if _, err := s.Summarise(context.Background(), d, nil, nil); err != nil || len(f.srv.Calls()) != 0 {
		t.Fatalf("local only: %d calls, %v", len(f.srv.Calls()), err)
	}
	d.LocalOnly = false
	if _, err := s.Summarise(context.Background(), d, nil, nil); err != nil {
		t.Fatal(err)
	}
	vectors, _ := embedding(f.srv.Calls())
	if len(vectors) == 0 {
		t.Fatal("no embeddings were asked for")
	}
	sent := ""
	for _, c := range vectors {
		sent += strings.Join(c.Input, "\n")
	}
	if strings.Contains(sent, "anna.berg") || !strings.Contains(sent, "[EMAIL-1]") {
		t.Errorf("sent: %.300s", sent)
	}
}

func TestEmbeddingsNeedAProviderThatHasThem(t *testing.T) {
	c := llm.Config{Provider: "anthropic", APIKey: "k", Embeddings: "voyage"}
	if err := c.Validate(); err == nil || !strings.Contains(err.Error(), "summary.embeddings") {
		t.Errorf("got %v", err)
	}
	f, _ := embedFixture(t, llmtest.NoModel)
	if err := f.engine(t).CheckEmbeddings(context.Background()); err == nil || !strings.Contains(err.Error(), "embed-model") {
		t.Errorf("got %v", err)
	}
}
