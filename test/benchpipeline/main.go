// Benchpipeline measures the whole way of a document: uploaded to a real WordPress (nginx, php-fpm, MariaDB), leased, read
// and summarised by the real agent with its default settings and a model that only waits, and written back as a draft. Beside
// it stands the floor, what recognition, MuPDF and two requests that do nothing cost alone, measured in the same run; and how
// soon an upload to an idle site is leased. `make bench-pipeline` and `make bench-pickup` run it and write
// docs/benchmarks-pipeline.md.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/test/bench"
	"github.com/aidoc-pipeline/aidoc-agent/test/linear/wpsite"
)

type options struct {
	dir, out, corpus, agent string
	section, commit         string
	parts                   string
	runs, uploads           int
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	o, err := parse(os.Args[1:])
	if err == nil {
		err = run(ctx, o)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "benchpipeline:", err)
		os.Exit(1)
	}
}

func parse(args []string) (options, error) {
	var o options
	f := flag.NewFlagSet("benchpipeline", flag.ContinueOnError)
	f.StringVar(&o.dir, "dir", "", "where the site and the agents are made; kept when given (default: a temporary folder)")
	f.StringVar(&o.out, "out", "docs/benchmarks-pipeline.md", "page whose sections are written")
	f.StringVar(&o.corpus, "corpus", "../shared/corpus", "folder of the documents; without it a smaller mix is made of test/documents")
	f.StringVar(&o.agent, "agent", "bin/aidoc-agent", "the agent's binary")
	f.StringVar(&o.section, "section", "Now", "section that the mix is written to: Now, or Before to keep it for comparison")
	f.StringVar(&o.commit, "commit", "", "what is measured, for the page (default: what git says)")
	f.StringVar(&o.parts, "parts", "mix,pickup", "what is measured: mix, pickup, or both")
	f.IntVar(&o.runs, "runs", 3, "interleaved runs of the mix; medians are reported")
	f.IntVar(&o.uploads, "uploads", 50, "uploads for the time of pick-up")
	if err := f.Parse(args); err != nil {
		return o, err
	}
	if o.runs < 1 || o.uploads < 1 {
		return o, errors.New("-runs and -uploads are at least 1")
	}
	for part := range strings.SplitSeq(o.parts, ",") {
		if part != "mix" && part != "pickup" {
			return o, fmt.Errorf("-parts knows mix and pickup, not %q", part)
		}
	}
	if o.commit == "" {
		o.commit = bench.Commit()
	}
	return o, nil
}

func run(ctx context.Context, o options) (err error) {
	dir := o.dir
	if dir == "" {
		if dir, err = os.MkdirTemp("", "aidoc-pipeline-"); err != nil {
			return err
		}
		defer os.RemoveAll(dir)
	}
	page, err := bench.OpenPage(o.out)
	if err != nil {
		return err
	}
	page.Head = head
	b, err := newBed(filepath.Join(dir, "wordpress"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.Stop()) }()
	say("WordPress at %s", b.URL)
	if strings.Contains(o.parts, "mix") {
		if err := mixPart(ctx, o, b, dir, page); err != nil {
			return err
		}
	}
	if strings.Contains(o.parts, "pickup") {
		if err := pickupPart(ctx, o, b, dir, page); err != nil {
			return err
		}
	}
	if err := page.Write(o.out); err != nil {
		return err
	}
	say("written to %s", o.out)
	complaints, err := b.Complaints()
	if err == nil && len(complaints) > 0 {
		err = fmt.Errorf("PHP complained %d times, first: %.300s", len(complaints), complaints[0])
	}
	return err
}

// mixPart measures every cell once a round, so that whatever else the machine does hits all alike.
func mixPart(ctx context.Context, o options, b *bed, dir string, page *bench.Page) error {
	all, err := documents(o.corpus)
	if err != nil {
		return err
	}
	if all.small {
		say("no corpus in %s: a smaller mix of test/documents", o.corpus)
	}
	m := measurement{mix: all, load: bench.Load(), cells: cells(all)}
	for round := range o.runs {
		f, err := measureFloor(ctx, b, all)
		if err != nil {
			return err
		}
		m.floors = append(m.floors, f)
		for i := range m.cells {
			c := &m.cells[i]
			name := fmt.Sprintf("round-%d-%d", round, i)
			got, err := c.measure(ctx, b, o.agent, filepath.Join(dir, name), name)
			if err != nil {
				return fmt.Errorf("%s: %w", c.name, err)
			}
			c.runs = append(c.runs, got)
			say("round %d of %d, %s: %.0f documents a minute", round+1, o.runs, c.name, got[rate])
		}
	}
	fmt.Print("\n", m.markdown(), "\n")
	page.Set(o.section, fmt.Sprintf(": %s, %s", o.commit, time.Now().UTC().Format("2 January 2006")), m.markdown())
	return nil
}

func say(format string, args ...any) { fmt.Printf("==> "+format+"\n", args...) }

// repo is a path of the repository, wherever the program is run.
func repo(parts ...string) string {
	return wpsite.Script(append([]string{".."}, parts...)...)
}
