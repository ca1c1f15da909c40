// Package price says what a model's tokens cost. It asks nobody: the table has a date and can be overridden.
package price

import (
	"net/url"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/internal/pattern"
)

// Price is US dollars per million tokens; the zero value is of a model that costs nothing, or whose price nobody knows.
type Price struct {
	In     float64
	Cached float64 // input that the provider had in its cache; 0: as In
	Out    float64
	Long   Long
}

// Long is the dearer tariff of long prompts: In and Out are factors for the whole call; From 0 means that there is none.
type Long struct {
	From    int // tokens of input
	In, Out float64
}

// Usage is what one call used, in tokens as billed. Cached is the part of In that the provider had in its cache.
type Usage struct {
	In, Cached, Out int
	Batch           bool // asked for in a batch
}

// Of is what a call costs in US dollars.
func (p Price) Of(u Usage) float64 {
	in, out, cached := p.In, p.Out, p.Cached
	if cached == 0 {
		cached = in
	}
	if p.Long.From > 0 && u.In > p.Long.From {
		in, cached, out = in*p.Long.In, cached*p.Long.In, out*p.Long.Out
	}
	hit := min(max(u.Cached, 0), u.In)
	usd := (float64(u.In-hit)*in + float64(hit)*cached + float64(u.Out)*out) / 1e6
	if u.Batch {
		usd *= batchFactor
	}
	return usd
}

// batchFactor is the same at both vendors.
const batchFactor = 0.5

// Known finds the built-in price of a model of this provider ("openai", "anthropic") at the address baseURL; "" is the vendor's
// own. Prices are the vendors': a server elsewhere has none, whatever its models are called.
func Known(provider, model, baseURL string) (Price, bool) {
	if !ownAddress(provider, baseURL) {
		return Price{}, false
	}
	if p, ok := embeddings[provider][model]; ok {
		return p, true
	}
	p, name, found := Price{}, "", false
	for n, candidate := range table[provider] {
		if rest, ok := strings.CutPrefix(model, n); ok && len(n) > len(name) && edition.MatchString(rest) {
			p, name, found = candidate, n, true
		}
	}
	return p, found
}

// edition is what may follow a model's name and not change its price: a date, or which one of its editions is meant. Anything
// else ("gpt-5" and "gpt-5.9", "-ultra") is another model, whose price nobody knows.
var edition = pattern.Lazily(`^(-(latest|chat-latest|preview|\d{4}|\d{8}|\d{4}-\d{2}-\d{2}))*$`)

var ownHosts = map[string]string{"openai": "api.openai.com", "anthropic": "api.anthropic.com"}

func ownAddress(provider, baseURL string) bool {
	if baseURL == "" {
		return true
	}
	u, err := url.Parse(baseURL)
	return err == nil && u.Scheme == "https" && strings.EqualFold(u.Hostname(), ownHosts[provider])
}
