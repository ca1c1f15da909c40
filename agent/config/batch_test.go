package config

import (
	"strings"
	"testing"
)

func TestBatchesNeedAVendorsOwnServer(t *testing.T) {
	for _, c := range []struct {
		provider, base, mode string
		want                 BatchMode
		says                 string // "" accepted
	}{
		{"openai", "", "yes", BatchAll, ""},
		{"openai", "https://api.openai.com/v1", "backfill", BatchBackfill, ""},
		{"anthropic", "https://api.anthropic.com", "true", BatchAll, ""},
		{"openai", "http://127.0.0.1:11434/v1", "false", BatchOff, ""},
		{"openai", "http://127.0.0.1:11434/v1", "true", BatchAll, "summary.base_url leads to another server"},
		{"openai", "http://api.openai.com/v1", "true", BatchAll, "summary.base_url leads to another server"},
		{"openai", "https://api.openai.com.example.org/v1", "true", BatchAll, "summary.base_url leads to another server"},
		{"anthropic", "https://api.openai.com/v1", "backfill", BatchBackfill, "api.anthropic.com itself"},
	} {
		file := "summary:\n  provider: " + c.provider + "\n  model: m\n  api_key: k\n  base_url: \"" + c.base + "\"\n  batch: " + c.mode + "\n"
		cfg := valid(t)
		if err := cfg.Parse("agent.yaml", []byte(file)); err != nil {
			t.Fatal(err)
		}
		err := cfg.Validate()
		switch {
		case cfg.Summary.Batch != c.want:
			t.Errorf("%+v: read as %q", c, cfg.Summary.Batch)
		case c.says == "" && err != nil:
			t.Errorf("%+v: %v", c, err)
		case c.says != "" && (err == nil || !strings.Contains(err.Error(), "summary.batch: ") || !strings.Contains(err.Error(), c.says)):
			t.Errorf("%+v: %v", c, err)
		}
	}
}
