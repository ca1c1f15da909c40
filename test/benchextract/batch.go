package main

import (
	"context"
	"os"
	"path/filepath"
)

// batch measures aidoc on a whole set in one process: what the agent is, which starts its readers once and reads one
// document after another. The peers have no such form; a process a document is theirs.
func batch(ctx context.Context, s settings, set string, docs []document) (result, error) {
	r := result{tool: "aidoc, one process for the set", dir: filepath.Join(s.work, "set "+set, "batch")}
	if err := os.MkdirAll(r.dir, 0o755); err != nil {
		return r, err
	}
	args := []string{s.agent, "--data-dir", filepath.Join(s.work, "data"), "extract", "-o", r.dir}
	all := document{}
	for _, d := range docs {
		args = append(args, d.path)
		all.pages += d.pages
	}
	var costs []cost
	for round := range 1 + s.runs {
		timed := s
		timed.untouched = round > 0
		c, err := command(ctx, timed, args)
		if err != nil {
			return r, err
		}
		costs = append(costs, c)
	}
	r.add(costs, all)
	r.failed = 0
	for _, d := range docs {
		if _, err := os.Stat(filepath.Join(r.dir, d.id+".txt")); err != nil {
			r.failed++
		}
	}
	return r, nil
}
