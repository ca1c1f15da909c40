// Command benchsummaries measures the summaries that need no model, as readers are shown them: ROUGE against references beside plain
// methods of the literature, the language that is detected, and time. It writes docs/benchmarks-summaries.md.
package main

import (
	"context"
	_ "embed"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/llm"
)

//go:embed eyes.md
var eyes string

func main() {
	corpus := flag.String("corpus", "../shared/corpus", "folder of the documents and their manifest.tsv")
	agent := flag.String("agent", "bin/aidoc-agent", "the agent, which reads the documents")
	cache := flag.String("cache", "build/bench-summaries", "folder for what the agent read")
	out := flag.String("out", "docs/benchmarks-summaries.md", "the report")
	half := flag.String("half", "", "tuned: print the scores of the half that may be looked at while tuning, and nothing else")
	show := flag.String("show", "", "print the summaries of the documents whose ids hold this, and nothing else")
	flag.Parse()
	if err := run(*corpus, reader{*agent, *cache}, *out, *half, *show); err != nil {
		fmt.Fprintln(os.Stderr, "benchsummaries:", err)
		os.Exit(1)
	}
}

func run(corpus string, r reader, out, half, show string) error {
	ctx := context.Background()
	if err := os.MkdirAll(r.cache, 0o755); err != nil {
		return err
	}
	docs, err := readManifest(corpus, "ACEF")
	if err != nil {
		return err
	}
	if show != "" {
		return showAll(ctx, r, docs, show)
	}
	var scores []scored
	var found []detection
	for _, d := range docs {
		if half == "tuned" && (d.set != "F" || d.heldOut()) || half == "" && d.set == "A" {
			continue
		}
		s, l, err := measure(ctx, r, d)
		if err != nil {
			return err
		}
		if d.set == "F" {
			scores = append(scores, s)
		}
		if l.want != "" {
			found = append(found, l)
		}
	}
	if half != "" {
		fmt.Print(rougeTable(scores))
		return nil
	}
	long, err := hundredPages(ctx)
	if err != nil {
		return err
	}
	return os.WriteFile(out, []byte(report(scores, found, long)), 0o644)
}

// system makes a text from a document: ours or one to compare with.
type system struct {
	name string
	text func(d measured) string
}

// measured is a document with what we made of it.
type measured struct {
	text  string // of all pages
	title string
	shown string // the blocks, as WordPress displays them
}

// systems are scored on each document one after the other, so that whatever slows the machine down slows all of them.
var systems = []system{
	{"shown", func(d measured) string { return d.shown }},
	{"title and shown", func(d measured) string { return d.title + "\n" + d.shown }},
	{"lead-3", func(d measured) string { return lead(d.text, 0) }},
	{"lead, as long as ours", func(d measured) string { return lead(d.text, len(strings.Fields(d.shown))) }},
	{"TextRank", func(d measured) string { return textRank(d.text) }},
	{"LexRank", func(d measured) string { return lexRank(d.text) }},
}

// scored is what each system reached on one document, in the order of systems.
type scored struct {
	document
	by    []rouge
	words []int
	took  []time.Duration
}

// detection is the language that a document is in and the one that was found.
type detection struct{ set, id, want, got string }

func measure(ctx context.Context, r reader, d document) (scored, detection, error) {
	s := scored{document: d}
	l := detection{set: d.set, id: d.id, want: d.language}
	x, err := r.read(ctx, d)
	if err != nil {
		return s, l, err
	}
	var text strings.Builder
	for _, p := range x.Pages {
		text.WriteString(p.Text + "\n")
	}
	start := time.Now()
	sum, err := llm.Extractive{}.Summarise(ctx, x.forSummary(filepath.Base(d.file)), nil, nil)
	own := time.Since(start)
	var e *llm.Error
	if errors.As(err, &e) && e.Code == llm.CodeNoText {
		return s, detection{}, nil
	}
	if err != nil {
		return s, l, fmt.Errorf("%s: %w", d.id, err)
	}
	l.got = sum.Language
	if d.set != "F" {
		return s, l, nil
	}
	m := measured{text: text.String(), title: sum.Title, shown: shownText(sum.Blocks)}
	for i, sys := range systems {
		start = time.Now()
		t := sys.text(m)
		took := time.Since(start)
		if i < 2 {
			took = own
		}
		s.by, s.words, s.took = append(s.by, scoreROUGE(d.refs, t)), append(s.words, len(rougeWords(t))), append(s.took, took)
	}
	return s, l, nil
}

// shownText is the text of blocks as WordPress displays it.
func shownText(blocks []llm.Block) string {
	var b strings.Builder
	runs := func(rs []llm.Run) {
		for _, r := range rs {
			b.WriteString(r.Text)
		}
		b.WriteString("\n")
	}
	for _, k := range blocks {
		runs(k.Runs)
		for _, it := range k.Items {
			runs(it)
		}
		for _, row := range append([][][]llm.Run{k.Header}, k.Rows...) {
			for _, c := range row {
				runs(c)
			}
		}
		b.WriteString(k.Text + "\n")
	}
	return b.String()
}

func showAll(ctx context.Context, r reader, docs []document, part string) error {
	for _, d := range docs {
		if !strings.Contains(d.id, part) {
			continue
		}
		x, err := r.read(ctx, d)
		if err != nil {
			return err
		}
		s, err := llm.Extractive{}.Summarise(ctx, x.forSummary(filepath.Base(d.file)), nil, nil)
		if err != nil {
			return err
		}
		fmt.Printf("=== %s [%s]\n# %s\n\n%s\n", d.id, s.Language, s.Title, s.Markdown)
	}
	return nil
}
