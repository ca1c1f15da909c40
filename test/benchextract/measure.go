package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"syscall"
	"time"
)

// cost of one run: wait4 counts the process and all descendants it waited for; memory is that of
// the largest of them.
type cost struct {
	wall, cpu time.Duration
	rssKiB    int64
	failed    bool
}

// result of one tool on one set.
type result struct {
	tool      string
	wall, cpu time.Duration // sums over documents of the medians over runs
	rssKiB    int64
	pages     int
	failed    int
	dir       string
}

// measure runs all tools in turn over each document, so that a busy minute hurts all alike.
func measure(ctx context.Context, s settings, set string, docs []document) (string, error) {
	list := tools(s, set)
	results := make([]result, len(list))
	for i, t := range list {
		results[i] = result{tool: t.name, dir: filepath.Join(s.work, set, t.name)}
		if err := os.MkdirAll(results[i].dir, 0o755); err != nil {
			return "", err
		}
	}
	before := load()
	for n, d := range docs {
		costs := make([][]cost, len(list))
		for round := range s.runs {
			for k := range list {
				i := (k + round) % len(list) // no tool always runs after the same one
				c, err := once(ctx, s, list[i], d, results[i].dir)
				if err != nil {
					return "", err
				}
				costs[i] = append(costs[i], c)
			}
		}
		for i := range list {
			results[i].add(costs[i], d)
		}
		fmt.Fprintf(os.Stderr, "set %s: %d of %d\n", set, n+1, len(docs))
	}
	return table(s, set, docs, results, before)
}

func (r *result) add(cs []cost, d document) {
	slices.SortFunc(cs, func(a, b cost) int { return int(a.cpu - b.cpu) })
	r.cpu += cs[len(cs)/2].cpu
	walls := make([]time.Duration, 0, len(cs))
	for _, c := range cs {
		walls = append(walls, c.wall)
		r.rssKiB = max(r.rssKiB, c.rssKiB)
	}
	slices.Sort(walls)
	r.wall += walls[len(walls)/2]
	if cs[0].failed {
		r.failed++
	}
	r.pages += d.pages
}

// once runs a tool on a document. Only what ends the whole measurement is an error.
func once(ctx context.Context, s settings, t tool, d document, dir string) (cost, error) {
	out := filepath.Join(dir, d.id+".txt")
	_ = os.Remove(out)
	in := filepath.Join(s.work, d.id) // the agent names its output after the input
	if err := os.Symlink(absolute(d.path), in); err != nil && !errors.Is(err, os.ErrExist) {
		return cost{}, err
	}
	runCtx, cancel := context.WithTimeout(ctx, s.limit)
	defer cancel()
	args := t.args(in, out)
	cmd := exec.CommandContext(runCtx, args[0], args[1:]...)
	cmd.Env = append(os.Environ(), "OMP_THREAD_LIMIT=1")
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	start := time.Now()
	err := cmd.Run()
	c := cost{wall: time.Since(start), failed: err != nil}
	if ctx.Err() != nil {
		return c, ctx.Err()
	}
	if cmd.ProcessState == nil {
		return c, fmt.Errorf("run %s: %w", t.name, err)
	}
	c.cpu = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	if u, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		c.rssKiB = u.Maxrss
	}
	return c, nil
}

func absolute(p string) string {
	if a, err := filepath.Abs(p); err == nil {
		return a
	}
	return p
}
