package main

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/test/bench"
)

// before is the section of what is compared with.
const before = "Before"

// side is one state of the program, plugin and agent, with a site of its own.
type side struct {
	section, commit string
	agent           string   // the binary
	site            []string // options of up.sh
	dir             string
	bed             *bed
	seen            measurement
}

// start starts a site for each side: the older checkout where one is given, and this one.
func start(o options, dir string) ([]*side, error) {
	sides := []*side{{section: o.section, commit: o.commit, agent: o.agent}}
	if o.base != "" {
		sides = append([]*side{{section: before, commit: bench.Commit(o.base), agent: filepath.Join(o.base, "bin/aidoc-agent"),
			site: []string{"--plugin", filepath.Join(o.base, "plugin-php")}}}, sides...)
	}
	for i, s := range sides {
		var err error
		s.dir = filepath.Join(dir, s.section)
		if s.bed, err = newBed(filepath.Join(s.dir, "wordpress"), s.site...); err != nil {
			return sides[:i], err
		}
		say("%s: WordPress at %s", s.section, s.bed.URL)
	}
	return sides, nil
}

// measure runs one cell once.
func (s *side) measure(ctx context.Context, round, number int) error {
	c := &s.seen.cells[number]
	name := fmt.Sprintf("round-%d-%d", round, number)
	got, err := c.measure(ctx, s.bed, s.agent, filepath.Join(s.dir, name), name)
	if err != nil {
		return fmt.Errorf("%s, %s: %w", s.section, c.name, err)
	}
	c.runs = append(c.runs, got)
	say("round %d, %s, %s: %.0f documents a minute", round+1, s.section, c.name, got[rate])
	return nil
}

// title is what follows the name of a section.
func (s *side) title() string {
	return fmt.Sprintf(": %s, %s", s.commit, time.Now().UTC().Format("2 January 2006"))
}
