package agent

import (
	"context"
	"log/slog"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/aidoc-pipeline/aidoc-agent/agent/budget"
)

// spending exports what was spent, read from the ledger at the time of asking. While the ledger cannot be read the gauges are absent: a
// graph with a gap says so, and 0 would say that nothing was spent.
type spending struct {
	budget *budget.Budget
	usd    *prometheus.Desc
	tokens *prometheus.Desc
	log    *slog.Logger
}

var _ prometheus.Collector = (*spending)(nil)

func newSpending(b *budget.Budget, usd, tokens string, log *slog.Logger) *spending {
	describe := func(name, help string) *prometheus.Desc {
		return prometheus.NewDesc(name, help, []string{"period"}, nil)
	}
	return &spending{budget: b, log: log,
		usd:    describe(usd, "US dollars spent on models in this UTC day or month, calls under way included; absent while the journal cannot be read."),
		tokens: describe(tokens, "Tokens spent on models in this UTC day or month, calls under way included; absent while the journal cannot be read."),
	}
}

// Describe implements prometheus.Collector.
func (s *spending) Describe(to chan<- *prometheus.Desc) { to <- s.usd; to <- s.tokens }

// readTime bounds how long a scrape waits for the journal.
const readTime = 5 * time.Second

// Collect implements prometheus.Collector.
func (s *spending) Collect(to chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), readTime)
	defer cancel()
	state, err := s.budget.State(ctx)
	if err != nil {
		s.log.Warn("what was spent cannot be read: its gauges are absent", "error", err.Error())
		return
	}
	gauge := func(d *prometheus.Desc, v float64, period string) {
		to <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, period)
	}
	gauge(s.usd, state.Day.USD, "day")
	gauge(s.usd, state.Month.USD, "month")
	gauge(s.tokens, float64(state.Day.Tokens), "day")
	gauge(s.tokens, float64(state.Month.Tokens), "month")
}
