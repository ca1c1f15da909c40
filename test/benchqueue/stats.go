package main

import (
	"fmt"
	"slices"
	"time"
)

// sample is a series of durations of one kind of request.
type sample []time.Duration

func (s sample) quantile(q float64) time.Duration {
	if len(s) == 0 {
		return 0
	}
	sorted := slices.Clone(s)
	slices.Sort(sorted)
	return sorted[min(len(sorted)-1, int(q*float64(len(sorted))))]
}

func (s sample) median() time.Duration { return s.quantile(0.5) }

func ms(d time.Duration) string { return fmt.Sprintf("%.1f ms", float64(d.Microseconds())/1000) }

func ratio(a, b time.Duration) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}

// row of the report.
type row struct {
	what, measured, target string
	met                    bool
	rated                  bool
}

// report collects rows; a missed target makes the run fail.
type report struct{ rows []row }

// fact is a row without a target.
func (r *report) fact(what, format string, args ...any) {
	r.rows = append(r.rows, row{what: what, measured: fmt.Sprintf(format, args...)})
}

// atMost is a row whose value must not exceed its limit.
func (r *report) atMost(what string, value, limit float64, unit, format string, args ...any) {
	r.rows = append(r.rows, row{what: what, measured: fmt.Sprintf(format, args...), target: fmt.Sprintf("≤ %g%s", limit, unit), met: value <= limit, rated: true})
}

func (r *report) missed() int {
	n := 0
	for _, row := range r.rows {
		if row.rated && !row.met {
			n++
		}
	}
	return n
}

// markdown is the table of docs/benchmarks-queue.md.
func (r *report) markdown() string {
	b := "| what | measured | target | |\n|---|---|---|---|\n"
	for _, row := range r.rows {
		verdict := ""
		if row.rated {
			verdict = map[bool]string{true: "met", false: "**missed**"}[row.met]
		}
		b += fmt.Sprintf("| %s | %s | %s | %s |\n", row.what, row.measured, row.target, verdict)
	}
	return b
}
