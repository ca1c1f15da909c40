package agent

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/aidoc-pipeline/aidoc-agent/agent/budget"
	"github.com/aidoc-pipeline/aidoc-agent/agent/journal"
)

// shelf is a ledger that can be read or cannot.
type shelf struct {
	budget.Ledger
	err error
}

func (s shelf) SpendTotals(context.Context, journal.KeyOfDocument) (journal.Totals, error) {
	return journal.Totals{Day: journal.Spent{Tokens: 700, USD: 0.5}, Month: journal.Spent{Tokens: 9000, USD: 4}}, s.err
}

func TestSpendingGaugesAreAbsentWhileTheLedgerCannotBeRead(t *testing.T) {
	for want, err := range map[*map[string]float64]error{
		{"aidoc_spent_usd day": 0.5, "aidoc_spent_usd month": 4, "aidoc_spent_tokens day": 700, "aidoc_spent_tokens month": 9000}: nil,
		{}: errors.New("the disk is away"),
	} {
		reg := prometheus.NewRegistry()
		reg.MustRegister(newSpending(budget.New(budget.Options{Ledger: shelf{err: err}, Log: slog.New(slog.DiscardHandler)}), "aidoc_spent_usd", "aidoc_spent_tokens", slog.New(slog.DiscardHandler)))
		families, problem := reg.Gather()
		if problem != nil {
			t.Fatal(problem)
		}
		got := map[string]float64{}
		for _, f := range families {
			for _, m := range f.Metric {
				got[f.GetName()+" "+m.Label[0].GetValue()] = m.Gauge.GetValue()
			}
		}
		if !maps.Equal(got, *want) {
			t.Errorf("ledger says %v: %v", err, got)
		}
	}
}
