package cli

import (
	"context"
	"fmt"
	"log/slog"
	"strconv"

	"github.com/aidoc-pipeline/aidoc-agent/agent/batch"
	"github.com/aidoc-pipeline/aidoc-agent/agent/budget"
	"github.com/aidoc-pipeline/aidoc-agent/agent/config"
	"github.com/aidoc-pipeline/aidoc-agent/agent/journal"
	"github.com/aidoc-pipeline/aidoc-agent/llm"
)

// newBudget holds what models cost against the configured caps. booked is told of every call that was billed; nil: nobody.
func newBudget(cfg *config.Config, l budget.Ledger, booked func(llm.Charge), log *slog.Logger) *budget.Budget {
	s := cfg.Summary
	return budget.New(budget.Options{
		Ledger: l,
		Caps: budget.Caps{
			Document: budget.Amount{Tokens: int64(s.MaxTokensPerDocument), USD: s.MaxUSDPerDocument},
			Day:      budget.Amount{Tokens: s.MaxTokensPerDay, USD: s.MaxUSDPerDay},
			Month:    budget.Amount{Tokens: s.MaxTokensPerMonth, USD: s.MaxUSDPerMonth},
		},
		Fallback: s.OverCap == config.OverCapExtractive, Booked: booked, Log: log,
	})
}

// unpriced says that caps in dollars stop nothing because nobody knows what the model costs; "" where they do, or there are none.
func unpriced(cfg *config.Config, s llm.Summariser) string {
	e := llm.EngineOf(s)
	if e == nil {
		return ""
	}
	c := cfg.Summary
	if _, known := e.Price(); known || c.MaxUSDPerDocument == 0 && c.MaxUSDPerDay == 0 && c.MaxUSDPerMonth == 0 {
		return ""
	}
	rest := "and no cap in tokens is set either"
	if c.MaxTokensPerDocument > 0 || c.MaxTokensPerDay > 0 || c.MaxTokensPerMonth > 0 {
		rest = "only those in tokens do"
	}
	return fmt.Sprintf("the price of %s is not known, so caps in US dollars stop nothing, %s: set summary.usd_per_mtok_in and summary.usd_per_mtok_out", s.Name(), rest)
}

// checkPrice shows what the model costs, or that nobody knows.
func checkPrice(cfg *config.Config, s llm.Summariser) []finding {
	e := llm.EngineOf(s)
	if e == nil {
		return nil
	}
	f := finding{what: "price"}
	price, known := e.Price()
	switch why := unpriced(cfg, s); {
	case why != "":
		f.warn, f.cure = why, "set summary.usd_per_mtok_in and summary.usd_per_mtok_out, or a cap in tokens"
	case !known:
		f.note = "not known; tokens are counted, dollars are not (summary.usd_per_mtok_in and summary.usd_per_mtok_out set it)"
	default:
		cached := price.Cached
		if cached == 0 {
			cached = price.In
		}
		f.note = fmt.Sprintf("%g US dollars for a million tokens of input, %g cached, %g of output", price.In, cached, price.Out)
		if cfg.Summary.USDPerMTokIn == 0 && cfg.Summary.USDPerMTokOut == 0 {
			f.note += " (as of " + llm.PricesChecked + ")"
		}
	}
	return append([]finding{f}, checkBatches(cfg, price, known)...)
}

// checkBatches says what batch mode does and costs; nothing where it is off.
func checkBatches(cfg *config.Config, price llm.Price, known bool) []finding {
	s := cfg.Summary
	if s.Batch == config.BatchOff {
		return nil
	}
	whose := "all documents"
	if s.Batch == config.BatchBackfill {
		whose = "documents of a backfill"
	}
	f := finding{what: "batches", note: fmt.Sprintf("%s wait for answers, gathered for %s and given up after %s", whose, s.BatchWait, s.BatchGiveUp)}
	if known {
		in, out := llm.BatchPrice(price)
		f.note += fmt.Sprintf("; %g US dollars for a million tokens of input, %g of output", in, out)
	}
	return []finding{f}
}

// batchPolicy is the configuration as the agent takes it.
func batchPolicy(s config.Summary) batch.Policy {
	p := batch.Policy{Wait: s.BatchWait.D(), GiveUp: s.BatchGiveUp.D()}
	switch s.Batch {
	case config.BatchAll:
		p.Mode = batch.All
	case config.BatchBackfill:
		p.Mode = batch.Backfill
	}
	return p
}

// checkSpend shows what this agent has spent beside its caps; a running agent is not disturbed.
func checkSpend(ctx context.Context, cfg *config.Config) []finding {
	if cfg.Summary.Provider == config.ProviderExtractive {
		return nil
	}
	j, err := journal.OpenReadOnly(ctx, cfg.JournalPath())
	if err != nil {
		return nil // the check of the journal says what is wrong
	}
	defer j.Close()
	f := finding{what: "spending", code: exitMachine}
	t, err := j.SpendTotals(ctx, journal.KeyOfDocument{})
	if err != nil {
		f.err = err
		return []finding{f}
	}
	s := cfg.Summary
	f.note = fmt.Sprintf("today %s; this month %s", beside(t.Day, s.MaxTokensPerDay, s.MaxUSDPerDay), beside(t.Month, s.MaxTokensPerMonth, s.MaxUSDPerMonth))
	if reached(t.Day, s.MaxTokensPerDay, s.MaxUSDPerDay) || reached(t.Month, s.MaxTokensPerMonth, s.MaxUSDPerMonth) {
		f.warn, f.cure = f.note+": a cap is reached", "raise it, or wait; summary.over_cap says what documents do meanwhile"
	}
	return []finding{f}
}

func beside(s journal.Spent, maxTokens int64, maxUSD float64) string {
	return of(strconv.FormatInt(s.Tokens, 10), strconv.FormatInt(maxTokens, 10), maxTokens > 0) + " tokens and " +
		of(fmt.Sprintf("%.4f", s.USD), fmt.Sprintf("%.2f", maxUSD), maxUSD > 0) + " US dollars"
}

func reached(s journal.Spent, maxTokens int64, maxUSD float64) bool {
	return maxTokens > 0 && s.Tokens >= maxTokens || maxUSD > 0 && s.USD >= maxUSD
}
