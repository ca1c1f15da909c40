package ocr

import (
	"strings"
	"unicode/utf8"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/page/layout"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/page/tesseract"
)

// part is what stands between two empty lines of a page's text: a paragraph, a heading or a table.
type part struct {
	lines []line
	rows  [][]string       // of a table
	words []tesseract.Word // of a ruled one
	level int              // of a heading
}

// assemble rebuilds running text from words: lines of a paragraph are joined, words cut at a line's end
// put together, paragraphs parted by an empty line. Marks say what is a table, a heading, or stands in
// the margin of a picture height pixels high, on which the rules were drawn; height 0 asks for none.
func assemble(words []tesseract.Word, height int, drawn rules) (string, []doc.Mark) {
	words = drawn.unruled(words)
	var parts []part
	if height > 0 {
		parts = structured(words, drawn)
	} else {
		parts = paragraphs(linesOf(words))
	}
	var out strings.Builder
	var marks []doc.Mark
	margins := layout.Margins(marginLines(parts), float64(height))
	at := 0
	for i, p := range parts {
		if i > 0 {
			out.WriteString("\n\n")
			at += 2
		}
		text := p.text()
		out.WriteString(text)
		from := at
		at += strings.Count(text, "\n")
		if m := p.mark(); m.Kind != "" {
			m.From, m.To = from, at+1
			marks = append(marks, m)
		}
		if m := margins[i]; m.Kind != "" {
			m.From, m.To = from, from+1
			marks = append(marks, m)
		}
	}
	return out.String(), marks[:min(len(marks), doc.MaxMarks)]
}

// marginLines are the parts as what may be running headers and footers: only those of one line.
func marginLines(parts []part) []layout.MarginLine {
	out := make([]layout.MarginLine, len(parts))
	for i, p := range parts {
		last := p.lines[len(p.lines)-1]
		out[i] = layout.MarginLine{First: float64(p.lines[0].base), Last: float64(last.base), Size: p.lines[0].size, Text: p.lines[0].text, Heading: p.level > 0, Body: p.rows != nil || len(p.lines) > 1}
	}
	return out
}

func (p part) text() string {
	if p.rows == nil {
		return joinLines(p.lines)
	}
	rows := make([]string, len(p.rows))
	for i, r := range p.rows {
		rows[i] = strings.Join(r, "\t")
	}
	return strings.Join(rows, "\n")
}

func (p part) mark() doc.Mark {
	switch {
	case p.rows != nil:
		return doc.Mark{Kind: doc.MarkTable}
	case p.level > 0:
		return doc.Mark{Kind: doc.MarkHeading, Level: p.level}
	}
	return doc.Mark{}
}

// paragraphs parts lines where the engine began a new paragraph.
func paragraphs(lines []line) []part {
	var out []part
	for i, l := range lines {
		if i > 0 && l.block == lines[i-1].block && l.par == lines[i-1].par {
			p := &out[len(out)-1]
			p.lines = append(p.lines, l)
			continue
		}
		out = append(out, part{lines: []line{l}})
	}
	return out
}

// structured takes ruled tables out of the words, each to where its first word was read, and the rest in pieces.
func structured(words []tesseract.Word, drawn rules) []part {
	body, sure := bodySize(linesOf(words))
	tables := make([]part, 0)
	of := make([]int, len(words)) // the table a word is in, from 1
	for _, l := range drawn.lattices() {
		rows, in, ok := l.table(words)
		if !ok || clash(of, in) {
			continue
		}
		tables = append(tables, part{rows: rows})
		for i, w := range words {
			if in[i] {
				of[i] = len(tables)
				tables[len(tables)-1].words = append(tables[len(tables)-1].words, w)
			}
		}
	}
	var out []part
	var rest []tesseract.Word
	seen := make([]bool, len(tables)+1)
	for i, w := range words {
		switch t := of[i]; {
		case t == 0:
			rest = append(rest, w)
		case !seen[t]:
			seen[t] = true
			out = append(out, parted(linesOf(rest), body, sure)...)
			rest = nil
			tables[t-1].lines = linesOf(tables[t-1].words)
			out = append(out, tables[t-1])
		}
	}
	return append(out, parted(linesOf(rest), body, sure)...)
}

// clash says that a table would take words that are in another.
func clash(of []int, in []bool) bool {
	for i, t := range of {
		if t > 0 && in[i] {
			return true
		}
	}
	return false
}

// parted takes tables out of the lines and headings out of the paragraphs.
func parted(lines []line, body float64, sure bool) []part {
	var out []part
	done := 0
	lines = regrouped(lines, body)
	for _, t := range tablesIn(lines, body) {
		out = append(append(out, headed(paragraphs(lines[done:t.from]), body, sure)...), part{lines: lines[t.from:t.to], rows: t.rows})
		done = t.to
	}
	return append(out, headed(paragraphs(lines[done:]), body, sure)...)
}

// bodyLetters is how many letters a page needs before type can be called larger than its running text.
const bodyLetters = 200

// bodySize is the size of type that the middle letter of the page is set in.
func bodySize(lines []line) (size float64, sure bool) {
	var list []weighted
	for _, l := range lines {
		if l.size > 0 {
			list = append(list, weighted{l.size, l.letters})
		}
	}
	size, n := weightedMedian(list)
	return size, n >= bodyLetters
}

// wordGap is the least gap between two cells of a line, in sizes of type: justified words stand closer.
const wordGap = 1.2

// placeGap is that in places of a letter, where all have one width: two spaces are more, one is less.
const placeGap = 1.75

// found is a table of whole lines.
type found struct {
	from, to int
	rows     [][]string
}

// tablesIn finds tables whose rows are whole lines and whose fields hold the words of those lines in
// their order, so that a table never changes what is read.
func tablesIn(lines []line, size float64) []found {
	if size <= 0 {
		return nil
	}
	gap := wordGap * size
	if place := letterPlace(lines); place > 0 {
		gap, size = min(gap, placeGap*place), min(size, placeGap*place) // narrow type has narrow gaps, whatever its height
	}
	var pieces []layout.Piece
	var first []int // piece each line begins with
	for _, l := range lines {
		first = append(first, len(pieces))
		from := 0
		for i := 1; i <= len(l.words); i++ {
			if i < len(l.words) && float64(l.words[i].X0-l.words[i-1].X1) < gap {
				continue
			}
			w := l.words[from:i]
			pieces = append(pieces, layout.Piece{X0: float64(w[0].X0), X1: float64(w[len(w)-1].X1), Base: float64(l.base), Size: size, Text: wordsText(w)})
			from = i
		}
	}
	starts := make(map[int]int, len(lines)+1)
	for i, p := range first {
		starts[p] = i
	}
	starts[len(pieces)] = len(lines)
	var out []found
	for _, t := range layout.Tables(pieces) {
		from, ok := starts[t.From]
		to, whole := starts[t.To]
		if ok && whole && sameWords(lines[from:to], t.Rows) {
			out = append(out, found{from, to, t.Rows})
		}
	}
	return out
}

func sameWords(lines []line, rows [][]string) bool {
	var a, b strings.Builder
	for _, l := range lines {
		a.WriteString(l.text)
	}
	for _, r := range rows {
		for _, f := range r {
			b.WriteString(f)
		}
	}
	return strings.ReplaceAll(a.String(), " ", "") == strings.ReplaceAll(b.String(), " ", "")
}

// What makes a heading on a scan: sizes of type are told from the heights of words, so that only
// clearly larger type counts, and a picture that was taken for letters reads without confidence.
const headingConf = 0.7

// headingSizes are the least sizes of headings in sizes of running text, by level.
var headingSizes = []float64{1.7, 1.35}

func headingLevel(l line, body float64) int {
	if n := utf8.RuneCountInString(l.text); n > layout.HeadingChars || l.letters < 3 || 2*l.letters < n || l.conf < headingConf {
		return 0
	}
	for i, s := range headingSizes {
		if l.size >= s*body {
			return i + 1
		}
	}
	return 0
}

// headed cuts paragraphs where their type becomes that of a heading or of running text.
func headed(list []part, body float64, sure bool) []part {
	if !sure {
		return list
	}
	var out []part
	for _, p := range list {
		for i := 0; i < len(p.lines); {
			level, end := headingLevel(p.lines[i], body), i+1
			for end < len(p.lines) && headingLevel(p.lines[end], body) == level {
				end++
			}
			if end-i > layout.HeadingLines {
				level = 0
			}
			out = append(out, part{lines: p.lines[i:end], level: level})
			i = end
		}
	}
	return out
}
