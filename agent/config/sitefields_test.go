package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestValidateNamesTheFieldOfASite(t *testing.T) {
	const site = "sites=[{url: 'https://a.example', "
	for _, c := range []struct{ set, field, says string }{
		{site + "tz: Europe/Nowhere}]", "sites[0].tz", "Europe/Berlin"},
		{site + "windows: sometimes}]", "sites[0].windows", "one item a line"},
		{site + "windows: [{from: '7'}]}]", "sites[0].windows[0].from", "write it like 19:00"},
		{site + "max_documents: 65}]", "sites[0].max_documents", "use 0 to 64"},
		{site + "languages: [../x]}]", "sites[0].languages[0]", "write it like eng"},
		{site + "store_prefix: ../x}]", "sites[0].store_prefix", "clients/example"},
		{site + "store_prefix: /x}]", "sites[0].store_prefix", "clients/example"},
		{site + "labels: [a, a]}]", "sites[0].labels[1]", "given twice"},
		{site + "labels: ['" + strings.Repeat("x", 41) + "']}]", "sites[0].labels[0]", "40 characters"},
		{site + "labels: [a, b, c, d, e, f, g, h, i]}]", "sites[0].labels", "at most 8"},
		{site + "max_usd_per_month: -1}]", "sites[0].max_usd_per_month", "use 0 to"},
		{site + "model: claud}]", "sites[0].model", "use extractive"},
		{"models=[{provider: openai}]", "models[0].name", "is no name"},
		{"models=[{name: extractive, provider: openai, model: m, api_key: k}]", "models[0].name", "use another name"},
		{"models=[{name: a, provider: openai, model: m, api_key: k}, {name: a, provider: openai, model: m, api_key: k}]", "models[1].name", "given twice"},
		{"models=[{name: a}]", "models[0].provider", "use openai or anthropic"},
		{"models=[{name: a, provider: anthropic, api_key: k}]", "models[0].model", "name the model"},
		{"models=[{name: a, provider: anthropic, model: m}]", "models[0].api_key", "ANTHROPIC_API_KEY"},
		{"models=[{name: a, provider: openai, model: m, base_url: nonsense}]", "models[0].base_url", "is not a URL"},
		{"models=[{name: a, provider: openai, model: m, api_key: k, concurrency: 500}]", "models[0].concurrency", "use 0 to 128"},
		{"models=[{name: a, provider: anthropic, model: m, api_key: k, embeddings: e}]", "models[0].embeddings", "leave it empty"},
		{"models=[{name: a, provider: openai, model: m, api_key_file: /nowhere}]", "models[0].api_key_file", "there is no file"},
		{"summary.profiles=[{label: intern}]", "summary.profiles[0].label", "sites[].labels"},
	} {
		_, err := Load(Source{Environ: machine(t), Set: []string{c.set}})
		if err == nil || !strings.Contains(err.Error(), c.field+":") || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v names not %s and %s", c.set, err, c.field, c.says)
		}
	}
}

func loaded(t *testing.T, text string) *Config {
	t.Helper()
	path := filepath.Join(t.TempDir(), "agent.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	cfg, err := Load(Source{Path: path, Environ: machine(t)})
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}

func TestWindowsOfASite(t *testing.T) {
	cfg := loaded(t, `
schedule: {tz: UTC, windows: [{from: "20:00", to: "22:00"}]}
sites:
  - {url: https://plain.example}
  - {url: https://always.example, windows: always}
  - {url: https://own.example, tz: Asia/Tokyo, windows: [{from: "09:00", to: "10:00"}]}
  - {url: https://zone.example, tz: Asia/Tokyo}
`)
	day := func(hour int) time.Time { return time.Date(2026, 3, 4, hour, 30, 0, 0, time.UTC) }
	for i, open := range []map[int]bool{
		{21: true, 0: false, 12: false}, // schedule
		{21: true, 0: true, 12: true},
		{21: false, 0: true, 12: false},           // 09:30 in Tokyo
		{21: false, 0: false, 12: true, 9: false}, // schedule's hours in Tokyo
	} {
		w, err := cfg.WindowsOf("sites", cfg.Sites[i])
		if err != nil {
			t.Fatal(err)
		}
		for hour, want := range open {
			if w.Open(day(hour)) != want {
				t.Errorf("%s at %d:30: open is %v", cfg.Sites[i].URL, hour, !want)
			}
		}
		if _, changes := w.NextChange(day(12)); changes == (cfg.Sites[i].URL == "https://always.example") {
			t.Errorf("%s: changes %v", cfg.Sites[i].URL, changes)
		}
	}
	all, err := cfg.Show()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range all {
		if f.Field == "sites" && !strings.Contains(f.Value, "windows: always") {
			t.Errorf("shown as %s", f.Value)
		}
	}
}

func TestModelsOfSites(t *testing.T) {
	key := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(key, []byte("from-file\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	cfg := loaded(t, `
summary: {provider: openai, model: big, api_key: mine, batch: true, language: de, timeout: 30s}
models:
  - {name: claude, provider: anthropic, model: c, api_key_file: `+key+`}
  - {name: local, provider: openai, model: l, base_url: "http://127.0.0.1:1/v1", timeout: 5m}
  - {name: unused, provider: openai, model: u, api_key: x}
sites:
  - {url: https://a.example, model: claude}
  - {url: https://b.example, model: local}
  - {url: https://c.example, model: extractive}
  - {url: https://d.example}
`)
	if got := strings.Join(cfg.ModelsInUse(), ","); got != ",claude,local,extractive" {
		t.Errorf("in use: %s", got)
	}
	if s := cfg.SummaryBy("claude"); s.Provider != ProviderAnthropic || s.Model != "c" || s.APIKey.Reveal() != "from-file" || s.Language != "de" || s.Timeout != seconds(30) || s.Batch != BatchOff {
		t.Errorf("claude: %+v", s)
	}
	if s := cfg.SummaryBy("local"); s.APIKey != "" || s.BaseURL == "" || s.Timeout != seconds(300) {
		t.Errorf("a key of another server would be sent to the local one: %+v", s)
	}
	if s := cfg.SummaryBy("extractive"); s.Provider != ProviderExtractive || s.Model != "" || s.APIKey != "" {
		t.Errorf("extractive: %+v", s)
	}
	if s := cfg.SummaryBy(""); s.Model != "big" || s.Batch != BatchAll {
		t.Errorf("summary: %+v", s)
	}
	all, _ := cfg.Show()
	for _, f := range all {
		if strings.Contains(f.Value, "from-file") {
			t.Errorf("%s shows a key", f.Field)
		}
	}
}

// A key of the environment is for the provider's own server, not for whatever server a model lies on.
func TestAmbientKeysGoToTheProviderAlone(t *testing.T) {
	cfg, err := Load(Source{Environ: append(machine(t), "OPENAI_API_KEY=ambient", "OPENAI_BASE_URL=http://elsewhere/v1"),
		Set: []string{"models=[{name: a, provider: openai, model: m}, {name: b, provider: openai, model: m, base_url: 'http://mine/v1'}]"}})
	if err != nil {
		t.Fatal(err)
	}
	if cfg.Models[0].APIKey != "ambient" || cfg.Models[0].BaseURL != "" || cfg.Models[1].APIKey != "" {
		t.Errorf("%v %v %v", cfg.Models[0].APIKey.Reveal(), cfg.Models[0].BaseURL, cfg.Models[1].APIKey.Reveal())
	}
}

func TestProfilesByLabel(t *testing.T) {
	s := Summary{Profiles: []Profile{{Tone: "neutral"}, {Label: "clinic", Tone: "plain"}}}
	if got := s.Profile("https://a.example", []string{"x", "clinic"}, "text/plain").Tone; got != "plain" {
		t.Errorf("with the label: %s", got)
	}
	if got := s.Profile("https://a.example", nil, "text/plain").Tone; got != "neutral" {
		t.Errorf("without it: %s", got)
	}
}

func TestPrefixesOfTheirOwnStandForTheSiteInTheLayout(t *testing.T) {
	layout := func(a, b string) error {
		_, err := Load(Source{Environ: machine(t), Set: []string{"store.layout=p/{job_id}",
			"sites=[{url: 'https://a.example', store_prefix: '" + a + "'}, {url: 'https://b.example', store_prefix: '" + b + "'}]"}})
		return err
	}
	if err := layout("a", "b"); err != nil {
		t.Error(err)
	}
	for _, c := range [][2]string{{"a", ""}, {"a", "a"}, {"a", "a/b"}, {"a/b", "a"}} {
		if err := layout(c[0], c[1]); err == nil || !strings.Contains(err.Error(), "store.layout") {
			t.Errorf("%v: %v", c, err)
		}
	}
}
