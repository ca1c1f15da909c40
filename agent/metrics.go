package agent

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/aidoc-pipeline/aidoc-agent/agent/pipeline"
	"github.com/aidoc-pipeline/aidoc-agent/extract"
	"github.com/aidoc-pipeline/aidoc-agent/llm"
)

// Metrics are all numbers the agent exports; every name is in this file, in gauges.go or in sitegauges.go. Labels have few values:
// sites, stages, outcomes, models, never jobs or files.
type Metrics struct {
	jobs     *prometheus.CounterVec
	pages    *prometheus.CounterVec
	requests *prometheus.CounterVec
	tokens   *prometheus.CounterVec
	dollars  *prometheus.CounterVec
	stages   *prometheus.HistogramVec
}

// NewMetrics registers the metrics with reg.
func NewMetrics(reg prometheus.Registerer) *Metrics {
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
	}
	m := &Metrics{
		jobs:     counter("aidoc_jobs_total", "Jobs that ended here, by outcome: done, failed, lost, released.", "site", "outcome"),
		pages:    counter("aidoc_pages_total", "Pages read, by method: text, ocr, vision (read by a model, counted as ocr or empty before), empty, failed.", "method"),
		requests: counter("aidoc_site_requests_total", "Leases and beats asked of a site, by outcome: ok, error.", "site", "outcome"),
		tokens:   counter("aidoc_model_tokens_total", "Tokens billed, by direction: in, cached (input that the provider had in its cache), out; by step: summary, embeddings, vision (pages recognised badly).", "provider", "model", "step", "direction"),
		dollars:  counter("aidoc_model_cost_usd_total", "US dollars spent on models whose price is known, by step.", "provider", "model", "step"),
		stages: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "aidoc_stage_seconds", Help: "Time a job spent in a stage.", Buckets: prometheus.ExponentialBuckets(0.05, 3, 9),
		}, []string{"stage"}),
	}
	reg.MustRegister(m.jobs, m.pages, m.requests, m.tokens, m.dollars, m.stages)
	return m
}

// site starts the counters of a site at 0: of a series that begins with its first event, a query for what was added misses that event.
func (m *Metrics) site(url string) {
	for _, o := range pipeline.Outcomes {
		m.jobs.WithLabelValues(url, string(o))
	}
	for _, outcome := range []string{"ok", "error"} {
		m.requests.WithLabelValues(url, outcome)
	}
}

func (m *Metrics) request(site string, err error) {
	outcome := "ok"
	if err != nil {
		outcome = "error"
	}
	m.requests.WithLabelValues(site, outcome).Inc()
}

func (m *Metrics) job(site string, o pipeline.Outcome) { m.jobs.WithLabelValues(site, string(o)).Inc() }

var _ pipeline.Metrics = (*Metrics)(nil)

// Stage is told how long a job spent in a stage.
func (m *Metrics) Stage(name string, since time.Time) {
	m.stages.WithLabelValues(name).Observe(time.Since(since).Seconds())
}

// Page is told of a page that was read.
func (m *Metrics) Page(p extract.Page) {
	method := string(p.Method)
	if p.Err != nil {
		method = "failed"
	}
	m.pages.WithLabelValues(method).Inc()
}

// Model is told what a call cost.
func (m *Metrics) Model(c llm.Charge) {
	m.tokens.WithLabelValues(c.Provider, c.Model, c.Step, "in").Add(float64(c.TokensIn - c.TokensCached))
	m.tokens.WithLabelValues(c.Provider, c.Model, c.Step, "cached").Add(float64(c.TokensCached))
	m.tokens.WithLabelValues(c.Provider, c.Model, c.Step, "out").Add(float64(c.TokensOut))
	m.dollars.WithLabelValues(c.Provider, c.Model, c.Step).Add(c.USD)
}
