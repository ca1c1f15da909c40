// Package layout turns the positioned lines of a page into text in reading order.
package layout

import (
	"math"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/mupdf"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/source"
)

// row is what stands side by side on one baseline and belongs together.
type row struct {
	x0, y0, x1, y1 float64
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
func Page(p *mupdf.PageLines) (string, []source.Mark) {
	rows := joinTables(order(pieces(p)))
	lines, at := compose(rows)
	return strings.Join(lines, "\n"), marks(rows, at, p)
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
	for _, l := range vertical(p.Lines) {
		t := cleanLine(lineText(l))
		if t == "" {
			continue
		}
		rows = append(rows, row{x0: l.X0, y0: l.Y0, x1: l.X1, y1: l.Y1, base: l.Base, size: l.Size, bold: l.Bold, mono: l.Mono, block: l.Block, text: t,
			vertical: l.Vertical || l.Y1-l.Y0 > 3*(l.X1-l.X0) && len(t) > 3})
	}
	return rows
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
	size := math.Max(a.size, b.size)
	return math.Abs(a.base-b.base) <= 0.35*math.Min(a.size, b.size)+0.15*size && b.x0 >= a.x1-0.6*size && b.block == a.block
}

func (a *row) join(b row) {
	gap := b.x0 - a.x1
	size := math.Max(a.size, b.size)
	switch {
	case gap > 1.2*size:
		a.text += "\t"
	case gap > 0.12*size:
		a.text += " "
	}
	a.text += b.text
	a.x1 = math.Max(a.x1, b.x1)
	a.y0, a.y1 = math.Min(a.y0, b.y0), math.Max(a.y1, b.y1)
	a.size = size
}

var spaces = strings.NewReplacer("\u00a0", " ", "\u00ad", "\u00ad", "\u200b", "", "\ufeff", "", "\u2002", " ", "\u2003", " ", "\u2009", " ", "\u202f", " ", "\r", " ", "\n", " ", "\x00", "")

func cleanLine(s string) string {
	return strings.TrimSpace(strings.Join(strings.Fields(spaces.Replace(s)), " "))
}
