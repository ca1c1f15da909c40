package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/llm"
	"github.com/aidoc-pipeline/aidoc-agent/llm/llmtest"
)

const head = `# Summaries without a model

Written by ` + "`make bench-summaries`" + ` on the documents of ` + "`AIDOC_CORPUS`" + `; figures are of one run, on one machine. The scores come out the same in
every run, the times do not.

## What readers are shown, against summaries that people wrote

ROUGE-1 / ROUGE-2, F1 (small letters, no stemming, best of several references), and the mean number of words. *Shown* is the text of
the blocks as WordPress displays them, headings and page references included, at the length the agent gives them; nothing is cut to the
length of a reference. The title, which stands above them, is counted in the second column, as the leads begin with it where a text does.
The corpus' own evaluate.py gives the same figures.
*Lead-3* is the first three sentences, TextRank and LexRank the plain methods of the literature with three sentences.
Rates and rules were tuned on one half of the texts; the other was held out (a paper that is in two sets is on one side in both).

`

// report is the page.
func report(scores []scored, found []detection, long time.Duration) string {
	var b strings.Builder
	b.WriteString(head)
	tuned := func(s scored) bool { return !s.heldOut() }
	held := func(s scored) bool { return s.heldOut() }
	b.WriteString("### All texts\n\n" + rougeTable(scores))
	b.WriteString("\n### The half that was held out\n\n" + rougeTable(only(scores, held)))
	b.WriteString("\n### The half that was tuned on\n\n" + rougeTable(only(scores, tuned)))
	b.WriteString("\n## Language\n\n" + languageTable(found))
	fmt.Fprintf(&b, "\n## Time\n\nA report of 100 pages: %s (`go test -bench Extractive ./llm`). Mean of the texts above:\n\n%s", long.Round(time.Millisecond), timeTable(scores))
	b.WriteString("\n" + eyes)
	return b.String()
}

func only(scores []scored, keep func(scored) bool) []scored {
	var out []scored
	for _, s := range scores {
		if keep(s) {
			out = append(out, s)
		}
	}
	return out
}

// rougeTable has a row for each subset and one for all texts.
func rougeTable(scores []scored) string {
	var b strings.Builder
	row(&b, append([]string{"texts", ""}, names()...))
	rule(&b, len(systems)+2)
	subsets := map[string][]scored{}
	for _, s := range scores {
		subsets[s.subset] = append(subsets[s.subset], s)
	}
	keys := []string{}
	for k := range subsets {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	for _, k := range append(keys, "all") {
		of := subsets[k]
		if k == "all" {
			of = scores
		}
		cells := []string{k, fmt.Sprint(len(of))}
		for i := range systems {
			cells = append(cells, meanOf(of, i))
		}
		row(&b, cells)
	}
	return b.String()
}

func names() []string {
	var out []string
	for _, s := range systems {
		out = append(out, s.name)
	}
	return out
}

func meanOf(scores []scored, system int) string {
	one, two, words := 0.0, 0.0, 0
	for _, s := range scores {
		one, two, words = one+s.by[system].one, two+s.by[system].two, words+s.words[system]
	}
	n := float64(max(1, len(scores)))
	return fmt.Sprintf("%.3f / %.3f · %d", one/n, two/n, words/max(1, len(scores)))
}

func row(b *strings.Builder, cells []string) {
	b.WriteString("| " + strings.Join(cells, " | ") + " |\n")
}

func rule(b *strings.Builder, n int) { b.WriteString("|" + strings.Repeat(" --- |", n) + "\n") }

var setNames = map[string]string{"C": "C, office and other formats, labelled by eye where there are 20 words", "E": "E, long documents", "F": "F, texts with references"}

// languageTable counts what was detected right, wrong and not at all, and names the misses.
func languageTable(found []detection) string {
	var b strings.Builder
	row(&b, []string{"set", "documents", "right", "not detected", "wrong"})
	rule(&b, 5)
	var misses []string
	for _, set := range []string{"C", "E", "F"} {
		n, right, none, wrong := 0, 0, 0, 0
		for _, d := range found {
			if d.set != set {
				continue
			}
			n++
			want, _, _ := strings.Cut(d.want, "-")
			switch d.got {
			case want:
				right++
			case "":
				none++
				misses = append(misses, fmt.Sprintf("%s (%s): not detected", d.id, want))
			default:
				wrong++
				misses = append(misses, fmt.Sprintf("%s (%s): %s", d.id, want, d.got))
			}
		}
		row(&b, []string{setNames[set], fmt.Sprint(n), fmt.Sprint(right), fmt.Sprint(none), fmt.Sprint(wrong)})
	}
	for _, m := range misses {
		b.WriteString("\n- " + m)
	}
	return b.String() + "\n"
}

func timeTable(scores []scored) string {
	var b strings.Builder
	cells := []string{}
	for i := range systems {
		var sum time.Duration
		for _, s := range scores {
			sum += s.took[i]
		}
		cells = append(cells, (sum / time.Duration(max(1, len(scores)))).Round(100*time.Microsecond).String())
	}
	row(&b, []string{systems[0].name, systems[4].name, systems[5].name})
	rule(&b, 3)
	row(&b, []string{cells[0], cells[4], cells[5]})
	return b.String()
}

// hundredPages is the time that a report of 100 pages takes, the best of three.
func hundredPages(ctx context.Context) (time.Duration, error) {
	var d llm.Document
	for i, text := range llmtest.ReportPages(100) {
		d.Pages = append(d.Pages, llm.Page{Number: i + 1, Text: text})
	}
	best := time.Hour
	for range 3 {
		start := time.Now()
		if _, err := (llm.Extractive{}).Summarise(ctx, d, nil, nil); err != nil {
			return 0, err
		}
		best = min(best, time.Since(start))
	}
	return best, nil
}
