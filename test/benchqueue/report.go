package main

import (
	"context"
	"fmt"
	"regexp"
	"runtime"
	"strings"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/test/bench"
)

// costs are the rows about claims, results and polls.
func costs(ctx context.Context, rep *bench.Report, empty *bed, beds []*bed) error {
	floor := empty.nothing.Median()
	rep.Fact("a REST route that does nothing", "p50 %s, p95 %s", bench.MS(floor), bench.MS(empty.nothing.Quantile(0.95)))
	rep.AtMost("`/lease`, nothing waiting", bench.Ratio(empty.idle.Median(), floor), 1.3, " ×", "p50 %s = %.2f × the route that does nothing", bench.MS(empty.idle.Median()), bench.Ratio(empty.idle.Median(), floor))
	base := beds[0]
	for _, b := range beds {
		r := bench.Ratio(b.lease.Median(), b.nothing.Median())
		rep.AtMost(fmt.Sprintf("`/lease` that claims, %s waiting", count(b.rows)), r, 1.3, " ×", "p50 %s = %.2f × doing nothing", bench.MS(b.lease.Median()), r)
	}
	for _, b := range beds {
		both := b.lease.Median() + b.result.Median()
		if b == base {
			rep.Fact(fmt.Sprintf("claim + result, %s waiting", count(b.rows)), "p50 %s (result alone %s)", bench.MS(both), bench.MS(b.result.Median()))
			continue
		}
		r := bench.Ratio(both, base.lease.Median()+base.result.Median())
		rep.AtMost(fmt.Sprintf("claim + result, %s waiting", count(b.rows)), r, 1.5, " ×", "p50 %s (result alone %s) = %.2f × %s", bench.MS(both), bench.MS(b.result.Median()), r, count(base.rows))
	}
	for _, b := range beds {
		r := bench.Ratio(b.blind.Median(), base.lease.Median())
		rep.AtMost(fmt.Sprintf("`/lease` of an agent that reads none of the %s waiting", count(b.rows)), r, 1.5, " ×", "p50 %s = %.2f × a claim at %s", bench.MS(b.blind.Median()), r, count(base.rows))
	}
	for _, b := range append([]*bed{empty}, beds...) {
		all, err := queries(b.Site)
		if err != nil {
			return err
		}
		rep.Fact(fmt.Sprintf("SQL queries, %s waiting", count(b.rows)), "nothing %d, `/lease` %d, `/result` %d",
			all.of("/bench/v1/nothing"), all.of("/aidoc/v1/lease"), all.of("/aidoc/v1/result"))
	}
	return explain(ctx, rep, beds[len(beds)-1])
}

// explain lets MariaDB tell how many rows a claim looks at.
func explain(ctx context.Context, rep *bench.Report, b *bed) error {
	const query = "ANALYZE FORMAT=JSON SELECT id, epoch, priority FROM {p}aidoc_jobs FORCE INDEX (claim) WHERE state = 'queued' AND available_at <= (SELECT UNIX_TIMESTAMP(UTC_TIMESTAMP(3)) * 1000 + 86400000) AND mime IN ('application/pdf','text/plain') AND bytes <= 1073741824 ORDER BY priority, available_at, id LIMIT 64"
	rows, err := b.Query(ctx, query)
	if err != nil {
		return err
	}
	plan := rows.Text("ANALYZE")
	looked := regexp.MustCompile(`"r_rows": ([0-9.]+)`).FindAllStringSubmatch(plan, -1)
	key := regexp.MustCompile(`"key": "([a-z_]+)"`).FindStringSubmatch(plan)
	if len(looked) == 0 || key == nil {
		return fmt.Errorf("MariaDB explains the claim in words this program does not know: %s", plan)
	}
	var most float64
	for _, m := range looked {
		var n float64
		fmt.Sscan(m[1], &n)
		most = max(most, n)
	}
	sorts := 0.0
	if strings.Contains(plan, "filesort") || strings.Contains(plan, "temporary_table") {
		sorts = 1
	}
	rep.AtMost(fmt.Sprintf("rows that a claim reads, %s waiting (ANALYZE)", count(b.rows)), most, 64, "", "%.0f, index `%s`", most, key[1])
	rep.AtMost("sorting in a claim", sorts, 0, "", "%s", map[float64]string{0: "none", 1: "yes"}[sorts])
	return nil
}

func count(n int) string {
	switch {
	case n >= 1_000_000:
		return fmt.Sprintf("%g M", float64(n)/1_000_000)
	case n >= 1000:
		return fmt.Sprintf("%g k", float64(n)/1000)
	}
	return fmt.Sprint(n)
}

func page(o options, table string) string {
	return fmt.Sprintf(`# What the queue costs

Written by `+"`make bench-queue`"+` (test/benchqueue) on %s: nginx, php-fpm (4 workers), MariaDB with a buffer pool of 64 MB and
WordPress on one machine with %d cores, all through signed HTTP. Every round asks each site for everything once, in a
random order, so that whatever else the machine does hits all alike: the ratios count, not the milliseconds. Medians of
%d rounds.

%s
- "Waiting" are rows in the state queued; the documents that the benchmark works on come first.
- A claim is one `+"`POST /lease`"+` with one free slot, a result one `+"`POST /result`"+` that writes the draft.
`, time.Now().UTC().Format("2 January 2006"), runtime.NumCPU(), o.rounds, table)
}
