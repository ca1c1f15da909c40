// Package layout turns the positioned lines of a page into text in reading order.
package layout

import (
	"math"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/page/mupdf"
)

// row is what stands side by side on one baseline and belongs together.
type row struct {
	x0, y0, x1, y1 float64
	start, ink     float64 // where its visible characters begin and end: x0 and x1, or within them
	base, size     float64
	bold, vertical bool
	text           string
	block          int
	mono           bool
	table          int // number of the table it is a row of, from 1; 0: of none
}

// Page gives the text of a page in reading order, and marks on its lines. The text is complete and
// plain: a row of a table is one line with a tab between its fields, as many in each row. What is a
// table, a heading, or stands in the page's margin, only the marks say.
func Page(p *mupdf.PageLines) (string, []doc.Mark) {
	if t := turnedOf(p); t != nil {
		return t.read()
	}
	return read(p)
}

// read is Page of one whose text is upright, or most of it.
func read(p *mupdf.PageLines) (string, []doc.Mark) {
	rows := arranged(p)
	lines, at := compose(rows)
	return strings.Join(lines, "\n"), marks(rows, at, p)
}

// arranged are the lines of a page and the rows of its tables, in reading order.
func arranged(p *mupdf.PageLines) []row {
	ordered := threaded(frames(order(listColumns(dropCaps(cellsApart(strays(filled(pieces(p), p.Fields))))))), p.Beads)
	along(ordered)
	return joinTables(edges(ordered, p.H))
}

// joinTables puts each row of a table, and other pieces of one visual line, together.
func joinTables(pieces []row) []row {
	var out []row
	done := 0
	for n, t := range tables(pieces) {
		out = append(out, joinRows(pieces[done:t.from])...)
		for i, f := range t.rows {
			b := t.places[i]
			out = append(out, row{x0: b.x0, x1: b.x1, y0: b.top - b.size, y1: b.base, base: b.base, size: b.size, text: strings.Join(f, "\t"), table: n + 1})
		}
		done = t.to
	}
	return append(out, joinRows(pieces[done:])...)
}

// pieces are the lines that hold text, in the order they were drawn.
func pieces(p *mupdf.PageLines) []row {
	var rows []row
	for _, l := range leftward(vertical(stacked(p.Lines))) {
		if outside(l, p) {
			continue
		}
		t := cleanLine(lineText(l))
		if t == "" {
			continue
		}
		left, right := padding(l)
		rows = append(rows, row{x0: l.X0, y0: l.Y0, x1: l.X1, start: l.X0 + left, ink: l.X1 - right, y1: l.Y1, base: l.Base, size: l.Size, bold: l.Bold, mono: l.Mono, block: l.Block, text: t,
			vertical: l.Vertical || l.Y1-l.Y0 > 3*(l.X1-l.X0) && len(t) > 3})
	}
	return rows
}

// outside says that a line stands beside the page, where it is not seen. What was only cropped away may
// be wanted: other programs show it.
func outside(l mupdf.Line, p *mupdf.PageLines) bool {
	return !p.Cropped && (l.X1 < 0 || l.Y1 < 0 || p.W > 0 && l.X0 > p.W || p.H > 0 && l.Y0 > p.H)
}

// padding is how far an upright line's box reaches beyond its visible characters.
func padding(l mupdf.Line) (left, right float64) {
	n := len(l.Chars)
	if l.DX < 0.999 || n == 0 || !isSpace(l.Chars[0]) && !isSpace(l.Chars[n-1]) {
		return 0, 0
	}
	a, b := math.Inf(1), math.Inf(-1) // of all characters
	c, d := a, b                      // of visible ones
	for _, k := range l.Chars {
		a, b = min(a, k.A), max(b, k.B)
		if !isSpace(k) {
			c, d = min(c, k.A), max(d, k.B)
		}
	}
	if c > d {
		return 0, 0
	}
	return max(0, c-a), max(0, b-d)
}

// joinRows puts pieces of one visual line together.
func joinRows(pieces []row) []row {
	var rows []row
	for _, r := range pieces {
		if n := len(rows); n > 0 && sameLine(rows[n-1], r) {
			rows[n-1].join(r)
			continue
		}
		rows = append(rows, r)
	}
	return rows
}

// sameLine says that b continues a on the same baseline, to its right.
func sameLine(a, b row) bool {
	if a.vertical || b.vertical {
		return false
	}
	size := max(a.size, b.size)
	if math.Abs(a.base-b.base) > 0.35*min(a.size, b.size)+0.15*size {
		return false
	}
	if b.block == a.block {
		return b.x0 >= a.x1-0.6*size
	}
	// Blocks part what stands apart; pieces that touch are one line, in whatever blocks MuPDF put them.
	gap := b.x0 - a.ink
	return gap >= -0.3*size && gap <= 0.3*size
}

func (a *row) join(b row) {
	size := max(a.size, b.size)
	switch gap := b.start - a.ink; {
	case b.x0-a.x1 > 1.2*size:
		a.text += "\t"
	case gap > 0.12*size && !wideJoint(a.text, b.text):
		a.text += " "
	}
	a.text += b.text
	a.x1, a.ink = max(a.x1, b.x1), max(a.ink, b.ink)
	a.y0, a.y1 = min(a.y0, b.y0), max(a.y1, b.y1)
	a.size = size
}

// wideJoint says that two characters meet between which no space is written.
func wideJoint(a, b string) bool {
	x, _ := utf8.DecodeLastRuneInString(a)
	y, _ := utf8.DecodeRuneInString(b)
	return wide(x) && wide(y)
}

var spaces = strings.NewReplacer("\u00a0", " ", "\u00ad", "\u00ad", "\u200b", "", "\ufeff", "", "\u2002", " ", "\u2003", " ", "\u2009", " ", "\u202f", " ", "\r", " ", "\n", " ", "\x00", "")

func cleanLine(s string) string {
	if tidy(s) {
		return s
	}
	return strings.TrimSpace(strings.Join(strings.Fields(spaces.Replace(verticalForms.Replace(s))), " "))
}

// tidy says that cleaning s would change nothing, which holds for nearly all lines.
func tidy(s string) bool {
	space := true // none at the start
	for _, r := range s {
		switch {
		case r == ' ':
			if space {
				return false
			}
			space = true
			continue
		case r < ' ' || r == '\u200b' || r == '\ufeff' || r >= 0xfe10 && r <= 0xfe4f || r > '~' && unicode.IsSpace(r):
			return false
		}
		space = false
	}
	return !space
}
