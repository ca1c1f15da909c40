package cli

import (
	"fmt"
	"log/slog"

	"github.com/aidoc-pipeline/aidoc-agent/agent/budget"
	"github.com/aidoc-pipeline/aidoc-agent/agent/config"
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
		f.warn = why
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
	return []finding{f}
}
