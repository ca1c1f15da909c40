// Command bencharticles measures how well the article of a web page is told from what stands around it, on a folder as the public
// benchmark scrapinghub/article-extraction-benchmark has it: html/*.html.gz, ground-truth.json and, of other programs, output/*.json.
// It scores what the agent gives to a summariser (extract --markdown) and writes a table.
package main

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

type body struct {
	Text string `json:"articleBody"`
}

type row struct {
	name                  string
	precision, recall, f1 float64
}

func main() {
	dir := flag.String("dir", os.Getenv("AIDOC_ARTICLES"), "the benchmark's folder")
	out := flag.String("out", "docs/benchmarks-articles.md", "the report")
	agent := flag.String("agent", "bin/aidoc-agent", "the agent")
	flag.Parse()
	if err := run(context.Background(), *dir, *agent, *out); err != nil {
		fmt.Fprintln(os.Stderr, "bencharticles:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, dir, agent, out string) error {
	if dir == "" {
		return fmt.Errorf("name the benchmark's folder: AIDOC_ARTICLES, a copy of github.com/scrapinghub/article-extraction-benchmark")
	}
	truth := map[string]body{}
	if err := readJSON(filepath.Join(dir, "ground-truth.json"), &truth); err != nil {
		return err
	}
	var rows []row
	for _, view := range [][]string{{"extract", "--markdown"}, {"extract"}} {
		texts, err := read(ctx, dir, agent, view, truth)
		if err != nil {
			return err
		}
		rows = append(rows, score("aidoc "+strings.Join(view, " "), truth, texts))
	}
	others, _ := filepath.Glob(filepath.Join(dir, "output", "*.json"))
	for _, path := range others {
		texts, err := prediction(path)
		if err != nil {
			return err
		}
		if len(texts) == len(truth) {
			rows = append(rows, score(strings.TrimSuffix(filepath.Base(path), ".json"), truth, texts))
		}
	}
	slices.SortFunc(rows, func(a, b row) int { return cmp.Compare(b.f1, a.f1) })
	return os.WriteFile(out, []byte(report(len(truth), rows)), 0o644)
}

func report(pages int, rows []row) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# Articles of web pages\n\nWritten by `make bench-articles` (`test/bencharticles`): %d pages of the public article-extraction-benchmark, scored as that scores. The figures of\n", pages)
	b.WriteString("other programs are made from what the benchmark's authors keep of their answers. `aidoc extract --markdown` is what a summary is made from, `aidoc extract` the\ncomplete text. Our rules were tuned on these pages.\n\n")
	b.WriteString("| program | F1 of shingles | precision | recall |\n| --- | ---: | ---: | ---: |\n")
	for _, r := range rows {
		fmt.Fprintf(&b, "| %s | %.3f | %.3f | %.3f |\n", r.name, r.f1, r.precision, r.recall)
	}
	return b.String()
}

func readJSON(path string, v any) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, v); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

// prediction is what another program made of the pages; newer files say its version beside.
func prediction(path string) (map[string]body, error) {
	var versioned struct {
		Output map[string]body `json:"output"`
	}
	if readJSON(path, &versioned) == nil && versioned.Output != nil {
		return versioned.Output, nil
	}
	texts := map[string]body{}
	return texts, readJSON(path, &texts)
}

// read has the agent read each page; what it refuses says nothing.
func read(ctx context.Context, dir, agent string, view []string, truth map[string]body) (map[string]body, error) {
	tmp, err := os.MkdirTemp("", "bencharticles-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(tmp)
	out := map[string]body{}
	for id := range truth {
		path := filepath.Join(tmp, "page.html")
		if err := unpack(filepath.Join(dir, "html", id+".html.gz"), path); err != nil {
			return nil, err
		}
		var text, complaint bytes.Buffer
		c := exec.CommandContext(ctx, agent, append(view, path)...)
		c.Stdout, c.Stderr = &text, &complaint
		if err := c.Run(); err != nil {
			fmt.Fprintf(os.Stderr, "%s: %v: %s\n", id, err, complaint.String())
		}
		out[id] = body{Text: text.String()}
	}
	return out, nil
}

func unpack(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	z, err := gzip.NewReader(in)
	if err != nil {
		return fmt.Errorf("%s: %w", from, err)
	}
	data, err := io.ReadAll(z)
	if err != nil {
		return fmt.Errorf("%s: %w", from, err)
	}
	return os.WriteFile(to, data, 0o600)
}
