// Benchrequests measures what each request of an agent costs a real WordPress (nginx, php-fpm with opcache, MariaDB): processor time of PHP by
// part, of MariaDB, and statements. With -base an older checkout's plugin is measured beside this one, in turn.
// `make bench-requests` runs it; the tables go to the terminal, and with -out to a section of that page.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/test/bench"
	"github.com/aidoc-pipeline/aidoc-agent/test/linear/wpsite"
)

type options struct {
	base, out     string
	rounds, files int
}

func main() {
	bench.Main("benchrequests", func(ctx context.Context, args []string) error {
		var o options
		f := flag.NewFlagSet("benchrequests", flag.ContinueOnError)
		f.StringVar(&o.base, "base", "", "an older checkout whose plugin is measured in the same rounds")
		f.StringVar(&o.out, "out", "", "page that gets the tables as a section (default: none)")
		f.IntVar(&o.rounds, "rounds", 12, "rounds; each asks every site for everything")
		f.IntVar(&o.files, "documents", 8, "documents of a round: they come with one lease request, and half of their results in one request")
		if err := f.Parse(args); err != nil {
			return err
		}
		if o.rounds < 1 || o.files < 2 || o.files > 32 {
			return errors.New("-rounds is at least 1, -documents 2 to 32")
		}
		return run(ctx, o)
	})
}

func run(ctx context.Context, o options) (err error) {
	dir, err := os.MkdirTemp("", "aidoc-bench-requests-")
	if err != nil {
		return err
	}
	var sides []*side
	defer func() {
		for _, s := range sides {
			err = errors.Join(err, s.Stop())
		}
		err = errors.Join(err, os.RemoveAll(dir))
	}()
	plugins := []string{wpsite.Script("..", "plugin-php")}
	if o.base != "" {
		plugins = append([]string{filepath.Join(o.base, "plugin-php")}, plugins...)
	}
	for i, plugin := range plugins {
		s, err := newSide(ctx, filepath.Join(dir, fmt.Sprint(i)), plugin)
		if s != nil {
			sides = append(sides, s)
		}
		if err != nil {
			return err
		}
		fmt.Printf("==> %s at %s\n", s.commit, s.URL)
	}
	for round := range o.rounds + 1 { // The first warms the opcode cache.
		for _, s := range sides {
			if err := s.round(ctx, o.files, round > 0); err != nil {
				return fmt.Errorf("%s: %w", s.commit, err)
			}
		}
		slices.Reverse(sides)
	}
	if o.rounds%2 == 0 {
		slices.Reverse(sides)
	}
	return publish(o, sides)
}

func publish(o options, sides []*side) error {
	text := tables(sides)
	fmt.Print("\n", text)
	if o.out == "" {
		return nil
	}
	page, err := bench.OpenPage(o.out)
	if err != nil {
		return err
	}
	page.Set("What a request costs the site", ", "+time.Now().UTC().Format("2 January 2006"), fmt.Sprintf(
		"`make bench-requests` (test/benchrequests): %d rounds of %d short texts on each site, in turn; means of a request, milliseconds of processor time. Load average at the end %s.\n\n%s",
		o.rounds, o.files, bench.Load(), text))
	return page.Write(o.out)
}
