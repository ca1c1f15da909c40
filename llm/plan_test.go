package llm_test

import (
	"context"
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/llm"
	"github.com/aidoc-pipeline/aidoc-agent/llm/llmtest"
)

func sentOf(p llm.Prompt, c llmtest.Call) bool {
	return c.User == p.User || p.Structured != nil && c.User == p.Structured.User
}

func TestAPlanIsWhatIsDone(t *testing.T) {
	computes(t)
	for name, c := range map[string]struct {
		pages, context int
	}{
		"one call":      {2, 8192},
		"map and final": {40, 8192},
		"small context": {120, 4096},
		"long":          {300, 128_000},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t, nil)
			f.cfg.ContextTokens = c.context
			f.cfg.Prices = map[string]llm.Price{"test-model": {In: 1, Out: 10}}
			e, d, cache := f.engine(t), document(c.pages, 400), &memCache{}
			plan, err := e.Plan(context.Background(), d, cache)
			if err != nil {
				t.Fatal(err)
			}
			if n := len(f.srv.Calls()); n != 0 {
				t.Fatalf("planning made %d calls", n)
			}
			if _, out := e.Outage(); out || cache.puts != 0 {
				t.Error("planning left something behind")
			}
			s, err := e.Summarise(context.Background(), d, cache, nil)
			if err != nil {
				t.Fatal(err)
			}
			calls := f.srv.Calls()
			if plan.Chunks != s.Chunks || plan.Words != s.Words || len(plan.Calls) < len(calls) {
				t.Errorf("planned %d chunks and %d calls, made %d and %d", plan.Chunks, len(plan.Calls), s.Chunks, len(calls))
			}
			most := plan.AtMost()
			if most.TokensIn < s.TokensIn || most.TokensOut < s.TokensOut || most.USD < s.CostUSD || most.USD == 0 {
				t.Errorf("at most %+v, took %d, %d, %v", most, s.TokensIn, s.TokensOut, s.CostUSD)
			}
			reads := 0
			for _, p := range plan.Calls {
				if p.Step != "map" && p.Step != "single" {
					continue
				}
				reads++
				if p.FirstPage < 1 || p.LastPage < p.FirstPage || p.LastPage > c.pages {
					t.Errorf("%s of pages %d to %d", p.Step, p.FirstPage, p.LastPage)
				}
				found := false
				for _, call := range calls {
					found = found || sentOf(p.Prompt, call) && call.MaxTokens == p.Prompt.MaxTokens
				}
				if !found {
					t.Errorf("%s of pages %d to %d was never sent as planned", p.Step, p.FirstPage, p.LastPage)
				}
			}
			if reads != s.Chunks {
				t.Errorf("%d calls read the document, which has %d chunks", reads, s.Chunks)
			}
			again, err := e.Plan(context.Background(), d, cache)
			if err != nil {
				t.Fatal(err)
			}
			if left := again.AtMost(); left.Calls != 0 || left.USD != 0 || len(again.Calls) != len(calls) {
				t.Errorf("when all is paid %d calls stay, of %d", left.Calls, len(again.Calls))
			}
		})
	}
}

func TestAPlanWithoutText(t *testing.T) {
	f := newFixture(t, nil)
	_, err := f.engine(t).Plan(context.Background(), llm.Document{Pages: []llm.Page{{Number: 1, Text: " "}}}, nil)
	wantCode(t, err, llm.CodeNoText)
}

func TestAPlanOfAnUnpricedModel(t *testing.T) {
	f := newFixture(t, nil)
	plan, err := f.engine(t).Plan(context.Background(), document(1, 100), nil)
	if err != nil || plan.PriceKnown || plan.AtMost().USD != 0 || plan.AtMost().TokensIn == 0 {
		t.Errorf("%+v, %v", plan.AtMost(), err)
	}
	if !strings.Contains(plan.Calls[0].Prompt.User, "Sentence 1 of page 1") {
		t.Error("the prompt is not shown")
	}
}
