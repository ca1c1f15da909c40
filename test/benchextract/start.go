package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/extract"
	"github.com/aidoc-pipeline/aidoc-agent/test/bench"
)

// startRuns is how often each program is started.
const startRuns = 41

// start measures what stands before the first byte of a document is read: the start of a reader, until it has greeted and confined
// itself, and that of the agent and of a peer beside it.
func start(ctx context.Context, s settings) (string, error) {
	folder := filepath.Join(s.work, "reader")
	for _, d := range []string{"in", "scratch"} {
		if err := os.MkdirAll(filepath.Join(folder, d), 0o700); err != nil {
			return "", err
		}
	}
	before := bench.Load()
	s.untouched = true
	programs := []struct {
		name string
		args []string
	}{
		// The end of its input is the end of a reader. Its folder is what the agent tells it first.
		{"a reader, confined", []string{"env", "AIDOC_CHILD_DIR=" + folder, "GOGC=400", "GOMAXPROCS=1", filepath.Join(filepath.Dir(s.agent), "aidoc-reader"), extract.WorkerCommand}},
		{"the same as the agent's program", []string{"env", "AIDOC_CHILD_DIR=" + folder, "GOGC=400", "GOMAXPROCS=1", s.agent, extract.WorkerCommand}},
		{"aidoc-agent version", []string{s.agent, "version"}},
		{"mutool -v", []string{"mutool", "-v"}},
	}
	cpu, wall := make([][]time.Duration, len(programs)), make([][]time.Duration, len(programs))
	for range startRuns {
		for i, p := range programs {
			c, err := command(ctx, s, p.args)
			if err != nil {
				return "", err
			}
			if c.failed && i < 3 {
				return "", fmt.Errorf("%s failed", p.name)
			}
			cpu[i], wall[i] = append(cpu[i], c.cpu), append(wall[i], c.wall)
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "\n## Starting\n\nMedians of %d starts, in turns; load average before: %s. A reader is started for each core, and when a core is wanted for another site.\n\n"+
		"| program | CPU ms | least | wall ms |\n| --- | ---: | ---: | ---: |\n", startRuns, before)
	for i, p := range programs {
		slices.Sort(cpu[i])
		slices.Sort(wall[i])
		fmt.Fprintf(&b, "| %s | %.1f | %.1f | %.1f |\n", p.name, ms(cpu[i][startRuns/2]), ms(cpu[i][0]), ms(wall[i][startRuns/2]))
	}
	return b.String(), nil
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
