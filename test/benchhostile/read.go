package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/test/bench"
)

// reading is what reading one file took, and how it ended.
type reading struct {
	largest int64 // KiB, the most that one process held, the agent or a reader
	reader  int64 // KiB, the most that a reader was seen to hold; a moment at its end may be missed
	wall    time.Duration
	cpu     time.Duration
	end     string // pages and bytes of text, or the code of the refusal
}

// answer is what aidoc-agent extract --json writes.
type answer struct {
	Pages []struct {
		Text  string
		Error *struct{ Code string }
	}
	Error *struct{ Code, Message string }
}

// read has an agent read a file, in a process group of its own.
func (s settings) read(ctx context.Context, agent, path string) (reading, error) {
	out, err := os.MkdirTemp("", "benchhostile-out-")
	if err != nil {
		return reading{}, err
	}
	defer os.RemoveAll(out)
	runCtx, cancel := context.WithTimeout(ctx, s.limit)
	defer cancel()
	cmd := exec.CommandContext(runCtx, agent, "--data-dir", filepath.Join(out, "data"), "extract", "--json", "-o", out, path)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	start := time.Now()
	if err := cmd.Start(); err != nil {
		return reading{}, fmt.Errorf("run %s: %w", agent, err)
	}
	watch := bench.WatchMemory(cmd.Process.Pid, bench.Resident)
	_ = cmd.Wait() // how it ended is told by what it wrote
	r := reading{wall: time.Since(start), reader: watch().Largest}
	if ctx.Err() != nil {
		return r, ctx.Err()
	}
	r.cpu = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	if u, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		r.largest = u.Maxrss // of the agent and of every child that it waited for
	}
	r.end = told(filepath.Join(out, filepath.Base(path)+".json"))
	if runCtx.Err() != nil {
		r.end = "no answer in " + s.limit.String()
	}
	return r, nil
}

// told is how reading ended, by what the agent wrote.
func told(path string) string {
	raw, err := os.ReadFile(path)
	var a answer
	if err != nil || json.Unmarshal(raw, &a) != nil {
		return "no answer"
	}
	if a.Error != nil {
		return a.Error.Code
	}
	text, failed := 0, map[string]int{}
	for _, p := range a.Pages {
		text += len(p.Text)
		if p.Error != nil {
			failed[p.Error.Code]++
		}
	}
	end := fmt.Sprintf("%d pages, %d kB of text", len(a.Pages), text/1000)
	if len(a.Pages) == 1 {
		end = strings.Replace(end, "pages", "page", 1)
	}
	for code, n := range failed {
		end += fmt.Sprintf(", %d %s", n, code)
	}
	return end
}
