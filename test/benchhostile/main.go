// Command benchhostile makes files that cost their readers as much memory as one file can, a kind for each way, has the built agent read
// each in its confined children, and writes peak memory and time as a table. It fails when a process held more than the bound.
//
// The files are made anew in each run, alike every time; none is stored.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/test/bench"
)

// bound is what no process may hold more than, in MiB.
const bound = 256

type settings struct {
	agent, base, out, dir string
	limit                 time.Duration
}

// makeCommand has this program make one file and end: a program that is started inherits the peak of the one that started it.
const makeCommand = "make"

func main() { bench.Main("benchhostile", run) }

func run(ctx context.Context, args []string) error {
	if len(args) == 3 && args[0] == makeCommand {
		return createNamed(args[1], args[2])
	}
	var s settings
	f := flag.NewFlagSet("benchhostile", flag.ContinueOnError)
	f.StringVar(&s.agent, "agent", "bin/aidoc-agent", "the built agent")
	f.StringVar(&s.base, "base", "", "an older one, measured on each file too")
	f.StringVar(&s.out, "out", "docs/benchmarks-memory.md", "the page to write; - prints the table alone")
	f.StringVar(&s.dir, "keep", "", "a folder in which the files are left; else they are removed")
	f.DurationVar(&s.limit, "limit", 5*time.Minute, "how long one file may take")
	part := f.String("family", "", "the one section of the page to measure, for example PDF")
	only := f.String("only", "", "kinds whose names this expression finds")
	if err := f.Parse(args); err != nil {
		return err
	}
	want, err := regexp.Compile(*only)
	if err != nil {
		return fmt.Errorf("-only: %w", err)
	}
	if s.dir == "" {
		if s.dir, err = os.MkdirTemp("", "benchhostile-"); err != nil {
			return err
		}
		defer os.RemoveAll(s.dir)
	}
	var rows []row
	for _, f := range families {
		if ctx.Err() != nil || *part != "" && f.name != *part {
			continue
		}
		before := bench.Load()
		found, err := s.all(ctx, f.kinds, want)
		if err != nil {
			return err
		}
		if err := write(s, f, found, before, *only == ""); err != nil {
			return err
		}
		rows = append(rows, found...)
	}
	return over(rows)
}

// all measures kinds until it is told to end.
func (s settings) all(ctx context.Context, kinds []kind, want *regexp.Regexp) ([]row, error) {
	var rows []row
	for _, k := range kinds {
		if !want.MatchString(k.name) {
			continue
		}
		r, err := s.measure(ctx, k)
		if ctx.Err() != nil {
			break // what was measured until then is written
		}
		if err != nil {
			return rows, fmt.Errorf("%s: %w", k.name, err)
		}
		fmt.Fprintln(os.Stderr, r.line())
		rows = append(rows, r)
	}
	return rows, nil
}

// over is the error that names what held more than the bound.
func over(rows []row) error {
	var names []string
	for _, r := range rows {
		if r.now.largest > bound<<10 {
			names = append(names, r.name)
		}
	}
	if len(names) > 0 {
		return fmt.Errorf("more than %d MiB: %s", bound, strings.Join(names, ", "))
	}
	return nil
}

// measure makes a file and has it read.
func (s settings) measure(ctx context.Context, k kind) (row, error) {
	r := row{name: k.name}
	path := filepath.Join(s.dir, strings.ReplaceAll(k.name, " ", "-")+"."+k.ext)
	if _, err := os.Stat(path); err != nil {
		self, err := os.Executable()
		if err != nil {
			return r, err
		}
		if said, err := exec.CommandContext(ctx, self, makeCommand, k.name, path).CombinedOutput(); err != nil {
			return r, fmt.Errorf("make it: %w: %s", err, said)
		}
	}
	st, err := os.Stat(path)
	if err != nil {
		return r, err
	}
	r.bytes = st.Size()
	if s.base != "" {
		was, err := s.read(ctx, s.base, path)
		if err != nil {
			return r, err
		}
		r.was = &was
	}
	r.now, err = s.read(ctx, s.agent, path)
	return r, err
}
