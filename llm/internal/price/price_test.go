package price

import (
	"math"
	"testing"
)

func TestKnown(t *testing.T) {
	for _, c := range []struct {
		provider, model, base string
		in, cached, out       float64 // 0: not known
	}{
		{"openai", "gpt-4.1", "", 2, 0.5, 8},
		{"openai", "gpt-4.1-2025-04-14", "", 2, 0.5, 8},
		{"openai", "gpt-4.1-mini-2025-04-14", "https://api.openai.com/v1", 0.4, 0.1, 1.6},
		{"openai", "gpt-5.1", "https://API.openai.com/v1/", 1.25, 0.125, 10},
		{"openai", "gpt-5-chat-latest", "", 1.25, 0.125, 10},
		{"openai", "gpt-4-0613", "", 30, 30, 60},
		{"openai", "gpt-5.6", "", 5, 0.5, 30},
		{"anthropic", "claude-haiku-4-5-20251001", "", 1, 0.1, 5},
		{"anthropic", "claude-opus-4-20250514", "https://api.anthropic.com", 15, 1.5, 75},
		{"anthropic", "claude-opus-4-1-20250805", "", 15, 1.5, 75},
		{"anthropic", "claude-opus-4-5", "", 5, 0.5, 25},
		{"anthropic", "claude-opus-5-5", "", 4, 0.2, 20},

		{"openai", "gpt-5.9", "", 0, 0, 0},
		{"openai", "gpt-4.1-ultra", "", 0, 0, 0},
		{"openai", "gpt-4.1", "http://127.0.0.1:11434/v1", 0, 0, 0},
		{"openai", "gpt-4.1", "https://api.openai.com.example.org/v1", 0, 0, 0},
		{"openai", "llama3.1", "", 0, 0, 0},
		{"openai", "claude-opus-5", "", 0, 0, 0},
		{"anthropic", "claude-opus-9", "", 0, 0, 0},
	} {
		p, ok := Known(c.provider, c.model, c.base)
		if ok != (c.in > 0) || p.In != c.in || p.Cached != c.cached || p.Out != c.out {
			t.Errorf("%s %s at %q: %+v, known %v", c.provider, c.model, c.base, p, ok)
		}
	}
}

func TestOf(t *testing.T) {
	p := Price{In: 2, Cached: 0.5, Out: 8, Long: Long{From: 100_000, In: 2, Out: 1.5}}
	for _, c := range []struct {
		u    Usage
		want float64
	}{
		{Usage{In: 10_000, Out: 1000}, 0.028},
		{Usage{In: 10_000, Cached: 4000, Out: 1000}, 0.012 + 0.002 + 0.008},
		{Usage{In: 10_000, Cached: 99_999, Out: 0}, 0.005}, // a server that reports more hits than input
		{Usage{In: 10_000, Out: 1000, Batch: true}, 0.014},
		{Usage{In: 200_000, Out: 1000}, 0.8 + 0.012},
	} {
		if got := p.Of(c.u); math.Abs(got-c.want) > 1e-9 {
			t.Errorf("%+v costs %v, want %v", c.u, got, c.want)
		}
	}
	if got := (Price{In: 2, Out: 8}).Of(Usage{In: 1000, Cached: 1000}); math.Abs(got-0.002) > 1e-9 {
		t.Errorf("without a tariff for cached input it costs what input costs, not %v", got)
	}
}

// A slip of a digit or of the columns must not go unseen.
func TestTheTableIsSound(t *testing.T) {
	for provider, models := range table {
		for name, p := range models {
			if p.In <= 0 || p.Cached <= 0 || p.Cached > p.In || p.Out < p.In || p.Out > 10*p.In {
				t.Errorf("%s %s: %+v is no price", provider, name, p)
			}
			if _, ok := Known(provider, name, ""); !ok {
				t.Errorf("%s %s is not found", provider, name)
			}
		}
	}
	for provider, models := range embeddings {
		for name, p := range models {
			if got, ok := Known(provider, name, ""); !ok || got != p || p.In <= 0 || p.In > 1 || p.Out != 0 {
				t.Errorf("%s %s: %+v is no price of embeddings", provider, name, p)
			}
			if _, ok := Known(provider, name, "https://gateway.example/v1"); ok {
				t.Errorf("%s has a price at somebody else's address", name)
			}
		}
	}
}
