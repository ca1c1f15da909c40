package config

import (
	"fmt"
	"slices"
	"strings"
)

// Model is a model beside that of summary, for the sites that name it and for pages (extract.vision). What it does not have, caps and how summaries are wanted, is that of summary.
type Model struct {
	Name             string   `yaml:"name"`
	Provider         string   `yaml:"provider"`
	Model            string   `yaml:"model"`
	BaseURL          string   `yaml:"base_url"`
	Embeddings       string   `yaml:"embeddings"`
	APIKey           Secret   `yaml:"api_key"`
	APIKeyFile       string   `yaml:"api_key_file"`
	Organization     string   `yaml:"organization"`
	Project          string   `yaml:"project"`
	Headers          []Secret `yaml:"headers"`
	ChunkTokens      int      `yaml:"chunk_tokens"`
	ContextTokens    int      `yaml:"context_tokens"`
	Concurrency      int      `yaml:"concurrency"`
	Timeout          Duration `yaml:"timeout"` // 0: that of summary
	USDPerMTokIn     float64  `yaml:"usd_per_mtok_in"`
	USDPerMTokCached float64  `yaml:"usd_per_mtok_cached"`
	USDPerMTokOut    float64  `yaml:"usd_per_mtok_out"`
}

// over is the summary block of sites that use this model. Its questions are asked directly: batches are those of summary's own account.
func (m Model) over(s Summary) Summary {
	s.Provider, s.Model, s.BaseURL, s.Embeddings = m.Provider, m.Model, m.BaseURL, m.Embeddings
	s.APIKey, s.APIKeyFile, s.Organization, s.Project, s.Headers = m.APIKey, m.APIKeyFile, m.Organization, m.Project, m.Headers
	s.ChunkTokens, s.ContextTokens, s.Concurrency = m.ChunkTokens, m.ContextTokens, m.Concurrency
	s.USDPerMTokIn, s.USDPerMTokCached, s.USDPerMTokOut = m.USDPerMTokIn, m.USDPerMTokCached, m.USDPerMTokOut
	if m.Timeout > 0 {
		s.Timeout = m.Timeout
	}
	s.Batch = BatchOff
	return s
}

// SummaryBy is the summary block in force for sites with this model: "" is summary itself. Validate has refused names that are not there.
func (c *Config) SummaryBy(model string) Summary {
	switch i := c.modelAt(model); {
	case model == "":
		return c.Summary
	case i >= 0:
		return c.Models[i].over(c.Summary)
	}
	return Model{Provider: ProviderExtractive}.over(c.Summary)
}

// ModelsInUse are the models that write summaries or read pages, each once, "" first: sites that are joined later have that one.
func (c *Config) ModelsInUse() []string {
	all := []string{""}
	for _, s := range c.Sites {
		if !slices.Contains(all, s.Model) {
			all = append(all, s.Model)
		}
	}
	for _, m := range c.VisionModels() {
		if !slices.Contains(all, m) {
			all = append(all, m)
		}
	}
	return all
}

func (c *Config) modelAt(name string) int {
	return slices.IndexFunc(c.Models, func(m Model) bool { return m.Name == name })
}

func (c *Config) checkModels(k *checks) {
	for i, m := range c.Models {
		at := fmt.Sprintf("models[%d]", i)
		switch _, plain := safeName(strings.ToLower(m.Name), "-_."); {
		case m.Name == "" || !plain || len(m.Name) > 40:
			k.bad(at+".name", "%q is no name: use up to 40 letters, digits, dashes, dots and underscores", m.Name)
		case m.Name == ProviderExtractive:
			k.bad(at+".name", "extractive is the embedded summariser, which needs no entry: use another name")
		case c.modelAt(m.Name) < i:
			k.bad(at+".name", "%q is given twice", m.Name)
		}
		if m.Provider == "" {
			k.bad(at+".provider", "is missing: use openai or anthropic")
			continue
		}
		k.model(at, m.over(c.Summary))
	}
}

// checkSiteModel checks which model a site has, and what it may cost.
func (c *Config) checkSiteModel(k *checks, at string, s Site) {
	if s.Model != "" && s.Model != ProviderExtractive && c.modelAt(s.Model) < 0 {
		var names []string
		for _, m := range c.Models {
			names = append(names, m.Name)
		}
		k.bad(at+".model", "%q is none of models%s: add it there, use extractive, or leave it empty for that of summary", s.Model, didYouMean(s.Model, names))
	}
	if s.Vision != VisionOff {
		c.checkVisionModel(k, at+".vision", s.Vision, "use off for none")
	}
	between(k, at+".max_tokens_per_day", s.MaxTokensPerDay, 0, 1_000_000_000_000)
	between(k, at+".max_usd_per_day", s.MaxUSDPerDay, 0, 1_000_000)
	between(k, at+".max_tokens_per_month", s.MaxTokensPerMonth, 0, 1_000_000_000_000)
	between(k, at+".max_usd_per_month", s.MaxUSDPerMonth, 0, 1_000_000)
}

// resolveModels reads keys. A variable that other tools use too is taken for the provider's own server alone.
func (c *Config) resolveModels(env map[string]string) error {
	for i := range c.Models {
		m := &c.Models[i]
		if err := readSecretFile(fmt.Sprintf("models[%d].api_key_file", i), m.APIKeyFile, &m.APIKey); err != nil {
			return err
		}
		if name := keyVariables[m.Provider]; name != "" && m.APIKey == "" && m.BaseURL == "" {
			m.APIKey = Secret(env[name])
		}
	}
	return nil
}

// keyVariables are where other tools look for a provider's key.
var keyVariables = map[string]string{ProviderOpenAI: "OPENAI_API_KEY", ProviderAnthropic: "ANTHROPIC_API_KEY"}
