// Benchfleet measures one agent for many sites and many agents at one site: what an agent costs that watches 1, 50 or 200
// sites with nothing to do, and with work at all of them; what sites that hang or answer 502 take from the others; and what a
// hundred agents ask of a real WordPress, also when all are started in the same second. Sites are fakes of wpclient/wptest over
// real connections where only the agent is looked at, and a real one (nginx, php-fpm, MariaDB) where the site is. `make
// bench-fleet` runs it and writes docs/benchmarks-fleet.md.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/test/bench"
	"github.com/aidoc-pipeline/aidoc-agent/test/linear/wpsite"
)

type options struct {
	dir, out, agent string
	section, commit string
	parts           []string
	sizes           []int
	settle, watch   time.Duration // of the agents with fake sites
	agents          int
	herd            herdTimes
}

// partNames are the parts of the page in their order.
var partNames = []string{"fleet", "trouble", "large", "herd"}

func main() {
	bench.Main("benchfleet", func(ctx context.Context, args []string) error {
		o, err := parse(args)
		if err != nil {
			return err
		}
		return run(ctx, o)
	})
}

func parse(args []string) (options, error) {
	var o options
	var parts, sizes string
	f := flag.NewFlagSet("benchfleet", flag.ContinueOnError)
	f.StringVar(&o.dir, "dir", "", "where the sites and agents are made; kept when given (default: a temporary folder)")
	f.StringVar(&o.out, "out", "docs/benchmarks-fleet.md", "page whose sections are written")
	f.StringVar(&o.agent, "agent", "bin/aidoc-agent", "the agent's binary")
	f.StringVar(&o.section, "section", "Now", "sections that are written: Now, or Before to keep them for comparison")
	f.StringVar(&o.commit, "commit", "", "what is measured, for the page (default: what git says)")
	f.StringVar(&parts, "parts", strings.Join(partNames, ","), "what is measured")
	f.StringVar(&sizes, "sizes", "1,50,200", "how many sites the agents with fake sites have, an agent each")
	f.DurationVar(&o.settle, "settle", 75*time.Second, "from the start of an agent until it is watched")
	f.DurationVar(&o.watch, "watch", 120*time.Second, "how long agents are watched")
	f.IntVar(&o.agents, "agents", 100, "agents at one real site")
	f.DurationVar(&o.herd.settle, "herd-settle", 100*time.Second, "from the start of all agents until they are watched")
	f.DurationVar(&o.herd.steady, "herd-steady", 120*time.Second, "how long they are watched")
	f.DurationVar(&o.herd.outage, "herd-outage", 60*time.Second, "how long the site is away")
	f.DurationVar(&o.herd.after, "herd-after", 120*time.Second, "how long they are watched when it is back")
	if err := f.Parse(args); err != nil {
		return o, err
	}
	for part := range strings.SplitSeq(parts, ",") {
		if !slices.Contains(partNames, part) {
			return o, fmt.Errorf("-parts knows %s, not %q", strings.Join(partNames, ", "), part)
		}
		o.parts = append(o.parts, part)
	}
	for size := range strings.SplitSeq(sizes, ",") {
		n, err := strconv.Atoi(size)
		if err != nil || n < 1 {
			return o, fmt.Errorf("-sizes takes numbers of sites with commas between them, not %q", sizes)
		}
		o.sizes = append(o.sizes, n)
	}
	if o.commit == "" {
		o.commit = bench.Commit(".")
	}
	return o, nil
}

func run(ctx context.Context, o options) (err error) {
	if o.dir == "" {
		if o.dir, err = os.MkdirTemp("", "aidoc-fleet-"); err != nil {
			return err
		}
		defer os.RemoveAll(o.dir)
	}
	if err := os.MkdirAll(o.dir, 0o755); err != nil {
		return err
	}
	program := filepath.Join(o.dir, "aidoc-agent")
	if err := asAfterBoot(o.agent, program); err != nil {
		return err
	}
	o.agent = program
	page, err := bench.OpenPage(o.out)
	if err != nil {
		return err
	}
	page.Head = head
	measure := map[string]func(context.Context, options, *bench.Report) error{"fleet": fleetPart, "trouble": troublePart, "large": largePart, "herd": herdPart}
	titles := map[string]string{"fleet": "one agent for many sites", "trouble": "sites in trouble", "large": "long documents", "herd": "many agents at one site"}
	missed := 0
	for _, part := range partNames {
		if !slices.Contains(o.parts, part) {
			continue
		}
		r, load := &bench.Report{}, bench.Load()
		if err := measure[part](ctx, o, r); err != nil {
			return fmt.Errorf("%s: %w", titles[part], err)
		}
		missed += r.Missed()
		fmt.Print("\n", r.Markdown(), "\n")
		page.Set(o.section+", "+titles[part], fmt.Sprintf(": %s, %s", o.commit, time.Now().UTC().Format("2 January 2006")),
			fmt.Sprintf("%d cores; load average %s to %s.\n\n%s", runtime.NumCPU(), load, bench.Load(), r.Markdown()))
		if err := page.Write(o.out); err != nil {
			return err
		}
	}
	say("written to %s, %d targets missed", o.out, missed)
	return nil
}

// herdPart are the rows about many idle agents at a real site.
func herdPart(ctx context.Context, o options, r *bench.Report) (err error) {
	site, err := wpsite.Start(filepath.Join(o.dir, "wordpress"), 0, "--access-log")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, site.Stop()) }()
	h, err := runHerd(ctx, site, filepath.Join(o.dir, "herd"), o.agents, o.herd)
	if err != nil {
		return err
	}
	h.rows(r)
	return nil
}

func say(format string, args ...any) { fmt.Printf("==> "+format+"\n", args...) }

const head = `# What many sites cost an agent, and many agents a site

Written by ` + "`make bench-fleet`" + ` (test/benchfleet). The agent for many sites is the real program with its default settings; its sites are fakes
(` + "`wpclient/wptest`" + `) in another process, over real connections, with a doorbell each, so that processor time and memory are the agent's alone.
*Idle*: nothing waits anywhere. *Busy*: 200 short texts wait, spread over the sites. *In trouble*: ten sites with more work than can be done, and beside them two that take
every connection and never answer, and two that answer 502 to everything; a second agent works for ten such sites and no others at the same time, so that
whatever else the machine does hits both. *Long documents* are texts far longer than an agent holds in memory, all of them in work at once. The herd are real agents (the agent's own loops and settings, in one process) at a real WordPress on
nginx, php-fpm and MariaDB; requests are those that reach PHP. Memory of the agent alone is what it has resident; with its readers, pages that several
processes share are divided among them. How much of a program's file is resident depends on how it came into the kernel's cache: *Now* is as after the machine's start, when the kernel reads what is used,
*Package* as the Debian package has just written it, *Before* as the linker has (docs/adr/0038-memory-of-an-agent-at-rest.md).
`
