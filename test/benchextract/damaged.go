package main

import (
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/aidoc-pipeline/aidoc-agent/test/bench"
)

// heldOut says whether a page serves the published figures; the other half may be looked at while
// rules are tuned.
func heldOut(id string) bool { return sha256.Sum256([]byte(id))[0]&1 == 1 }

// damaged measures how many characters are lost on scans that went wrong, by kind of damage.
func damaged(ctx context.Context, s settings) (string, error) {
	docs, err := manifest(s.corpus, "B", 0)
	if err != nil {
		return "", err
	}
	docs = slices.DeleteFunc(docs, func(d document) bool { return heldOut(d.id) == s.tuning })
	if s.docs > 0 && s.docs < len(docs) {
		docs = docs[:s.docs]
	}
	if len(docs) == 0 {
		return "", fmt.Errorf("set B has no documents in %s", s.corpus)
	}
	list := installed(aidoc(s), tesseract("tesseract"), tesseract("tesseract --psm 1", "--psm", "1"),
		ocrmypdf("ocrmypdf cleaning", "-j", "1", "--image-dpi", fmt.Sprint(scanDPI), "--rotate-pages", "--deskew", "--clean"))
	kinds := slices.DeleteFunc(damages(), func(d damage) bool { return len(s.damage) > 0 && !slices.Contains(s.damage, d.name) })
	s.runs = 1 // what counts is what is read
	before := bench.Load()
	rows := make([]damageRow, len(kinds))
	// Wall times are not shown, so that as many kinds go on at once as there are cores.
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.NumCPU())
	for i, kind := range kinds {
		group.Go(func() (err error) { rows[i], err = readDamaged(ctx, s, kind, list, docs); return err })
	}
	if err := group.Wait(); err != nil {
		return "", err
	}
	for i := range rows {
		if err := rows[i].score(s, docs); err != nil {
			return "", err
		}
	}
	return damageTable(s, list, rows, len(docs), before), nil
}

func readDamaged(ctx context.Context, s settings, kind damage, list []tool, docs []document) (damageRow, error) {
	row := damageRow{kind: kind}
	bad, err := damagePages(s, kind, docs)
	if err != nil {
		return row, err
	}
	row.results, err = measure(ctx, s, "damaged "+kind.name, list, bad)
	return row, err
}

// score fills in the errors of each tool; it is not for concurrent use.
func (r *damageRow) score(s settings, docs []document) error {
	for _, t := range r.results {
		q, err := score(s, "B", t.dir, docs)
		if err != nil {
			return err
		}
		cer, ok := q["CER"].(float64)
		if !ok {
			return fmt.Errorf("%s, %s: evaluate.py gave no character errors", t.tool, r.kind.name)
		}
		r.errors, r.cpu = append(r.errors, cer), append(r.cpu, t.cpu.Seconds()/float64(len(docs)))
	}
	return nil
}

// damageRow holds, per tool, the share of wrong characters and the processor seconds a page.
type damageRow struct {
	kind        damage
	results     []result
	errors, cpu []float64
}

// damagePages writes the documents with one kind of damage.
func damagePages(s settings, kind damage, docs []document) ([]document, error) {
	dir := filepath.Join(s.work, "pages", kind.name)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	var out []document
	for _, d := range docs {
		g, err := readPage(d.path)
		if err != nil {
			return nil, err
		}
		g, dpi := kind.apply(generator(d.id, kind.name), g)
		d.path = filepath.Join(dir, d.id)
		if err := writePNG(d.path, g, dpi); err != nil {
			return nil, err
		}
		out = append(out, d)
	}
	return out, nil
}

func damageTable(s settings, list []tool, rows []damageRow, pages int, before string) string {
	half := "held out: no rule was tuned on them"
	if s.tuning {
		half = "those on which rules are tuned"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "\n## Damaged scans\n\n%d pages of set B (%s), damaged by the benchmark itself, alike in every run; load average before: %s. "+
		"Each cell is the mean character error rate and the processor seconds a page.\n\n| damage |", pages, half, before)
	for _, t := range list {
		fmt.Fprintf(&b, " %s |", t.name)
	}
	b.WriteString(" aidoc against the best other |\n| --- |" + strings.Repeat(" ---: |", len(list)+1) + "\n")
	for _, r := range rows {
		fmt.Fprintf(&b, "| %s: %s |", r.kind.name, r.kind.meaning)
		for i := range list {
			fmt.Fprintf(&b, " %.4f (%.2f s) |", r.errors[i], r.cpu[i])
		}
		against := "–"
		if len(r.errors) > 1 {
			if best := slices.Min(r.errors[1:]); best > 0 {
				against = fmt.Sprintf("%+.0f %%", 100*(r.errors[0]/best-1))
			}
		}
		b.WriteString(" " + against + " |\n")
	}
	return b.String()
}
