// Command benchextract measures extraction on documents with known text, interleaved with the
// programs people use for the same work, and writes one Markdown table per set.
//
// Environment: AIDOC_CORPUS (folder with manifest.tsv and evaluate.py), AIDOC_AGENT (binary),
// BENCH_SETS (default start,A,B,C,D,E,scan,damaged; also drawn), BENCH_DOCS (documents per set, 0: all), BENCH_RUNS (default
// 3), BENCH_OUT (the file to write), BENCH_LIMIT (seconds per document and tool, default 300),
// BENCH_DAMAGE (the kinds of damage, or of drawn pages, default all), BENCH_BASE (an older program, beside the present one on drawn pages),
// BENCH_FONTS (four TrueType files, regular, medium, bold and mono: drawn pages in these, in other sizes and shades),
// BENCH_FACTS (a file of facts about documents, for the set facts: facts.go),
// BENCH_TUNING (not empty: the half of the damaged pages on which rules are tuned, instead of the other).
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/test/bench"
)

type settings struct {
	corpus, agent, out, work string
	base                     string // an older program beside the present one, where drawn pages are read
	sets                     []string
	facts                    string
	docs, runs               int
	limit                    time.Duration
	tuning                   bool
	untouched                bool     // for one run: memory is not looked at, so that time is the program's own
	damage                   []string // kinds, empty: all
	fonts                    []string // of drawn pages
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if len(os.Args) > 1 && os.Args[1] == floorCommand {
		if err := serveFloor(os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, "benchextract: floor:", err)
			os.Exit(1)
		}
		return
	}
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "benchextract:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	s, err := fromEnv()
	if err != nil {
		return err
	}
	defer os.RemoveAll(s.work)
	var page strings.Builder
	head(&page, s)
	for _, set := range s.sets {
		t, err := section(ctx, s, set)
		if err != nil {
			return err
		}
		page.WriteString(t)
	}
	fmt.Fprintf(&page, "\nLoad average at the end: %s.\n", bench.Load())
	return os.WriteFile(s.out, []byte(page.String()), 0o644)
}

func section(ctx context.Context, s settings, set string) (string, error) {
	switch set {
	case "start":
		return start(ctx, s)
	case "facts":
		return facts(ctx, s)
	case "scan":
		return scan(ctx, s)
	case "damaged":
		return damaged(ctx, s)
	case "drawn":
		return drawnSet(ctx, s)
	case "D":
		return hostile(ctx, s)
	case "E":
		return long(ctx, s)
	}
	return corpus(ctx, s, set)
}

func fromEnv() (settings, error) {
	get := func(k, d string) string {
		if v := os.Getenv(k); v != "" {
			return v
		}
		return d
	}
	s := settings{corpus: get("AIDOC_CORPUS", "../shared/corpus"), agent: get("AIDOC_AGENT", "bin/aidoc-agent"), out: get("BENCH_OUT", "docs/benchmarks.md"),
		sets: strings.Split(get("BENCH_SETS", "start,A,B,C,D,E,scan,damaged"), ","), facts: os.Getenv("BENCH_FACTS"), tuning: os.Getenv("BENCH_TUNING") != "",
		base: os.Getenv("BENCH_BASE")}
	if kinds := os.Getenv("BENCH_DAMAGE"); kinds != "" {
		s.damage = strings.Split(kinds, ",")
	}
	if fonts := os.Getenv("BENCH_FONTS"); fonts != "" {
		s.fonts = strings.Split(fonts, ",")
	}
	limit := 0
	for _, n := range []struct {
		key, def string
		to       *int
		least    int
	}{{"BENCH_DOCS", "0", &s.docs, 0}, {"BENCH_RUNS", "3", &s.runs, 1}, {"BENCH_LIMIT", "300", &limit, 1}} {
		v, err := strconv.Atoi(get(n.key, n.def))
		if err != nil || v < n.least {
			return s, fmt.Errorf("%s: want a number of at least %d", n.key, n.least)
		}
		*n.to = v
	}
	s.limit = time.Duration(limit) * time.Second
	for _, f := range []string{s.corpus + "/manifest.tsv", s.corpus + "/evaluate.py", s.agent} {
		if _, err := os.Stat(f); err != nil {
			return s, fmt.Errorf("%w: set AIDOC_CORPUS to the documents and AIDOC_AGENT to the built program", err)
		}
	}
	var err error
	s.work, err = os.MkdirTemp("", "benchextract-")
	return s, err
}
