package config

import (
	"fmt"
	"net/url"
	"strings"
)

// BatchMode says whose questions to the model wait for a batch of the provider: false, true (all documents) or backfill.
type BatchMode string

// The modes.
const (
	BatchOff      BatchMode = "false"
	BatchAll      BatchMode = "true"
	BatchBackfill BatchMode = "backfill"
)

// UnmarshalText takes every word for yes and no that the configuration knows.
func (b *BatchMode) UnmarshalText(text []byte) error {
	word := strings.ToLower(strings.TrimSpace(string(text)))
	on, ok := parseBool(word)
	switch {
	case ok && on:
		*b = BatchAll
	case ok:
		*b = BatchOff
	case BatchMode(word) == BatchBackfill:
		*b = BatchBackfill
	default:
		return fmt.Errorf("%q is not known: use false, true or backfill", text)
	}
	return nil
}

// MarshalText is the form of the file.
func (b BatchMode) MarshalText() ([]byte, error) { return []byte(b), nil }

// checkBatch: the longest wait that a site takes is two days, and a batch may take one.
func (c *Config) checkBatch(k *checks) {
	s := c.Summary
	between(k, "summary.batch_wait", s.BatchWait, seconds(1), seconds(12*3600))
	between(k, "summary.batch_give_up", s.BatchGiveUp, seconds(3600), seconds(47*3600))
	if s.Batch == BatchOff {
		return
	}
	own := map[string]string{ProviderOpenAI: "api.openai.com", ProviderAnthropic: "api.anthropic.com"}[s.Provider]
	if own == "" {
		k.bad("summary.batch", "is for models of OpenAI and Anthropic, and the provider is %s: set it to false, or choose another summary.provider", s.Provider)
		return
	}
	if s.BaseURL == "" {
		return
	}
	if u, err := url.Parse(s.BaseURL); err == nil && !(u.Scheme == "https" && strings.EqualFold(u.Host, own)) {
		k.bad("summary.batch", "is for %s itself, and summary.base_url leads to another server, of which nobody knows that it has batches: set one of the two back", own)
	}
}
