package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/test/bench"
)

var titles = map[string]string{"A": "Digital PDFs", "B": "Scanned book pages", "C": "Office and other formats", "E": "Long documents"}

// metrics of evaluate.py that are shown for a set, with their meaning.
var metrics = map[string][][2]string{
	"A": {{"wF", "word F1"}, {"ratio", "ratio"}, {"nratio", "normalised ratio"}, {"ord", "order"}},
	"E": {{"wF", "word F1"}, {"ord", "order"}},
	"B": {{"CER", "character errors"}, {"wF", "word F1"}},
	"C": {{"wF", "word F1"}, {"must_micro", "required strings"}},
}

func head(b *strings.Builder, s settings) {
	fmt.Fprintf(b, "# Benchmarks of extraction\n\nWritten by `make bench-extract` on %d cores; load average at the start: %s. Tools take turns on each document; "+
		"time is the sum over documents of the median of %s (of one run for pdfminer, ocrmypdf and LibreOffice, which are slow), processor time counts child processes. "+
		"Memory is the largest process, and all processes together at one moment (sampled in a run of its own, which is not timed; of shared pages each has its share). "+
		"Each run starts the program anew, for aidoc with its sandboxed children; the last row of a set is aidoc as the agent works, one process for all of its documents. All run with one recognition thread per process.\n", runtime.NumCPU(), bench.Load(), runs(s.runs))
}

// table scores the texts of a set of the corpus.
func table(s settings, set string, docs []document, results []result, before string) (string, error) {
	var b strings.Builder
	pages, unknown := 0, 0
	for _, d := range docs {
		pages += d.pages
		if d.unknown {
			unknown++
		}
	}
	fmt.Fprintf(&b, "\n## Set %s: %s\n\n%d documents, %d pages; load average before: %s.", set, titles[set], len(docs), pages, before)
	if unknown > 0 {
		fmt.Fprintf(&b, " Quality leaves out %d whose truth is an empty file; time and memory count them.", unknown)
	}
	b.WriteString("\n\n| tool |")
	shown := len(metrics[set])
	for _, m := range metrics[set] {
		fmt.Fprintf(&b, " %s |", m[1])
	}
	found, required, err := texts(docs, results)
	if err != nil {
		return "", err
	}
	if required > 0 {
		shown++
		fmt.Fprintf(&b, " of the %d that are text |", required)
	}
	b.WriteString(" CPU s | wall s | pages per CPU s | pages/s | MiB largest | MiB together | refused |\n| --- |" + strings.Repeat(" ---: |", shown+7) + "\n")
	for i, r := range results {
		q, err := score(s, set, r.dir, docs)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&b, "| %s |", r.tool)
		for _, m := range metrics[set] {
			b.WriteString(" " + number(q, m[0]) + " |")
		}
		if required > 0 {
			fmt.Fprintf(&b, " %.4f |", float64(found[i])/float64(required))
		}
		fmt.Fprintf(&b, " %.2f | %.2f | %.2f | %.2f | %d | %d | %d |\n", r.cpu.Seconds(), r.wall.Seconds(), rate(r.pages, r.cpu.Seconds()),
			rate(r.pages, r.wall.Seconds()), r.largest>>10, r.together>>10, r.failed)
	}
	return b.String(), nil
}

func rate(pages int, seconds float64) float64 { return float64(pages) / max(seconds, 0.001) }

func number(q map[string]any, key string) string {
	if v, ok := q[key].(float64); ok {
		return fmt.Sprintf("%.4f", v)
	}
	return "–"
}

// score asks the corpus's own evaluation about the texts in a folder.
func score(s settings, set, dir string, docs []document) (map[string]any, error) {
	only, out := filepath.Join(s.work, "score.ids"), filepath.Join(s.work, "score.json")
	var ids strings.Builder
	for _, d := range docs {
		if !d.unknown { // a score of 0 would say nothing
			ids.WriteString(d.id + "\n")
		}
	}
	if err := os.WriteFile(only, []byte(ids.String()), 0o600); err != nil {
		return nil, err
	}
	args := []string{filepath.Join(s.corpus, "evaluate.py"), set, dir, "--only", only, "--json", out}
	if set != "A" { // its long documents are compared letter by letter too; those of E would take hours
		args = append(args, "--fast")
	}
	cmd := exec.Command("python3", args...)
	if text, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("evaluate.py: %w: %s", err, text)
	}
	data, err := os.ReadFile(out)
	if err != nil {
		return nil, err
	}
	var m struct{ Table map[string]map[string]any }
	if err := json.Unmarshal(data, &m); err != nil {
		return nil, fmt.Errorf("read the scores: %w", err)
	}
	return m.Table["ALL"], nil
}

func runs(n int) string {
	if n == 1 {
		return "1 run"
	}
	return fmt.Sprintf("%d runs", n)
}
