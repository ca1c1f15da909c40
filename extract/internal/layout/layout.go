// Package layout turns the positioned lines of a page into text in reading order.
package layout

import (
	"math"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/mupdf"
)

// row is what stands side by side on one baseline and belongs together.
type row struct {
	x0, y0, x1, y1 float64
	base, size     float64
	bold, vertical bool
	text           string
	block          int
}

// Text orders the lines of a page and joins them to paragraphs.
func Text(p *mupdf.PageLines) string {
	rows := joinRows(order(pieces(p)))
	if len(rows) == 0 {
		return ""
	}
	return paragraphs(rows)
}

// pieces are the lines that hold text, in the order they were drawn.
func pieces(p *mupdf.PageLines) []row {
	var rows []row
	for _, l := range p.Lines {
		t := cleanLine(lineText(l))
		if t == "" {
			continue
		}
		rows = append(rows, row{x0: l.X0, y0: l.Y0, x1: l.X1, y1: l.Y1, base: l.Base, size: l.Size, bold: l.Bold, block: l.Block, text: t,
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
