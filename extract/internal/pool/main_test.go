package pool

import (
	"fmt"
	"os"
	"testing"

	"go.uber.org/goleak"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/child/wire"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/child/worker"
)

// TestMain lets the test binary be its own extraction child, a real one or one that misbehaves, or an agent that dies.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == wire.Command {
		if mode := os.Getenv("AIDOC_TEST_CHILD"); mode != "" {
			os.Exit(badChild(mode))
		}
		if layer := os.Getenv("AIDOC_TEST_LACK"); layer != "" {
			if err := withoutLayer(layer); err != nil {
				fmt.Fprintln(os.Stderr, err)
				os.Exit(3)
			}
		}
		os.Exit(worker.Main())
	}
	if dir := os.Getenv("AIDOC_TEST_REPLACED"); dir != "" {
		os.Exit(beReplaced(dir))
	}
	if dir := os.Getenv("AIDOC_TEST_AGENT"); dir != "" {
		os.Exit(beAgent(dir))
	}
	goleak.VerifyTestMain(m)
}
