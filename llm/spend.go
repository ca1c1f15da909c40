package llm

import (
	"fmt"
	"sync"
)

// Built-in prices, US dollars per million tokens in and out, as published by the vendors for
// their own endpoints; Config.Prices overrides them. A model that is not listed costs 0 here.
var knownPrices = map[string]Price{
	"gpt-4o": {2.5, 10}, "gpt-4o-mini": {0.15, 0.6},
	"gpt-4.1": {2, 8}, "gpt-4.1-mini": {0.4, 1.6}, "gpt-4.1-nano": {0.1, 0.4},
	"gpt-5": {1.25, 10}, "gpt-5-mini": {0.25, 2}, "gpt-5-nano": {0.05, 0.4},
	"o3": {2, 8}, "o3-mini": {1.1, 4.4}, "o4-mini": {1.1, 4.4},
	"claude-haiku-4-5": {1, 5}, "claude-sonnet-4-5": {3, 15}, "claude-sonnet-4-6": {3, 15}, "claude-opus-4-5": {5, 25},
}

// priceOf finds the price of a model; a compatible server elsewhere has no known price.
func (c Config) priceOf(model string) (Price, bool) {
	if p, ok := c.Prices[model]; ok {
		return p, true
	}
	if c.BaseURL != "" {
		return Price{}, false
	}
	p, ok := knownPrices[model]
	return p, ok
}

func (p Price) of(in, out int) float64 {
	return (float64(in)*p.In + float64(out)*p.Out) / 1e6
}

// spend is what one document has cost in this run and what its running calls may still cost.
type spend struct {
	mu       sync.Mutex
	budget   Budget
	price    Price
	in, out  int
	calls    int
	cached   int
	reserved int // tokens
	heldUSD  float64
}

// reserve sets aside what a call may cost at most, or says that the budget does not allow it.
func (s *spend) reserve(in, out int) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	tokens := s.in + s.out + s.reserved + in + out
	if s.budget.MaxTokens > 0 && tokens > s.budget.MaxTokens {
		return &Error{Code: CodeBudget, Message: fmt.Sprintf("the document needs more than the %d tokens that summary.max_tokens_per_document allows; raise it or use the extractive summariser", s.budget.MaxTokens)}
	}
	usd := s.price.of(s.in, s.out) + s.heldUSD + s.price.of(in, out)
	if s.budget.MaxUSD > 0 && usd > s.budget.MaxUSD {
		return &Error{Code: CodeBudget, Message: fmt.Sprintf("the document would cost more than the %.2f US dollars that summary.max_usd_per_document allows; raise it or use the extractive summariser", s.budget.MaxUSD)}
	}
	s.reserved += in + out
	s.heldUSD += s.price.of(in, out)
	return nil
}

// settle replaces a reservation by what the call really used.
func (s *spend) settle(in, out int, c *Completion) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reserved -= in + out
	s.heldUSD -= s.price.of(in, out)
	s.calls++
	s.in += c.TokensIn
	s.out += c.TokensOut
}

func (s *spend) hit() {
	s.mu.Lock()
	s.cached++
	s.mu.Unlock()
}
