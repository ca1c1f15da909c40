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
var Report report

type report struct {
	mu    sync.Mutex
	lines []string
}

// Held notes an attack that came to nothing. Where the test has failed it notes that instead.
func (r *report) Held(t *testing.T, who, what, by string) {
	t.Helper()
	word := "held  "
	if t.Failed() {
		word = "BROKEN"
	}
	r.mu.Lock()
	defer r.mu.Unlock()
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
	t.Errorf("%s: %s: "+format, append([]any{who, what}, args...)...)
}
