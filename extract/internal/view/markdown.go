// Package view is what people and models read of a document's pages: Markdown made of texts and marks, running headers and footers
// left out, words that are cut at a page's end and whole pages joined.
package view

import (
	"iter"
	"slices"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/page/layout"
)

// Markdown gives the text of each page, in the order of pages, as a model should read it: tables and
// headings that were found by their looks in Markdown, lines that repeat in the margins of most
// pages and what stands around the article of a web page left out, words cut at a page's end put together. Page borders stay, for citations.
func Markdown(pages []doc.Page) []string {
	var m Margins
	for _, p := range pages {
		m.Add(p)
	}
	out := make([]string, 0, len(pages))
	all := func(yield func(doc.Page, error) bool) {
		for _, p := range pages {
			if !yield(p, nil) {
				return
			}
		}
	}
	_ = m.Markdown(all, func(text string) error { out = append(out, text); return nil })
	return out
}

// Markdown gives to each, one after another, what the function Markdown makes of the pages that were added. It holds
// two of them at a time. It stops at the first error, of each or of pages, and returns it.
func (m *Margins) Markdown(pages iter.Seq2[doc.Page, error], each func(string) error) error {
	running := m.running()
	i, number, before := 0, 0, ""
	for p, err := range pages {
		if err != nil {
			return err
		}
		text := markdown(p, running[i])
		if i > 0 {
			if p.Number == number+1 {
				before, text = rejoinAcrossPages(before, text)
			}
			if err := each(before); err != nil {
				return err
			}
		}
		i, number, before = i+1, p.Number, text
	}
	if i == 0 {
		return nil
	}
	return each(before)
}

// markdown writes the page without the lines that drop names.
func markdown(p doc.Page, drop map[int]bool) string {
	if len(p.Marks) == 0 {
		return p.Text
	}
	lines := strings.Split(p.Text, "\n")
	at, beside, seen := blocks(p), asides(p), furniture(p)
	var out []string
	for i := 0; i < len(lines); i++ {
		if drop[i] || seen[i] || beside(i) {
			continue
		}
		switch m := at[i]; m.Kind {
		case doc.MarkTable:
			out = append(out, tableLines(lines[i:m.To])...)
			i = m.To - 1
		case doc.MarkHeading:
			out = append(out, strings.Repeat("#", min(doc.MaxLevel, max(1, m.Level)))+" "+strings.ReplaceAll(strings.Join(lines[i:m.To], " "), "\t", " "))
			i = m.To - 1
		default:
			out = append(out, lines[i])
		}
	}
	twoBlank := func(a, b string) bool { return a == "" && b == "" }
	return strings.Trim(strings.Join(slices.CompactFunc(out, twoBlank), "\n"), "\n")
}

// blocks are the tables and headings by the line they begin at.
func blocks(p doc.Page) map[int]doc.Mark {
	out := map[int]doc.Mark{}
	for _, m := range p.Marks {
		if m.Kind == doc.MarkTable || m.Kind == doc.MarkHeading {
			out[m.From] = m
		}
	}
	return out
}

// furniture are the lines that by their looks are a page number, a running header or footer.
func furniture(p doc.Page) map[int]bool {
	var out map[int]bool
	for _, m := range p.Marks {
		if (m.Kind == doc.MarkHeader || m.Kind == doc.MarkFooter) && m.Level == doc.Furniture {
			if out == nil {
				out = map[int]bool{}
			}
			out[m.From] = true
		}
	}
	return out
}

// asides tells of a line whether it is none of what the document is about.
func asides(p doc.Page) func(line int) bool {
	var ranges []doc.Mark
	for _, m := range p.Marks {
		if m.Kind == doc.MarkAside {
			ranges = append(ranges, m)
		}
	}
	return func(line int) bool {
		for len(ranges) > 0 && ranges[0].To <= line {
			ranges = ranges[1:] // lines are asked for in their order
		}
		return len(ranges) > 0 && ranges[0].From <= line
	}
}

var escapeField = strings.NewReplacer(`|`, `\|`)

// tableLines writes rows of fields parted by tabs as a Markdown table.
func tableLines(lines []string) []string {
	var rows [][]string
	width := 0
	for _, l := range lines {
		rows = append(rows, strings.Split(escapeField.Replace(l), "\t"))
		width = max(width, len(rows[len(rows)-1]))
	}
	for i := range rows {
		rows[i] = append(rows[i], make([]string, width-len(rows[i]))...)
	}
	rows = oneHeader(rows)
	var out []string
	for i, r := range rows {
		out = append(out, "| "+strings.Join(r, " | ")+" |")
		if i == 0 {
			out = append(out, "|"+strings.Repeat(" --- |", width))
		}
	}
	return out
}

// maxHeader is how many rows a header has at most: more without a label are rows of figures.
const maxHeader = 4

// oneHeader joins the rows at the top that have no label, column by column: Markdown has one row of
// header, and the names of columns often take two lines.
func oneHeader(rows [][]string) [][]string {
	n := 0
	for n < len(rows) && rows[n][0] == "" {
		n++
	}
	if n < 2 || n > maxHeader || n == len(rows) {
		return rows
	}
	head := rows[0]
	for _, r := range rows[1:n] {
		for c := range head {
			head[c] = strings.TrimSpace(head[c] + " " + r[c])
		}
	}
	return append([][]string{head}, rows[n:]...)
}

// rejoinAcrossPages moves the rest of a word that was cut at the end of page a from page b to a.
func rejoinAcrossPages(a, b string) (string, string) {
	word, rest := b, ""
	if i := strings.IndexAny(b, " \n\t"); i >= 0 {
		word, rest = b[:i], strings.TrimLeft(b[i:], " \t")
	}
	if whole, ok := layout.Rejoin(a, word); ok {
		return whole, strings.TrimLeft(rest, "\n")
	}
	return a, b
}
