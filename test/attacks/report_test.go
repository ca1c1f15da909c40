//go:build attacks

package attacks

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
)

// Report collects one line per attack: who tried what, and what stopped it.
var Report = report{open: map[testing.TB]int{}, told: map[testing.TB]bool{}}

type report struct {
	mu    sync.Mutex
	lines []string
	open  map[testing.TB]int  // attacks that got through since the last line of a test
	told  map[testing.TB]bool // tests that have a line about their failure
}

// Held notes an attack that came to nothing; where it did not, the line says that instead.
func (r *report) Held(t *testing.T, who, what, by string) {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	word := "held  "
	if t.Failed() && (r.open[t] > 0 || !r.told[t]) {
		word, r.open[t], r.told[t] = "BROKEN", 0, true
	}
	r.lines = append(r.lines, fmt.Sprintf("%s  %-22s  %-78s  %s", word, who, what, by))
}

// Print writes the report, sorted by attacker.
func (r *report) Print() {
	r.mu.Lock()
	defer r.mu.Unlock()
	slices.SortStableFunc(r.lines, func(a, b string) int { return strings.Compare(a[8:30], b[8:30]) })
	for _, line := range r.lines {
		fmt.Fprintln(os.Stdout, strings.TrimRight(line, " "))
	}
}

// broken fails the test and keeps the line for the report.
func broken(t *testing.T, who, what, format string, args ...any) {
	t.Helper()
	Report.mu.Lock()
	Report.open[t]++
	Report.mu.Unlock()
	t.Errorf("%s: %s: "+format, append([]any{who, what}, args...)...)
}
