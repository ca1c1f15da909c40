package bench

import "fmt"

type row struct {
	what, measured, target string
	met                    bool
	rated                  bool
}

// Report collects rows of a table with targets.
type Report struct{ rows []row }

// Fact is a row without a target.
func (r *Report) Fact(what, format string, args ...any) {
	r.rows = append(r.rows, row{what: what, measured: fmt.Sprintf(format, args...)})
}

// AtMost is a row whose value must not exceed its limit.
func (r *Report) AtMost(what string, value, limit float64, unit, format string, args ...any) {
	r.rated(what, fmt.Sprintf("≤ %g%s", limit, unit), value <= limit, fmt.Sprintf(format, args...))
}

// AtLeast is a row whose value must reach its limit.
func (r *Report) AtLeast(what string, value, limit float64, unit, format string, args ...any) {
	r.rated(what, fmt.Sprintf("≥ %g%s", limit, unit), value >= limit, fmt.Sprintf(format, args...))
}

func (r *Report) rated(what, target string, met bool, measured string) {
	r.rows = append(r.rows, row{what: what, measured: measured, target: target, met: met, rated: true})
}

// Missed is the number of rows whose target was not met.
func (r *Report) Missed() int {
	n := 0
	for _, row := range r.rows {
		if row.rated && !row.met {
			n++
		}
	}
	return n
}

// Markdown is the table.
func (r *Report) Markdown() string {
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
