package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
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
		"time is the sum over documents of the median of %d runs, processor time counts child processes, memory is that of the largest process. "+
		"Each run starts the program anew, for aidoc with its sandboxed children. All run with one recognition thread per process.\n", runtime.NumCPU(), load(), s.runs)
}

// table scores the texts and writes the set's table.
func table(s settings, set string, docs []document, results []result, before string) (string, error) {
	only := filepath.Join(s.work, set+".ids")
	var ids strings.Builder
	pages := 0
	for _, d := range docs {
		ids.WriteString(d.id + "\n")
		pages += d.pages
	}
	if err := os.WriteFile(only, []byte(ids.String()), 0o600); err != nil {
		return "", err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "\n## Set %s: %s\n\n%d documents, %d pages; load average before: %s.\n\n| tool |", set, titles[set], len(docs), pages, before)
	for _, m := range metrics[set] {
		fmt.Fprintf(&b, " %s |", m[1])
	}
	b.WriteString(" CPU s | wall s | pages per CPU s | peak MiB | refused |\n| --- |" + strings.Repeat(" ---: |", len(metrics[set])+5) + "\n")
	for _, r := range results {
		q, err := score(s, set, r.dir, only)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&b, "| %s |", r.tool)
		for _, m := range metrics[set] {
			if v, ok := q[m[0]].(float64); ok {
				fmt.Fprintf(&b, " %.4f |", v)
			} else {
				b.WriteString(" – |")
			}
		}
		fmt.Fprintf(&b, " %.2f | %.2f | %.2f | %d | %d |\n", r.cpu.Seconds(), r.wall.Seconds(), float64(r.pages)/max(r.cpu.Seconds(), 0.001), r.rssKiB>>10, r.failed)
	}
	return b.String(), nil
}

// score asks the corpus's own evaluation.
func score(s settings, set, dir, only string) (map[string]any, error) {
	out := filepath.Join(s.work, "score.json")
	cmd := exec.Command("python3", filepath.Join(s.corpus, "evaluate.py"), set, dir, "--fast", "--only", only, "--json", out)
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

func load() string {
	b, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "unknown"
	}
	return strings.Join(strings.Fields(string(b))[:3], " ")
}
