package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"syscall"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/test/bench"
)

// cost of one run: processor time counts the process and all descendants it waited for.
type cost struct {
	untouched bool // nobody looked at its memory meanwhile, which stops a process each time
	wall, cpu time.Duration
	largest   int64 // KiB of the largest process
	together  int64 // KiB of all processes at the same time, shared pages divided among their users
	own       int64 // KiB, the most of the process itself
	reader    int64 // KiB, the most of one of its descendants; 0 where none lived long enough to be seen
	failed    bool
	signal    syscall.Signal // that ended it
}

// result of one tool on a set of documents.
type result struct {
	tool              string
	wall, cpu         time.Duration // sums over documents of the medians over runs
	largest, together int64
	own, reader       int64
	pages             int
	failed            int
	dir               string // of the texts
}

// measure runs all tools in turn over each document, so that a busy minute hurts all alike.
func measure(ctx context.Context, s settings, label string, list []tool, docs []document) ([]result, error) {
	results := make([]result, len(list))
	for i, t := range list {
		results[i] = result{tool: t.name, dir: filepath.Join(s.work, label, t.name)}
		if err := os.MkdirAll(results[i].dir, 0o755); err != nil {
			return nil, err
		}
	}
	for n, d := range docs {
		costs := make([][]cost, len(list))
		for round := range 1 + s.runs {
			timed := s
			timed.untouched = round > 0
			for k := range list {
				i := (k + round) % len(list) // no tool always runs after the same one
				if list[i].slow && round > 0 {
					continue
				}
				out := filepath.Join(results[i].dir, d.id+".txt")
				_ = os.Remove(out)
				c, err := list[i].run(ctx, timed, d.path, out)
				if err != nil {
					return nil, err
				}
				costs[i] = append(costs[i], c)
			}
		}
		for i := range list {
			results[i].add(costs[i], d)
		}
		fmt.Fprintf(os.Stderr, "%s: %d of %d\n", label, n+1, len(docs))
	}
	return results, nil
}

// add takes the runs of one document: memory from all, time from those in which nobody looked at memory, where there are such.
func (r *result) add(cs []cost, d document) {
	timed := slices.DeleteFunc(slices.Clone(cs), func(c cost) bool { return !c.untouched })
	if len(timed) == 0 {
		timed = cs
	}
	var cpus, walls []time.Duration
	for _, c := range timed {
		cpus, walls = append(cpus, c.cpu), append(walls, c.wall)
	}
	slices.Sort(cpus)
	slices.Sort(walls)
	r.cpu += cpus[len(cpus)/2]
	r.wall += walls[len(walls)/2]
	for _, c := range cs {
		r.largest, r.together = max(r.largest, c.largest), max(r.together, c.together)
	}
	if cs[0].failed {
		r.failed++
	}
	r.pages += d.pages
}

// command runs a program in a process group of its own.
func command(ctx context.Context, s settings, args []string) (cost, error) {
	runCtx, cancel := context.WithTimeout(ctx, s.limit)
	defer cancel()
	cmd := exec.CommandContext(runCtx, args[0], args[1:]...)
	cmd.Env = oneThread()
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	start := time.Now()
	if err := cmd.Start(); err != nil {
		return cost{}, fmt.Errorf("run %s: %w", args[0], err)
	}
	watch := func() (m bench.Memory) { return m }
	if !s.untouched {
		watch = bench.WatchMemory(cmd.Process.Pid, bench.Proportional)
	}
	err := cmd.Wait()
	c := cost{wall: time.Since(start), failed: err != nil, signal: killedBy(cmd.ProcessState), untouched: s.untouched}
	seen := watch()
	c.together, c.own, c.reader = seen.Together, seen.Own, seen.Largest
	if ctx.Err() != nil {
		return c, ctx.Err()
	}
	c.cpu = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	if u, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		c.largest = u.Maxrss
	}
	c.together = max(c.together, c.largest)
	return c, nil
}
