package budget_test

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/agent/budget"
	"github.com/aidoc-pipeline/aidoc-agent/agent/journal"
	"github.com/aidoc-pipeline/aidoc-agent/llm"
	"github.com/aidoc-pipeline/aidoc-agent/llm/llmtest"
)

// Eight documents at once, eight calls at a time, one cap: what the model server has billed in the end is within the cap, to the token, and
// what the journal says. Every call that was made is in both.
func TestACapHoldsToTheTokenUnderEightWorkers(t *testing.T) {
	const limit = 120_000
	srv := llmtest.NewServer(nil)
	defer srv.Close()
	e, err := llm.NewFromConfig(llm.Config{Provider: "openai", Model: "m", BaseURL: srv.OpenAIURL(), ContextTokens: 8192, MaxConcurrency: 8})
	if err != nil {
		t.Fatal(err)
	}
	j, err := journal.Open(t.Context(), filepath.Join(t.TempDir(), "j.db"), journal.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	var mu sync.Mutex
	var told llm.Charge
	b := budget.New(budget.Options{Ledger: j, Caps: budget.Caps{Day: budget.Amount{Tokens: limit}}, Log: slog.New(slog.DiscardHandler),
		Booked: func(c llm.Charge) {
			mu.Lock()
			defer mu.Unlock()
			told.Calls, told.TokensIn, told.TokensOut = told.Calls+c.Calls, told.TokensIn+c.TokensIn, told.TokensOut+c.TokensOut
		}})
	var workers sync.WaitGroup
	stopped := make([]error, 8)
	for w := range 8 {
		workers.Go(func() {
			p, err := b.Open(t.Context(), budget.Document{Key: journal.KeyOfDocument{Site: "https://a.example", Document: fmt.Sprint(w)}})
			if err != nil {
				t.Error(err)
				return
			}
			d := llm.Document{Filename: fmt.Sprintf("%d.txt", w), Ledger: p}
			for i, text := range llmtest.ReportPages(60) {
				d.Pages = append(d.Pages, llm.Page{Number: i + 1, Text: strings.ReplaceAll(text, "ACME", fmt.Sprintf("ACME %d", w))})
			}
			_, stopped[w] = e.Summarise(context.Background(), d, nil, nil)
		})
	}
	workers.Wait()
	billed := 0
	for _, c := range srv.Calls() {
		billed += (len(c.System+c.User)+3)/4 + (len(llmtest.Plausible(c))+3)/4
	}
	st, err := b.State(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if billed > limit || st.Day.Tokens != int64(billed) || told.Tokens() != billed || told.Calls != len(srv.Calls()) {
		t.Errorf("%d tokens in %d calls were billed, %d booked, %d in %d calls told; the cap is %d", billed, len(srv.Calls()), st.Day.Tokens, told.Tokens(), told.Calls, limit)
	}
	if billed < limit*8/10 {
		t.Errorf("only %d of %d tokens were used", billed, limit)
	}
	over := 0
	for _, err := range stopped {
		if budget.Over(err) != nil {
			over++
		}
	}
	if over == 0 {
		t.Error("no document met the cap")
	}
	t.Logf("%d of %d tokens in %d calls; %d of 8 documents were stopped", billed, limit, len(srv.Calls()), over)
}
