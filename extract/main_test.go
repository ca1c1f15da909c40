package extract

import (
	"fmt"
	"os"
	"testing"

	"go.uber.org/goleak"
)

// TestMain lets the test binary be its own extraction child, a real one or one that misbehaves.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == WorkerCommand {
		if mode := os.Getenv("AIDOC_TEST_CHILD"); mode != "" {
			os.Exit(badChild(mode))
		}
		if wall := os.Getenv("AIDOC_TEST_LACK"); wall != "" {
			if err := withoutLayer(wall); err != nil {
				fmt.Fprintln(os.Stderr, err)
				os.Exit(3)
			}
		}
		if os.Getenv("AIDOC_TEST_DEADLY") != "" {
			if err := dieOnEscape(); err != nil {
				fmt.Fprintln(os.Stderr, err)
				os.Exit(3)
			}
		}
		os.Exit(WorkerMain(os.Args[2:]))
	}
	if dir := os.Getenv("AIDOC_TEST_AGENT"); dir != "" {
		os.Exit(beAgent(dir))
	}
	goleak.VerifyTestMain(m)
}
