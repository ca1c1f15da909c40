package cli

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strconv"

	"github.com/aidoc-pipeline/aidoc-agent/agent/batch"
	"github.com/aidoc-pipeline/aidoc-agent/agent/budget"
	"github.com/aidoc-pipeline/aidoc-agent/agent/config"
	"github.com/aidoc-pipeline/aidoc-agent/agent/journal"
	"github.com/aidoc-pipeline/aidoc-agent/llm"
)

// newBudget holds what models cost against the configured caps. booked is told of every call that was billed; nil: nobody.
func newBudget(cfg *config.Config, l budget.Ledger, booked func(llm.Charge), log *slog.Logger) *budget.Budget {
	limits := limitsOf(cfg)
	return budget.New(budget.Options{Ledger: l, Caps: limits.Caps, Sites: limits.Sites, Fallback: limits.Fallback, Booked: booked, Log: log})
}

// limitsOf are the caps of a configuration.
func limitsOf(cfg *config.Config) budget.Limits {
	s := cfg.Summary
	out := budget.Limits{Fallback: s.OverCap == config.OverCapExtractive, Sites: map[string]budget.SiteCaps{}}
	out.Document = budget.Amount{Tokens: int64(s.MaxTokensPerDocument), USD: s.MaxUSDPerDocument}
	out.Day = budget.Amount{Tokens: s.MaxTokensPerDay, USD: s.MaxUSDPerDay}
	out.Month = budget.Amount{Tokens: s.MaxTokensPerMonth, USD: s.MaxUSDPerMonth}
	for _, site := range cfg.Sites {
		caps := budget.SiteCaps{Day: budget.Amount{Tokens: site.MaxTokensPerDay, USD: site.MaxUSDPerDay}, Month: budget.Amount{Tokens: site.MaxTokensPerMonth, USD: site.MaxUSDPerMonth}}
		if caps != (budget.SiteCaps{}) {
			out.Sites[site.URL] = caps
		}
	}
	return out
}

// dollarCaps tells whether a cap in US dollars holds documents that this model summarises, tokenCaps the same of tokens.
func dollarCaps(cfg *config.Config, model string) bool {
	c := cfg.Summary
	return c.MaxUSDPerDocument > 0 || c.MaxUSDPerDay > 0 || c.MaxUSDPerMonth > 0 ||
		slices.ContainsFunc(cfg.Sites, func(s config.Site) bool { return s.Model == model && (s.MaxUSDPerDay > 0 || s.MaxUSDPerMonth > 0) })
}

func tokenCaps(cfg *config.Config, model string) bool {
	c := cfg.Summary
	return c.MaxTokensPerDocument > 0 || c.MaxTokensPerDay > 0 || c.MaxTokensPerMonth > 0 ||
		slices.ContainsFunc(cfg.Sites, func(s config.Site) bool {
			return s.Model == model && (s.MaxTokensPerDay > 0 || s.MaxTokensPerMonth > 0)
		})
}

// unpriced says that caps in dollars stop nothing because nobody knows what the model costs; "" where they do, or there are none.
func unpriced(cfg *config.Config, model string, s llm.Summariser) string {
	e := llm.EngineOf(s)
	if e == nil {
		return ""
	}
	if _, known := e.Price(); known || !dollarCaps(cfg, model) {
		return ""
	}
	rest := "and no cap in tokens is set either"
	if tokenCaps(cfg, model) {
		rest = "only those in tokens do"
	}
	return fmt.Sprintf("the price of %s is not known, so caps in US dollars stop nothing, %s: set %s", s.Name(), rest, priceFields(model))
}

// priceFields are where the price of a model is set.
func priceFields(model string) string {
	if model == "" {
		return "summary.usd_per_mtok_in and summary.usd_per_mtok_out"
	}
	return "models[].usd_per_mtok_in and models[].usd_per_mtok_out of " + model
}

// checkPrice shows what the model costs, or that nobody knows.
func checkPrice(cfg *config.Config, model string, s llm.Summariser) []finding {
	e := llm.EngineOf(s)
	if e == nil {
		return nil
	}
	f := finding{what: "price"}
	price, known := e.Price()
	switch why := unpriced(cfg, model, s); {
	case why != "":
		f.warn, f.cure = why, "set "+priceFields(model)+", or a cap in tokens"
	case !known:
		f.note = "not known; tokens are counted, dollars are not (" + priceFields(model) + " set it)"
	default:
		cached := price.Cached
		if cached == 0 {
			cached = price.In
		}
		f.note = fmt.Sprintf("%g US dollars for a million tokens of input, %g cached, %g of output", price.In, cached, price.Out)
		if by := cfg.SummaryBy(model); by.USDPerMTokIn == 0 && by.USDPerMTokOut == 0 {
			f.note += " (as of " + llm.PricesChecked + ")"
		}
	}
	if model != "" {
		return []finding{f}
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
	if !slices.ContainsFunc(cfg.ModelsInUse(), func(m string) bool { return cfg.SummaryBy(m).Provider != config.ProviderExtractive }) {
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
	out := []finding{f}
	for _, site := range cfg.Sites {
		if found, capped := checkSiteSpend(ctx, j, site); capped {
			out = append(out, found)
		}
	}
	return out
}

// checkSiteSpend shows what was spent for a site that has caps of its own.
func checkSiteSpend(ctx context.Context, j *journal.Journal, s config.Site) (f finding, capped bool) {
	if s.MaxTokensPerDay == 0 && s.MaxUSDPerDay == 0 && s.MaxTokensPerMonth == 0 && s.MaxUSDPerMonth == 0 {
		return f, false
	}
	f = finding{what: "spending", site: s.URL, code: exitMachine}
	t, err := j.SpendTotals(ctx, journal.KeyOfDocument{Site: s.URL})
	if err != nil {
		f.err = err
		return f, true
	}
	f.note = fmt.Sprintf("%s: today %s; this month %s", s.URL, beside(t.SiteDay, s.MaxTokensPerDay, s.MaxUSDPerDay), beside(t.SiteMonth, s.MaxTokensPerMonth, s.MaxUSDPerMonth))
	if reached(t.SiteDay, s.MaxTokensPerDay, s.MaxUSDPerDay) || reached(t.SiteMonth, s.MaxTokensPerMonth, s.MaxUSDPerMonth) {
		f.warn, f.cure = f.note+": a cap is reached", "raise it in sites, or wait; summary.over_cap says what documents do meanwhile"
	}
	return f, true
}

func beside(s journal.Spent, maxTokens int64, maxUSD float64) string {
	return of(strconv.FormatInt(s.Tokens, 10), strconv.FormatInt(maxTokens, 10), maxTokens > 0) + " tokens and " +
		of(fmt.Sprintf("%.4f", s.USD), fmt.Sprintf("%.2f", maxUSD), maxUSD > 0) + " US dollars"
}

func reached(s journal.Spent, maxTokens int64, maxUSD float64) bool {
	return maxTokens > 0 && s.Tokens >= maxTokens || maxUSD > 0 && s.USD >= maxUSD
}
