package llm

import "testing"

// UnderRace says that the race detector watches, which makes what computes ten times as slow: the longest tests are shorter then, and whole
// without it (scripts/test-go.sh runs this package both ways). Its name is exported for the tests in llm_test.
var UnderRace bool

// Computes marks a test in which no two goroutines work on the same for long: it runs where nobody watches for races.
func Computes(t *testing.T) {
	t.Helper()
	if UnderRace {
		t.Skip("runs without the race detector: scripts/test-go.sh runs this package both ways")
	}
}
