package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/test/bench"
	"github.com/aidoc-pipeline/aidoc-agent/test/drawn"
)

const (
	// drawnPages is how many pages of a kind are read; the first has one seed or another for what rules are tuned on.
	drawnPages = 6
	tuningSeed = 1
	reportSeed = 1001
	otherSeed  = 5001 // in other type
)

// drawnSet measures what is read on pages that the benchmark draws itself: words, and rows of tables.
func drawnSet(ctx context.Context, s settings) (string, error) {
	seed, n := uint64(reportSeed), drawnPages
	half := "other pages than those on which rules are tuned"
	if s.tuning {
		seed, half = tuningSeed, "those on which rules are tuned"
	}
	set := drawn.Go()
	if len(s.fonts) > 0 {
		var err error
		if set, err = otherType(s.fonts); err != nil {
			return "", err
		}
		seed, half = otherSeed, "in other fonts, sizes and shades than those on which rules are tuned"
	}
	if s.docs > 0 {
		n = min(n, s.docs)
	}
	list := []tool{aidoc(s)}
	if s.base != "" {
		older := s
		older.agent = s.base
		list[0].name = "aidoc now"
		list = append(list, tool{name: "aidoc before", args: aidoc(older).args})
	}
	list = append(list, installed(tesseract("tesseract"))...)
	s.runs = 1
	var b strings.Builder
	fmt.Fprintf(&b, "\n## Drawn pages\n\n%d pages of each kind, drawn by `test/drawn` (%s); load average before: %s. Each cell: word F1; rows of tables that are one line with their fields "+
		"parted by tabs, to the letter; tables where there are none; processor seconds a page.\n\n| kind |", n, half, bench.Load())
	for _, t := range list {
		fmt.Fprintf(&b, " %s |", t.name)
	}
	b.WriteString("\n| --- |" + strings.Repeat(" ---: |", len(list)) + "\n")
	for _, k := range set.Kinds() {
		if len(s.damage) > 0 && !slices.Contains(s.damage, k.Name) {
			continue
		}
		row, err := drawnKind(ctx, s, k, k.Pages(n, seed), list)
		if err != nil {
			return "", err
		}
		b.WriteString(row)
	}
	return b.String(), nil
}

// otherType is what pages are set in that no rule was made on.
func otherType(fonts []string) (t drawn.Type, err error) {
	t.Wide = true
	to := []*[]byte{&t.Regular, &t.Medium, &t.Bold, &t.Mono}
	if len(fonts) != len(to) {
		return t, fmt.Errorf("BENCH_FONTS: want %d files, regular, medium, bold and mono", len(to))
	}
	for i, f := range fonts {
		if *to[i], err = os.ReadFile(f); err != nil {
			return t, err
		}
	}
	return t, nil
}

func drawnKind(ctx context.Context, s settings, k drawn.Kind, pages []drawn.Page, list []tool) (string, error) {
	dir := filepath.Join(s.work, "drawn", k.Name)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	var docs []document
	for _, p := range pages {
		d := document{id: p.ID, path: filepath.Join(dir, p.ID), pages: 1}
		if err := writePNG(d.path, p.Image, p.DPI); err != nil {
			return "", err
		}
		docs = append(docs, d)
	}
	results, err := measure(ctx, s, "drawn "+k.Name, list, docs)
	if err != nil {
		return "", err
	}
	row := fmt.Sprintf("| %s: %s |", k.Name, k.Meaning)
	for _, r := range results {
		var sum drawnScore
		for _, p := range pages {
			text, err := os.ReadFile(filepath.Join(r.dir, p.ID+".txt"))
			if err != nil && !os.IsNotExist(err) {
				return "", err
			}
			sum.add(p, string(text), k.Tables)
		}
		row += fmt.Sprintf(" %s, %.2f s |", sum, r.cpu.Seconds()/float64(len(pages)))
	}
	return row + "\n", nil
}

// drawnScore counts over pages.
type drawnScore struct {
	found, read, truth  int // words: read rightly, read, there
	whole, rows, tables int // rows found, rows there, lines with tabs where no table is
	table               bool
}

func (d drawnScore) String() string {
	f1 := 2 * float64(d.found) / float64(max(1, d.read+d.truth))
	if !d.table {
		return fmt.Sprintf("%.4f, %d false", f1, d.tables)
	}
	return fmt.Sprintf("%.4f, %d of %d", f1, d.whole, d.rows)
}

func (d *drawnScore) add(p drawn.Page, text string, table bool) {
	d.table = table
	left := map[string]int{}
	for _, l := range p.Lines {
		for _, w := range strings.Fields(strings.Join(l, " ")) {
			left[w]++
			d.truth++
		}
	}
	for _, w := range strings.Fields(text) {
		d.read++
		if left[w] > 0 {
			left[w]--
			d.found++
		}
	}
	lines := map[string]int{}
	for _, l := range strings.Split(text, "\n") {
		lines[l]++
		if !table && strings.Contains(l, "\t") {
			d.tables++
		}
	}
	for _, r := range p.Rows() {
		d.rows++
		if s := strings.Join(r, "\t"); lines[s] > 0 {
			lines[s]--
			d.whole++
		}
	}
}
