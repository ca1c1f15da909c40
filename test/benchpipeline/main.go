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
	"slices"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/test/bench"
	"github.com/aidoc-pipeline/aidoc-agent/test/linear/wpsite"
)

type options struct {
	dir, out, corpus, agent string
	base                    string
	section, commit         string
	parts, profiled         string
	runs, uploads           int
}

func main() {
	bench.Main("benchpipeline", func(ctx context.Context, args []string) error {
		o, err := parse(args)
		if err != nil {
			return err
		}
		return run(ctx, o)
	})
}

func parse(args []string) (options, error) {
	var o options
	f := flag.NewFlagSet("benchpipeline", flag.ContinueOnError)
	f.StringVar(&o.dir, "dir", "", "where the site and the agents are made; kept when given (default: a temporary folder)")
	f.StringVar(&o.out, "out", "docs/benchmarks-pipeline.md", "page whose sections are written")
	f.StringVar(&o.corpus, "corpus", "../shared/corpus", "folder of the documents; without it a smaller mix is made of test/documents")
	f.StringVar(&o.agent, "agent", "bin/aidoc-agent", "the agent's binary")
	f.StringVar(&o.base, "base", "", "an older checkout with its own bin/aidoc-agent, measured in the same rounds and written to the section Before")
	f.StringVar(&o.section, "section", "Now", "section that the mix is written to: Now, or Before to keep it for comparison")
	f.StringVar(&o.commit, "commit", "", "what is measured, for the page (default: what git says)")
	f.StringVar(&o.parts, "parts", "mix,stream,pickup", "what is measured, of mix, stream, pickup and profile")
	f.StringVar(&o.profiled, "profiled", "build/profile/aidoc-agent", "agents under a profiler, with commas, the present one last: what the part profile measures in turn")
	f.IntVar(&o.runs, "runs", 3, "interleaved runs of the mix; medians are reported")
	f.IntVar(&o.uploads, "uploads", 50, "uploads for the time of pick-up")
	if err := f.Parse(args); err != nil {
		return o, err
	}
	if o.runs < 1 || o.uploads < 1 {
		return o, errors.New("-runs and -uploads are at least 1")
	}
	for part := range strings.SplitSeq(o.parts, ",") {
		if !slices.Contains([]string{"mix", "stream", "pickup", "profile"}, part) {
			return o, fmt.Errorf("-parts knows mix, stream, pickup and profile, not %q", part)
		}
	}
	if o.base != "" && o.section == before {
		return o, errors.New("-base is what stands in the section Before; -section is then another one")
	}
	if o.commit == "" {
		o.commit = bench.Commit(".")
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
	sides, err := start(o, dir)
	defer func() {
		for _, s := range sides {
			err = errors.Join(err, s.bed.Stop())
		}
	}()
	if err != nil {
		return err
	}
	if strings.Contains(o.parts, "mix") {
		if err := mixPart(ctx, o, sides, page); err != nil {
			return err
		}
	}
	if strings.Contains(o.parts, "stream") {
		if err := streamPart(ctx, o, sides[len(sides)-1], page); err != nil {
			return err
		}
	}
	if strings.Contains(o.parts, "profile") {
		if err := profilePart(ctx, o, sides[len(sides)-1], page); err != nil {
			return err
		}
	}
	for _, s := range sides {
		if strings.Contains(o.parts, "pickup") {
			if err := s.pickupPart(ctx, o, page); err != nil {
				return err
			}
		}
	}
	if err := page.Write(o.out); err != nil {
		return err
	}
	say("written to %s", o.out)
	return complaints(sides)
}

// complaints are what PHP said of the plugin meanwhile.
func complaints(sides []*side) error {
	for _, s := range sides {
		said, err := s.bed.Complaints()
		if err != nil {
			return err
		}
		if len(said) > 0 {
			return fmt.Errorf("PHP complained %d times, first: %.300s", len(said), said[0])
		}
	}
	return nil
}

// mixPart measures every cell of every side once a round, so that whatever else the machine does hits all alike.
func mixPart(ctx context.Context, o options, sides []*side, page *bench.Page) error {
	all, err := documents(o.corpus)
	if err != nil {
		return err
	}
	if all.small {
		say("no corpus in %s: a smaller mix of test/documents", o.corpus)
	}
	for _, s := range sides {
		s.seen = measurement{mix: all, load: bench.Load(), cells: cells(all)}
	}
	for round := range o.runs {
		f, err := measureFloor(ctx, sides[0].bed, all)
		if err != nil {
			return err
		}
		for _, s := range sides {
			s.seen.floors = append(s.seen.floors, f)
		}
		for i := range sides[0].seen.cells {
			for _, s := range sides {
				if err := s.measure(ctx, round, i); err != nil {
					return err
				}
			}
		}
	}
	for _, s := range sides {
		fmt.Print("\n", s.seen.markdown(), "\n")
		page.Set(s.section, s.title(), s.seen.markdown())
	}
	return nil
}

func say(format string, args ...any) { fmt.Printf("==> "+format+"\n", args...) }

// repo is a path of the repository, wherever the program is run.
func repo(parts ...string) string {
	return wpsite.Script(append([]string{".."}, parts...)...)
}
