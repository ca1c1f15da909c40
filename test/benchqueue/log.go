package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/test/linear/wpsite"
)

// hit is one request that PHP worked on.
type hit struct {
	atMS    int64
	route   string
	queries int
}

// hits are what PHP worked on since the site was started or since cut.
func hits(s *wpsite.Site) ([]hit, error) {
	raw, err := os.ReadFile(logPath(s))
	if err != nil && !os.IsNotExist(err) {
		return nil, err
	}
	var out []hit
	for line := range strings.Lines(string(raw)) {
		var h hit
		if _, err := fmt.Sscan(line, &h.atMS, &h.route, &h.queries); err != nil {
			return nil, fmt.Errorf("read the log of requests: %w in %q", err, line)
		}
		out = append(out, h)
	}
	slices.SortFunc(out, func(a, b hit) int { return int(a.atMS - b.atMS) })
	return out, nil
}

// cut empties the log.
func cut(s *wpsite.Site) error { return os.WriteFile(logPath(s), nil, 0o666) }

func logPath(s *wpsite.Site) string {
	return filepath.Join(s.Root, "wp-content/mu-plugins/requests.log")
}

// between are the hits of an interval, in milliseconds since the epoch.
func between(all []hit, from, to int64) []hit {
	var out []hit
	for _, h := range all {
		if h.atMS >= from && h.atMS < to {
			out = append(out, h)
		}
	}
	return out
}

// peak is the highest rate, per second, over any window of the given width.
func peak(all []hit, windowMS int64) float64 {
	most, from := 0, 0
	for to := range all {
		for all[to].atMS-all[from].atMS >= windowMS {
			from++
		}
		most = max(most, to-from+1)
	}
	return float64(most) * 1000 / float64(windowMS)
}

// queriesOf is the median number of SQL queries of a route.
func queriesOf(all []hit, route string) int {
	var n []int
	for _, h := range all {
		if h.route == route {
			n = append(n, h.queries)
		}
	}
	if len(n) == 0 {
		return 0
	}
	slices.Sort(n)
	return n[len(n)/2]
}
