package main

import (
	"context"
	_ "embed"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/test/bench"
	"github.com/aidoc-pipeline/aidoc-agent/test/linear/wpsite"
)

//go:embed pipeline.php
var pipelinePHP string

// bed is the site that everything is measured on.
type bed struct {
	*wpsite.Site
	servers wpsite.Servers
}

// newBed starts a site; options are those of up.sh.
func newBed(dir string, options ...string) (*bed, error) {
	site, err := wpsite.Start(dir, 0, append(options, "--access-log")...)
	if err != nil {
		return nil, err
	}
	b := &bed{Site: site}
	if err := site.MustUse("pipeline.php", pipelinePHP); err != nil {
		return nil, err
	}
	b.servers, err = site.Servers()
	return b, err
}

// ending is the end of a job.
type ending struct {
	failed bool
	at     time.Time
}

// endings are the jobs that have ended since the site was started or since clear, by their last end.
func (b *bed) endings() (map[int64]ending, error) {
	raw, err := os.ReadFile(b.endedLog())
	if err != nil && !os.IsNotExist(err) {
		return nil, err
	}
	all := map[int64]ending{}
	for line := range strings.Lines(string(raw)) {
		var job, ms int64
		var how string
		if _, err := fmt.Sscan(line, &job, &how, &ms); err != nil {
			return nil, fmt.Errorf("read the log of ended jobs: %w in %q", err, line)
		}
		all[job] = ending{failed: how == "failed", at: time.UnixMilli(ms)}
	}
	return all, nil
}

// clear empties the logs; nginx and PHP go on writing at their end.
func (b *bed) clear() error {
	if err := os.Truncate(b.AccessLog(), 0); err != nil {
		return err
	}
	return os.WriteFile(b.endedLog(), nil, 0o666)
}

func (b *bed) endedLog() string { return filepath.Join(b.Root, "wp-content/mu-plugins/ended.log") }

// await returns when that many jobs have ended. It looks at a file, which costs the site nothing.
func (b *bed) await(ctx context.Context, jobs int, agent *bench.Agent) (map[int64]ending, error) {
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		all, err := b.endings()
		if err != nil || len(all) >= jobs {
			return all, err
		}
		select {
		case <-tick.C:
		case err := <-agent.Ended():
			return all, fmt.Errorf("the agent ended with %d of %d jobs done: %w", len(all), jobs, err)
		case <-ctx.Done():
			return all, fmt.Errorf("%d of %d jobs have ended: %w", len(all), jobs, context.Cause(ctx))
		}
	}
}

// questions is how many statements MariaDB has answered.
func (b *bed) questions(ctx context.Context) (int, error) {
	rows, err := b.Query(ctx, "SHOW GLOBAL STATUS LIKE 'Questions'")
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(rows.Text("Value"))
}

// use is the processor time of the site's servers and of this program, which plays the model, and of all cores together.
type use struct{ nginx, php, mariadb, self, cores time.Duration }

func (b *bed) use() (use, error) {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return use{}, err
	}
	cores, err := bench.Busy()
	return use{nginx: bench.Tree(b.servers.Nginx), php: bench.Tree(b.servers.PHP), mariadb: bench.Tree(b.servers.MariaDB),
		self: time.Duration(u.Utime.Nano() + u.Stime.Nano()), cores: cores}, err
}

func (u use) since(before use) use {
	return use{nginx: u.nginx - before.nginx, php: u.php - before.php, mariadb: u.mariadb - before.mariadb, self: u.self - before.self, cores: u.cores - before.cores}
}
