package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"path/filepath"
	"sort"
	"text/tabwriter"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/agent/journal"
)

type spendCmd struct {
	By   string `help:"Add up by day, model, site or step: summary, embeddings, vision (pages that a model read)." enum:"day,model,site,step" default:"day"`
	Days int    `help:"How many days to look back." default:"31"`
	JSON bool   `help:"Print every row as JSON, one an object."`
}

// spendRow is one line of the table, and of the JSON.
type spendRow struct {
	Key          string  `json:"key"`
	Calls        int     `json:"calls"`
	TokensIn     int64   `json:"tokens_in"`
	TokensCached int64   `json:"tokens_cached"` // of tokens_in
	TokensOut    int64   `json:"tokens_out"`
	USD          float64 `json:"usd"`
	BatchCalls   int     `json:"batch_calls"` // of calls: at the price of batches
}

// Run adds up what the agent's journal and that of `process` have booked; a running agent is not disturbed.
func (s *spendCmd) Run(e *env, c *commands) error {
	cfg, err := load(e, c)
	if err != nil {
		return err
	}
	if s.Days < 1 || s.Days > 36500 {
		return withCode(exitUsage, fmt.Errorf("--days is %d: give a number from 1 to 36500", s.Days))
	}
	since := time.Now().UTC().AddDate(0, 0, 1-s.Days)
	var all []journal.Spending
	for _, path := range []string{cfg.JournalPath(), filepath.Join(cfg.DataDir, "process.db")} {
		booked, err := readSpend(e.ctx, path, since)
		if err != nil {
			return withCode(exitMachine, err)
		}
		all = append(all, booked...)
	}
	rows := sumUp(all, s.By)
	if s.JSON {
		enc := json.NewEncoder(e.document())
		for _, r := range rows {
			if err := enc.Encode(r); err != nil {
				return withCode(exitMachine, err)
			}
		}
		return nil
	}
	if len(rows) == 0 {
		fmt.Fprintf(e.stdout, "No model was paid in the last %d days.\n", s.Days)
		return nil
	}
	printSpend(e, s.By, rows)
	return nil
}

func readSpend(ctx context.Context, path string, since time.Time) ([]journal.Spending, error) {
	j, err := journal.OpenReadOnly(ctx, path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer j.Close()
	return j.Spend(ctx, since)
}

func sumUp(all []journal.Spending, by string) []spendRow {
	sums := map[string]*spendRow{}
	for _, b := range all {
		key := b.Day.Format(time.DateOnly)
		switch by {
		case "model":
			key = b.Provider + "/" + b.Model
		case "step":
			key = b.Step
		case "site":
			key = b.Site
			if key == "" {
				key = "(no site)" // files of `process`, and what was booked before sites were told apart
			}
		}
		r := sums[key]
		if r == nil {
			r = &spendRow{Key: key}
			sums[key] = r
		}
		r.Calls += b.Calls
		if b.Batch {
			r.BatchCalls += b.Calls
		}
		r.TokensIn += b.TokensIn
		r.TokensCached += b.TokensCached
		r.TokensOut += b.TokensOut
		r.USD += b.USD
	}
	rows := make([]spendRow, 0, len(sums))
	for _, r := range sums {
		r.USD = math.Round(r.USD*1e9) / 1e9 // a billionth of a dollar is less than any token costs; the rest is the sum's own error
		rows = append(rows, *r)
	}
	sort.Slice(rows, func(i, k int) bool { return rows[i].Key < rows[k].Key })
	return rows
}

func printSpend(e *env, by string, rows []spendRow) {
	w := tabwriter.NewWriter(e.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "%s\tcalls\tof them in batches\ttokens in\tof it cached\ttokens out\tUS dollars\n", by)
	total := spendRow{Key: "in all"}
	for _, r := range rows {
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%d\t%d\t%.4f\n", clean(r.Key), r.Calls, r.BatchCalls, r.TokensIn, r.TokensCached, r.TokensOut, r.USD)
		total.Calls, total.TokensIn, total.TokensCached = total.Calls+r.Calls, total.TokensIn+r.TokensIn, total.TokensCached+r.TokensCached
		total.BatchCalls += r.BatchCalls
		total.TokensOut, total.USD = total.TokensOut+r.TokensOut, total.USD+r.USD
	}
	if len(rows) > 1 {
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%d\t%d\t%.4f\n", total.Key, total.Calls, total.BatchCalls, total.TokensIn, total.TokensCached, total.TokensOut, total.USD)
	}
	w.Flush()
}
