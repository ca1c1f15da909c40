package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/test/bench"
)

// A stream is the mix many times over, so that neither the start of an agent nor the end of the work, when the last document waits for its answers
// alone, says how fast it is: the rate counts between two shares of the documents that have ended.
const (
	streamCopies = 10
	steadyFrom   = .2
	steadyTo     = .9
)

// copies are the mix so many times. Each copy of a PDF or a text has a word of its own on every page: what an agent has read before, and what a
// model has said of it, it knows. Scanned pages are other files only, and their text is known to the model's cache.
func (m mix) copies(ctx context.Context, n int, dir string) (mix, error) {
	out := mix{small: m.small}
	for i := range n {
		for k, d := range m.docs {
			var err error
			switch d.kind {
			case pdf:
				d.data, err = stamped(ctx, d.path, filepath.Join(dir, fmt.Sprintf("copy-%d-%d.pdf", i, k)), word(i))
			case text:
				d.data = marked(d.data, word(i))
			default:
				d.data = append(slices.Clone(d.data), word(i)...)
			}
			if err != nil {
				return out, err
			}
			out.docs = append(out.docs, d)
		}
	}
	return out, nil
}

func word(i int) string { return fmt.Sprintf("copy%d", i) }

// stamped is a PDF with a word on each page.
func stamped(ctx context.Context, from, to, word string) ([]byte, error) {
	if said, err := exec.CommandContext(ctx, "mutool", "run", repo("test", "benchpipeline", "stamp.mujs"), from, to, word).CombinedOutput(); err != nil {
		return nil, fmt.Errorf("stamp %s: %w: %.200s", from, err, said)
	}
	return os.ReadFile(to)
}

// marked is a text with a word after some line of every page.
func marked(data []byte, word string) []byte {
	const every = 1000
	var b bytes.Buffer
	last := 0
	for line := range bytes.Lines(data) {
		b.Write(line)
		if b.Len()-last > every || last == 0 {
			b.WriteString(word + "\n")
			last = b.Len()
		}
	}
	return b.Bytes()
}

// streamPart measures the last side alone: how much of the rate a slow model leaves.
func streamPart(ctx context.Context, o options, s *side, page *bench.Page) error {
	all, err := documents(o.corpus)
	if err != nil {
		return err
	}
	many, err := all.copies(ctx, streamCopies, s.dir)
	if err != nil {
		return err
	}
	list := cells(many)[:3]
	load := bench.Load()
	for round := range o.runs {
		for i := range list {
			c := &list[i]
			name := fmt.Sprintf("stream-%d-%d", round, i)
			got, err := c.measure(ctx, s.bed, s.agent, s.dir+"/"+name, name)
			if err != nil {
				return fmt.Errorf("%s: %w", c.name, err)
			}
			c.runs = append(c.runs, got)
			say("stream, round %d, %s: %.0f documents a minute, steadily %.0f", round+1, c.name, got[rate], got[steady])
		}
	}
	text := streamTable(list, load)
	fmt.Print("\n", text, "\n")
	page.Set("Stream, "+s.section, s.title(), text)
	return nil
}

func streamTable(list []cell, load string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "The mix %d times over, each copy with words of its own on every page, scans excepted. Steady is the rate between %.0f and %.0f %% of the documents. %d cores; load average at the start %s, at the end %s; medians of %d runs.\n\n| |",
		streamCopies, 100*steadyFrom, 100*steadyTo, runtime.NumCPU(), load, bench.Load(), len(list[0].runs))
	columns := make([]figures, len(list))
	for i, c := range list {
		columns[i] = median(c.runs)
		b.WriteString(" " + c.name + " |")
	}
	b.WriteString("\n|---|" + strings.Repeat("---:|", len(list)) + "\n")
	for _, name := range []figure{rate, steady, requests, calls, memAgent, memReader, busyOurs, busyOthers, failures} {
		line(&b, name, formats[name], columns)
	}
	r := &bench.Report{}
	for i, share := range []float64{.95, .9} {
		got := columns[i+1][steady] / columns[0][steady]
		r.AtLeast(fmt.Sprintf("steady rate at %v a call, of that at 0", list[i+1].delay), got, share, "", "%.2f", got)
	}
	return b.String() + "\n" + r.Markdown()
}

// steadyRate is in documents a minute; ended are the moments at which documents did.
func steadyRate(ended []time.Time) float64 {
	slices.SortFunc(ended, time.Time.Compare)
	from, to := int(steadyFrom*float64(len(ended))), int(steadyTo*float64(len(ended)))
	if to <= from || !ended[to].After(ended[from]) {
		return 0
	}
	return float64(to-from) / ended[to].Sub(ended[from]).Minutes()
}
