// Benchqueue measures the queue of a real WordPress (nginx, php-fpm, MariaDB) through signed HTTP: what a claim and its
// result cost with a thousand and with a million documents waiting, and what asking costs beside a route that does
// nothing. `make bench-queue` runs it; the table goes to the terminal and to docs/benchmarks-queue.md.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/test/bench"
	"github.com/aidoc-pipeline/aidoc-agent/test/linear/wpsite"
)

type options struct {
	dir, out     string
	rows         []int
	rounds, port int
}

func main() {
	bench.Main("benchqueue", func(ctx context.Context, args []string) error {
		o, err := parse(args)
		if err != nil {
			return err
		}
		return run(ctx, o)
	})
}

func parse(args []string) (options, error) {
	var o options
	var rows string
	f := flag.NewFlagSet("benchqueue", flag.ContinueOnError)
	f.StringVar(&o.dir, "dir", "", "where the sites are made; kept when given (default: a temporary folder)")
	f.StringVar(&o.out, "out", "", "file for the table (default: docs/benchmarks-queue.md)")
	f.StringVar(&rows, "rows", "1000,200000,1000000", "lengths of the queue; the first is the yardstick")
	f.IntVar(&o.rounds, "rounds", 150, "rounds; each asks every site for everything once")
	f.IntVar(&o.port, "port", 0, "first of the ports on 127.0.0.1 (default: any free ones)")
	if err := f.Parse(args); err != nil {
		return o, err
	}
	for text := range strings.SplitSeq(rows, ",") {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			return o, fmt.Errorf("-rows %q: numbers of rows, separated by commas", rows)
		}
		o.rows = append(o.rows, n)
	}
	return o, nil
}

func run(ctx context.Context, o options) (err error) {
	dir := o.dir
	if dir == "" {
		if dir, err = os.MkdirTemp("", "aidoc-bench-"); err != nil {
			return err
		}
		defer os.RemoveAll(dir)
	}
	db := filepath.Join(dir, "db")
	var beds []*bed
	defer func() {
		for _, b := range beds {
			err = errors.Join(err, b.Stop())
		}
		if out, e := exec.Command(wpsite.Script("wp", "db.sh"), "down", db).CombinedOutput(); e != nil {
			err = errors.Join(err, fmt.Errorf("stop MariaDB: %w\n%s", e, out))
		}
	}()
	const warm = 5
	for i, rows := range append([]int{0}, o.rows...) {
		start := time.Now()
		port := 0
		if o.port > 0 {
			port = o.port + i
		}
		b, e := newBed(ctx, dir, db, port, rows, o.rounds+warm+1)
		if b != nil {
			beds = append(beds, b)
		}
		if e != nil {
			return e
		}
		say("a site with %d rows waiting (%v)", rows, time.Since(start).Round(time.Second))
	}

	if err := measure(ctx, beds, warm); err != nil {
		return err
	}
	for _, b := range beds {
		b.lease, b.result, b.nothing, b.idle, b.blind = nil, nil, nil, nil, nil
	}
	say("%d rounds over %d sites", o.rounds, len(beds))
	if err := measure(ctx, beds, o.rounds); err != nil {
		return err
	}
	rep := &bench.Report{}
	if err := costs(ctx, rep, beds[0], beds[1:]); err != nil {
		return err
	}
	return publish(o, rep)
}

func publish(o options, rep *bench.Report) error {
	table := rep.Markdown()
	fmt.Print("\n", table, "\n")
	out := o.out
	if out == "" {
		out = wpsite.Script("..", "docs", "benchmarks-queue.md")
	}
	if err := os.WriteFile(out, []byte(page(o, table)), 0o644); err != nil {
		return err
	}
	say("written to %s", filepath.Clean(out))
	if n := rep.Missed(); n > 0 {
		return fmt.Errorf("%d of the targets were missed", n)
	}
	return nil
}

func say(format string, args ...any) { fmt.Printf("==> "+format+"\n", args...) }
