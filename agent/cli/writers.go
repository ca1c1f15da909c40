package cli

import (
	"log/slog"
	"reflect"

	"github.com/aidoc-pipeline/aidoc-agent/agent"
	"github.com/aidoc-pipeline/aidoc-agent/agent/config"
	"github.com/aidoc-pipeline/aidoc-agent/llm"
)

// newSummariser is that of sites without a model of their own.
func newSummariser(cfg *config.Config, log *slog.Logger) (llm.Summariser, error) {
	w, err := newWriter(cfg, "", log)
	return w.sum, err
}

// writer is a summariser with what it was made from.
type writer struct {
	conf    llm.Config
	privacy llm.Privacy
	sum     llm.Summariser
}

// writers are those in use, by the name of the model.
type writers map[string]writer

// newWriters makes those that sites name. One of before whose settings are the same is kept: it knows its account, and what its server takes.
func newWriters(cfg *config.Config, before writers, log *slog.Logger) (writers, error) {
	out := writers{}
	for _, name := range cfg.ModelsInUse() {
		if w := before[name]; w.sum != nil && reflect.DeepEqual(w.conf, modelConfig(cfg.SummaryBy(name), log)) && reflect.DeepEqual(w.privacy, privacy(cfg)) {
			out[name] = w
			continue
		}
		w, err := newWriter(cfg, name, log)
		if err != nil {
			return nil, err
		}
		out[name] = w
	}
	return out, nil
}

func newWriter(cfg *config.Config, name string, log *slog.Logger) (writer, error) {
	w := writer{conf: modelConfig(cfg.SummaryBy(name), log), privacy: privacy(cfg)}
	s, err := llm.FromConfig(w.conf)
	if err != nil {
		return writer{}, withCode(exitUsage, err)
	}
	if w.sum, err = llm.Private(s, w.conf, w.privacy); err != nil {
		return writer{}, withCode(exitUsage, err)
	}
	return w, nil
}

func modelConfig(s config.Summary, log *slog.Logger) llm.Config {
	conf := llm.Config{
		Provider:       s.Provider,
		Model:          s.Model,
		Embeddings:     s.Embeddings,
		Log:            log,
		BaseURL:        s.BaseURL,
		APIKey:         s.APIKey.Reveal(),
		Organization:   s.Organization,
		Project:        s.Project,
		Headers:        s.HeaderMap(),
		Unfounded:      s.Unfounded,
		Language:       s.Language,
		ChunkTokens:    s.ChunkTokens,
		MaxConcurrency: s.Concurrency,
		CallTimeout:    s.Timeout.D(),
		ContextTokens:  s.ContextTokens,
	}
	if in, out := s.USDPerMTokIn, s.USDPerMTokOut; in > 0 || out > 0 {
		conf.Prices = map[string]llm.Price{conf.Model: {In: in, Cached: s.USDPerMTokCached, Out: out}}
	}
	return conf
}

// modelOf is what the agent takes for a site; nil: its own.
func (w writers) modelOf(cfg *config.Config, name string) *agent.Model {
	if name == "" {
		return nil
	}
	s := cfg.SummaryBy(name)
	return &agent.Model{Summariser: w[name].sum, Writer: writerOf(s), Batch: batchPolicy(s)}
}

// visionOf is who reads badly recognised pages of a site; nil: nobody.
func (w writers) visionOf(cfg *config.Config, s config.Site) *agent.Vision {
	model, on := cfg.VisionOf(s)
	if !on {
		return nil
	}
	return &agent.Vision{Summariser: w[model].sum, Below: cfg.Extract.Vision.Below, MaxPages: cfg.Extract.Vision.MaxPages}
}

// warnings say of which models nobody knows the price although caps in dollars are set.
func (w writers) warnings(cfg *config.Config) (out []string) {
	for _, name := range cfg.ModelsInUse() {
		if why := unpriced(cfg, name, w[name].sum); why != "" {
			out = append(out, why)
		}
	}
	return out
}
