package layout

import (
	"math"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	// cellGap is the least gap between two cells of a row, in font sizes.
	cellGap = 0.6
	// centred is how far above the row's first cell another may begin, in font sizes: cells of more
	// lines are often centred on the row.
	centred = 1.6
	// signGap is how far a closing bracket or "%" may stand from its figure, in font sizes.
	signGap = 1.5
	// stackStep is the widest step down, in font sizes, to the next line of the same cell.
	stackStep = 1.45
	// stackLines bounds the lines of one cell that are looked for when the drawing jumps back up.
	stackLines = 4
)

// cell is what stands in one field of a possible table: one line, or several below each other.
type cell struct {
	x0, x1, top, base, size float64
	text                    string
	bold, mono              bool
}

// gridRow holds cells that were drawn from left to right; from and to are the pieces they came from.
type gridRow struct {
	cells    []cell
	from, to int
	barrier  bool // vertical text: no table goes across
}

func (r *gridRow) last() *cell { return &r.cells[len(r.cells)-1] }

// grid groups pieces, in the order they were drawn, into the rows of a possible table. Producers
// draw a table cell by cell: along a row the drawing moves to the right, and where a cell has
// several lines, back up to the right.
func grid(pieces []row) []gridRow {
	var rows []gridRow
	for i, p := range pieces {
		if p.vertical {
			rows = append(rows, gridRow{from: i, to: i + 1, barrier: true})
			continue
		}
		if n := len(rows); n == 0 || rows[n-1].barrier || !extend(&rows, p) {
			rows = append(rows, gridRow{cells: []cell{newCell(p)}, from: i})
		}
		rows[len(rows)-1].to = i + 1
	}
	return rows
}

func newCell(p row) cell {
	return cell{x0: p.x0, x1: p.x1, top: p.base, base: p.base, size: p.size, text: p.text, bold: p.bold, mono: p.mono}
}

// extend adds p to the row it continues and says whether there is one.
func extend(rows *[]gridRow, p row) bool {
	r := &(*rows)[len(*rows)-1]
	c := r.last()
	size := max(1, min(c.size, p.size))
	dy, gap := p.base-c.base, p.x0-c.x1
	switch {
	case math.Abs(dy) <= 0.4*size && gap >= -0.5*size:
		if belongs(*c, p, gap/size) {
			c.append(p, gap > 0.12*size)
		} else {
			r.cells = append(r.cells, newCell(p))
		}
	case gap >= cellGap*size && dy < 0 && p.base >= r.cells[0].top-centred*size && p.base > bottom(*rows)+0.5*size:
		r.cells = append(r.cells, newCell(p))
	case len(r.cells) > 1 && dy > 0 && dy <= stackStep*size && overlap(*c, p) && !overlap(r.cells[0], p):
		c.stack(p)
	default:
		return dy < 0 && restack(rows, p, size)
	}
	return true
}

// belongs says that p goes on in the cell c on its left, gap font sizes away. Signs stand apart from
// the figure they belong to, and may stand close to another.
func belongs(c cell, p row, gap float64) bool {
	switch {
	case currency(p.text):
		return false
	case currency(c.text):
		return figure(p.text)
	case gap < cellGap:
		return true
	}
	return strings.Trim(p.text, ")%") == "" && figure(c.text) && gap < signGap
}

// bottom is the lowest line above the last row.
func bottom(rows []gridRow) float64 {
	low := math.Inf(-1)
	if n := len(rows) - 2; n >= 0 {
		for _, c := range rows[n].cells {
			low = max(low, c.base)
		}
	}
	return low
}

// restack turns the last rows into one cell with several lines when p was drawn to its right, back
// up at its first line or its middle.
func restack(rows *[]gridRow, p row, size float64) bool {
	all := *rows
	for k := len(all) - 1; k >= 0 && k >= len(all)-stackLines; k-- {
		if len(all[k].cells) != 1 || all[k].barrier {
			return false
		}
		c := all[k].cells[0]
		if k+1 < len(all) {
			if next := all[k+1].cells[0]; next.top-c.base > stackStep*size || next.x0 > c.x1 || next.x1 < c.x0 {
				return false
			}
		}
		if p.x0 < c.x1+cellGap*size {
			return false
		}
		if p.base >= c.top-0.4*size && k < len(all)-1 {
			for _, r := range all[k+1:] {
				l := r.cells[0]
				c.stack(row{x0: l.x0, x1: l.x1, base: l.base, text: l.text})
			}
			all[k].cells = append(all[k].cells[:0], c, newCell(p))
			*rows = all[:k+1]
			return true
		}
	}
	return false
}

func (c *cell) append(p row, space bool) {
	if space {
		c.text += " "
	}
	c.text += p.text
	c.x1 = max(c.x1, p.x1)
}

// stack adds p as the cell's next line.
func (c *cell) stack(p row) {
	c.text = joinText(c.text, p.text)
	c.x0, c.x1 = min(c.x0, p.x0), max(c.x1, p.x1)
	c.base = p.base
}

// joinText joins two lines of one cell.
func joinText(a, b string) string {
	if s, ok := Rejoin(a, b); ok {
		return s
	}
	return a + " " + b
}

func overlap(c cell, p row) bool { return p.x0 < c.x1 && p.x1 > c.x0 }

// currency says that s is a sign that belongs to the figure on its right.
func currency(s string) bool {
	if utf8.RuneCountInString(s) > 3 {
		return false
	}
	for _, r := range s {
		if !unicode.Is(unicode.Sc, r) && r != '(' && r != ' ' {
			return false
		}
	}
	return s != ""
}
