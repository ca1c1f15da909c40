package llm

import (
	"context"
	"fmt"
	"sync"

	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/price"
)

// Price is US dollars per million tokens; see price.Price.
type Price = price.Price

// priceOf finds the price of a model: what the configuration says, else the vendor's own where it is the vendor's own server.
func (c Config) priceOf(model string) (Price, bool) {
	if p, ok := c.Prices[model]; ok {
		return p, true
	}
	return price.Known(c.Provider, model, c.BaseURL)
}

// BatchPrice is what a million tokens of input and of output cost in a batch.
func BatchPrice(p Price) (in, out float64) {
	const million = 1_000_000
	return Price{In: p.In}.Of(price.Usage{In: million, Batch: true}), Price{Out: p.Out}.Of(price.Usage{Out: million, Batch: true})
}

// PricesChecked is the day on which the built-in prices were compared with the vendors'.
const PricesChecked = price.Checked

// Price is what calls cost. Where it is not known caps in dollars stop nothing, and caps in tokens do.
func (e *Engine) Price() (p Price, known bool) { return e.tariff.price, e.priceKnown }

// tariff is whose model is paid, and at what price.
type tariff struct {
	provider, model string
	step            string
	price           Price
}

// charge is what a call of so many tokens costs.
func (t tariff) charge(u price.Usage) Charge {
	c := Charge{Provider: t.provider, Model: t.model, TokensIn: u.In, TokensCached: u.Cached, TokensOut: u.Out, USD: t.price.Of(u), Batch: u.Batch, Step: t.step}
	if c.Tokens() > 0 {
		c.Calls = 1
	}
	return c
}

// tally is what one document has cost in this run.
type tally struct {
	mu     sync.Mutex
	sum    Charge
	cached int
}

func (t *tally) add(c Charge) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.sum.Calls += c.Calls
	t.sum.TokensIn += c.TokensIn
	t.sum.TokensCached += c.TokensCached
	t.sum.TokensOut += c.TokensOut
	t.sum.USD += c.USD
}

// into tells a summary what it has cost.
func (t *tally) into(s *Summary) {
	t.mu.Lock()
	defer t.mu.Unlock()
	s.TokensIn, s.TokensCached, s.TokensOut, s.CostUSD = t.sum.TokensIn, t.sum.TokensCached, t.sum.TokensOut, t.sum.USD
	s.Calls, s.CachedCalls = t.sum.Calls, t.cached
}

func (t *tally) hit() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.cached++
}

// runLedger holds the calls of one run against Config.Budget, where the caller has no ledger of its own.
type runLedger struct {
	budget Budget

	mu   sync.Mutex
	used Charge
	held map[int64]Charge
	last int64
}

var (
	_ Ledger = (*runLedger)(nil)
	_ Capped = (*runLedger)(nil)
)

// DocumentCap implements Capped.
func (l *runLedger) DocumentCap() Budget { return l.budget }

// Reserve implements Ledger.
func (l *runLedger) Reserve(_ context.Context, c Charge) (int64, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	tokens, usd := l.used.Tokens()+c.Tokens(), l.used.USD+c.USD
	for _, h := range l.held {
		tokens, usd = tokens+h.Tokens(), usd+h.USD
	}
	if l.budget.MaxTokens > 0 && tokens > l.budget.MaxTokens {
		return 0, &Error{Code: CodeBudget, Message: fmt.Sprintf("the document needs more than the %d tokens that summary.max_tokens_per_document allows; raise it or use the extractive summariser", l.budget.MaxTokens)}
	}
	if l.budget.MaxUSD > 0 && usd > l.budget.MaxUSD {
		return 0, &Error{Code: CodeBudget, Message: fmt.Sprintf("the document would cost more than the %.2f US dollars that summary.max_usd_per_document allows; raise it or use the extractive summariser", l.budget.MaxUSD)}
	}
	if l.held == nil {
		l.held = map[int64]Charge{}
	}
	l.last++
	l.held[l.last] = c
	return l.last, nil
}

// Settle implements Ledger.
func (l *runLedger) Settle(id int64, c Charge) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.held, id)
	l.used.TokensIn += c.TokensIn
	l.used.TokensOut += c.TokensOut
	l.used.USD += c.USD
}
