package main

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// fact is what somebody who looked at a document says about its text; field names are those of olmOCR-bench.
type fact struct {
	PDF  string `json:"pdf"`  // path, from the folder of the facts or its folder pdfs
	ID   string `json:"id"`   // of the fact
	Kind string `json:"type"` // present, absent, order, table; facts of other types are left out
	// Text must be found, or must not be; within the first FirstN and the last LastN characters where those are set.
	Text          string `json:"text"`
	CaseSensitive *bool  `json:"case_sensitive"`
	FirstN        int    `json:"first_n"`
	LastN         int    `json:"last_n"`
	MaxDiffs      int    `json:"max_diffs"` // characters that may differ
	// Before must stand before After.
	Before string `json:"before"`
	After  string `json:"after"`
	// Cell is one of a table, with what stands beside it and what heads its column and its row; empty is anything.
	Cell        string `json:"cell"`
	Up          string `json:"up"`
	Down        string `json:"down"`
	Left        string `json:"left"`
	Right       string `json:"right"`
	TopHeading  string `json:"top_heading"`
	LeftHeading string `json:"left_heading"`
}

// facts reads the documents that BENCH_FACTS, a file of one fact a line, tells of, and counts which facts hold of their Markdown. It
// names those that do not.
func facts(ctx context.Context, s settings) (string, error) {
	if s.facts == "" {
		return "", fmt.Errorf("set BENCH_FACTS to a file of facts, one JSON object a line with pdf, id, type and what the type asks for")
	}
	list, err := readFacts(s.facts)
	if err != nil {
		return "", err
	}
	held, all := map[string]int{}, map[string]int{}
	var failed []string
	read := map[string]string{}
	for _, f := range list {
		text, ok := read[f.PDF]
		if !ok {
			if text, err = markdownOf(ctx, s, f.PDF); err != nil {
				return "", err
			}
			read[f.PDF] = text
		}
		all[f.Kind]++
		if f.holds(text) {
			held[f.Kind]++
		} else {
			failed = append(failed, fmt.Sprintf("- %s (%s), %s", f.ID, f.Kind, f.PDF))
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "\n## Facts\n\nOf %d documents.\n\n| type | facts | hold | share |\n| --- | ---: | ---: | ---: |\n", len(read))
	sum, n := 0, 0
	for _, k := range factKinds {
		if all[k] > 0 {
			fmt.Fprintf(&b, "| %s | %d | %d | %.3f |\n", k, all[k], held[k], float64(held[k])/float64(all[k]))
			sum, n = sum+held[k], n+all[k]
		}
	}
	fmt.Fprintf(&b, "| all | %d | %d | %.3f |\n\nThese do not hold:\n\n%s\n", n, sum, float64(sum)/float64(max(1, n)), strings.Join(failed, "\n"))
	return b.String(), nil
}

var factKinds = []string{"present", "absent", "order", "table"}

// readFacts reads the facts of types that are known.
func readFacts(path string) ([]fact, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var out []fact
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for n := 1; lines.Scan(); n++ {
		if strings.TrimSpace(lines.Text()) == "" {
			continue
		}
		var k fact
		if err := json.Unmarshal(lines.Bytes(), &k); err != nil {
			return nil, fmt.Errorf("%s, line %d: %w", path, n, err)
		}
		if slices.Contains(factKinds, k.Kind) {
			out = append(out, k)
		}
	}
	return out, lines.Err()
}

// markdownOf reads one document as a summary is made from it. One that is refused has no text.
func markdownOf(ctx context.Context, s settings, name string) (string, error) {
	path := filepath.Join(filepath.Dir(s.facts), "pdfs", name)
	if _, err := os.Stat(path); err != nil {
		path = filepath.Join(filepath.Dir(s.facts), name)
	}
	if _, err := os.Stat(path); err != nil {
		return "", err
	}
	ctx, stop := context.WithTimeout(ctx, s.limit)
	defer stop()
	c := exec.CommandContext(ctx, s.agent, "extract", "--markdown", "--data-dir", s.work, path)
	c.Env = append(os.Environ(), "OMP_THREAD_LIMIT=1")
	out, err := c.Output()
	if err != nil && len(out) > 0 {
		return string(out), nil
	}
	return string(out), ctx.Err()
}

// holds says that the fact is one of a document with this Markdown.
func (f fact) holds(markdown string) bool {
	text, diffs := plain(markdown), max(0, f.MaxDiffs)
	switch f.Kind {
	case "present", "absent":
		want := plain(f.Text)
		if f.CaseSensitive != nil && !*f.CaseSensitive {
			text, want = strings.ToLower(text), strings.ToLower(want)
		}
		first, _ := near(within(text, f.FirstN, f.LastN), want, diffs)
		return (first >= 0) == (f.Kind == "present")
	case "order":
		before, _ := near(text, plain(f.Before), diffs)
		_, after := near(text, plain(f.After), diffs)
		return before >= 0 && before < after
	}
	return f.inTable(markdown)
}

// plain is a text without what Markdown adds to its words, with single spaces and plain quotation marks and dashes.
func plain(s string) string {
	s = strings.NewReplacer("**", "", "<br>", " ", `\|`, "|", "‘", "'", "’", "'", "‚", "'", "“", `"`, "”", `"`, "„", `"`, "–", "-", "—", "-", "‑", "-", "‒", "-", "−", "-").Replace(s)
	return strings.Join(strings.Fields(s), " ")
}

// within are the first and last characters of a text, all where neither number is set.
func within(text string, first, last int) string {
	r := []rune(text)
	switch {
	case first > 0 && last > 0:
		return string(r[:min(first, len(r))]) + string(r[max(0, len(r)-last):])
	case first > 0:
		return string(r[:min(first, len(r))])
	case last > 0:
		return string(r[max(0, len(r)-last):])
	}
	return text
}

// near gives the first and the last place, in characters, where a passage of text begins that want becomes by at most so many insertions,
// deletions and exchanges of characters; -1 where there is none.
func near(text, want string, diffs int) (first, last int) {
	t, w := []rune(text), []rune(strings.TrimSpace(want))
	type cell struct{ cost, from int }
	row := make([]cell, len(w)+1) // of the prefixes of want that end at the present character
	for j := range row {
		row[j] = cell{j, 0}
	}
	first, last = -1, -1
	for i, r := range t {
		diagonal := row[0]
		row[0] = cell{0, i + 1}
		for j := 1; j <= len(w); j++ {
			exchange := diagonal
			if w[j-1] != r {
				exchange.cost++
			}
			diagonal = row[j]
			inserted, dropped := cell{row[j].cost + 1, row[j].from}, cell{row[j-1].cost + 1, row[j-1].from}
			row[j] = slices.MinFunc([]cell{exchange, inserted, dropped}, func(a, b cell) int { return cmp.Compare(a.cost, b.cost) })
		}
		if end := row[len(w)]; end.cost <= diffs && len(w) > 0 {
			if first < 0 || end.from < first {
				first = end.from
			}
			last = max(last, end.from)
		}
	}
	return first, last
}

// inTable says that a table of the Markdown has the fact's cell with the neighbours and headings it names.
func (f fact) inTable(markdown string) bool {
	same := func(cell, want string) bool {
		_, at := near(cell, plain(want), max(0, f.MaxDiffs))
		return at >= 0 && len([]rune(cell)) <= len([]rune(plain(want)))+max(0, f.MaxDiffs)
	}
	for _, t := range tablesOf(markdown) {
		at := func(r, c int) string {
			if r < 0 || r >= len(t) || c < 0 || c >= len(t[r]) {
				return ""
			}
			return t[r][c]
		}
		for r, row := range t {
			for c, cell := range row {
				if !same(cell, f.Cell) {
					continue
				}
				good := true
				for _, n := range []struct{ want, got string }{{f.Up, at(r-1, c)}, {f.Down, at(r+1, c)}, {f.Left, at(r, c-1)}, {f.Right, at(r, c+1)}} {
					good = good && (n.want == "" || same(n.got, n.want))
				}
				var above []string
				for k := range r {
					above = append(above, at(k, c))
				}
				for _, h := range []struct {
					want string
					got  []string
				}{{f.TopHeading, above}, {f.LeftHeading, row[:c]}} {
					good = good && (h.want == "" || slices.ContainsFunc(h.got, func(s string) bool { return same(s, h.want) }))
				}
				if good {
					return true
				}
			}
		}
	}
	return false
}

// tablesOf are the cells of the tables of a Markdown text, by row and column.
func tablesOf(markdown string) (out [][][]string) {
	var rows [][]string
	for line := range strings.Lines(markdown + "\n\n") {
		line = strings.TrimSpace(line)
		if !strings.HasPrefix(line, "|") {
			if len(rows) > 0 {
				out, rows = append(out, rows), nil
			}
			continue
		}
		if strings.Trim(line, "|-: ") == "" && strings.Contains(line, "-") {
			continue
		}
		var row []string
		for _, c := range strings.Split(strings.Trim(strings.ReplaceAll(line, `\|`, "\x00"), "|"), "|") {
			row = append(row, plain(strings.ReplaceAll(c, "\x00", "|")))
		}
		rows = append(rows, row)
	}
	return out
}
