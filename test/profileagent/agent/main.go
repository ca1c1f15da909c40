// Agent is aidoc-agent under a profiler: the same commands, and `run` leaves the profile of its processor time in its home folder. It
// ends with the signal that asks the agent to end, which is when benchpipeline has read the clock.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"runtime/pprof"
	"slices"
	"syscall"

	"github.com/aidoc-pipeline/aidoc-agent/agent/cli"
	"github.com/aidoc-pipeline/aidoc-agent/extract"
	"github.com/aidoc-pipeline/aidoc-agent/test/profileagent"
)

func main() {
	if len(os.Args) > 1 && os.Args[1] == extract.WorkerCommand {
		os.Exit(extract.WorkerMain())
	}
	if slices.Contains(os.Args, "run") {
		if err := record(os.Getenv("HOME")); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	os.Exit(cli.Main(os.Args[1:], "0.1.0-dev"))
}

// record profiles until the first signal.
func record(dir string) error {
	clock := profileagent.Clock{Start: used()}
	f, err := os.Create(filepath.Join(dir, profileagent.ProfileName))
	if err != nil {
		return err
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		return err
	}
	ended := make(chan os.Signal, 1)
	signal.Notify(ended, syscall.SIGTERM)
	go func() {
		<-ended
		clock.Whole = used()
		pprof.StopCPUProfile()
		raw, err := json.Marshal(clock)
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, profileagent.ClockName), raw, 0o600)
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
	}()
	return nil
}

// used is this process' processor time in seconds.
func used() float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
}
