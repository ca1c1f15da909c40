package extract

import (
	"fmt"
	"os"
	"testing"

	"go.uber.org/goleak"
)

// TestMain lets the test binary be its own extraction child.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == WorkerCommand {
		if os.Getenv("AIDOC_TEST_DIE_ON_ESCAPE") != "" {
			if err := dieOnEscape(); err != nil {
				fmt.Fprintln(os.Stderr, err)
				os.Exit(3)
			}
		}
		os.Exit(WorkerMain())
	}
	goleak.VerifyTestMain(m)
}
