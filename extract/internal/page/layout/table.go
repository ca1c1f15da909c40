package layout

import (
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	// tableRows is the least number of rows with several cells that make a table.
	tableRows = 3
	// maxColumns bounds a table: more are the ticks of a drawing or a puzzle.
	maxColumns = 32
	// tableGutter is the least width of the space between two columns, in font sizes.
	tableGutter = 0.8
	// rowStep is the widest step from one row to the next, in font sizes.
	rowStep = 3.5
	// loneRows is how many rows of one cell (a label, a subtotal) may stand between two rows of several.
	loneRows = 3
	// tableFill is the least share of fields that hold text, rows of one cell not counted.
	tableFill = 0.5
	// loneSize is how much larger than the row above a row of one cell may be; a larger one is a heading.
	loneSize = 1.2
	// loneChars is the length of a note that may reach across the columns of a table.
	loneChars = 80
)

// table is a run of pieces that stand in rows and columns.
type table struct {
	from, to int // pieces
	rows     [][]string
	places   []cell // box and size of each row
}

// tables finds what surely is a table: cells that line up below each other with clear gutters.
func tables(pieces []row) []table {
	rows := grid(pieces)
	var out []table
	done := 0
	for i := 0; i < len(rows); i++ {
		if len(rows[i].cells) < 2 {
			continue
		}
		cols, n := grow(rows[i:])
		from := i
		if i > done && labelAbove(rows[i-1], rows[i]) {
			from--
		}
		if t, ok := makeTable(rows[from:i+n], cols); ok {
			out = append(out, t)
			done = i + n
			i = done - 1
		}
	}
	return out
}

// labelAbove says that a is the first line of the label that b's first cell ends.
func labelAbove(a, b gridRow) bool {
	return len(a.cells) == 1 && follows(a, b) && lowerStart(b.cells[0].text) && math.Abs(a.cells[0].x0-b.cells[0].x0) < b.cells[0].size
}

// grow takes rows as long as their cells keep to common columns that stand apart. It returns the columns and the number of rows.
func grow(rows []gridRow) (columns, int) {
	cols, ok := columns(nil).place(rows[0])
	if !ok {
		return nil, 1
	}
	n := 1
	for i := 1; i < len(rows); i++ {
		if !follows(rows[i-1], rows[i]) {
			break
		}
		if len(rows[i].cells) < 2 {
			if i-n >= loneRows || rows[i].cells[0].size > loneSize*rows[n-1].cells[0].size || !fits(cols, rows[i].cells[0]) {
				break
			}
			continue
		}
		next, ok := cols.place(rows[i])
		if gap := tableGutter * rows[0].cells[0].size; !ok || cols.wideGutters(gap) && !next.wideGutters(gap) {
			break
		}
		cols, n = next, i+1
	}
	return cols, n
}

// follows says that b stands closely below a, in similar type.
func follows(a, b gridRow) bool {
	if b.barrier {
		return false
	}
	bottom, size := a.cells[0].base, a.cells[0].size
	for _, c := range a.cells {
		bottom = max(bottom, c.base)
	}
	dy := b.cells[0].top - bottom
	size = max(1, min(size, b.cells[0].size))
	return dy > 0.5*size && dy <= rowStep*size && math.Abs(a.cells[0].size-b.cells[0].size) < 0.4*size
}

// fits says that a row of one cell may belong to a table: a label in its first column, a figure
// in another, or a short note below a row.
func fits(cols columns, c cell) bool {
	hit := 0
	for _, s := range cols {
		if c.x0 < s.x1 && c.x1 > s.x0 {
			hit++
		}
	}
	return hit <= 1 && c.x1 <= cols[len(cols)-1].x1+c.size || utf8.RuneCountInString(c.text) <= loneChars && c.x0 > cols[0].x1
}

// makeTable makes a table of rows, or refuses what may be prose, a list, a contents page or a formula.
func makeTable(rows []gridRow, cols columns) (table, bool) {
	wide := slices.DeleteFunc(slices.Clone(rows), func(r gridRow) bool { return len(r.cells) < 2 })
	if len(wide) < tableRows || len(cols) < 2 || !cols.wideGutters(tableGutter*wide[0].cells[0].size) {
		return table{}, false
	}
	var full [][]string
	for _, r := range wide {
		full = append(full, cols.fields(r))
	}
	fold := headerOnly(full)
	for i := range full {
		full[i] = fold.apply(full[i])
	}
	if len(full[0]) < 2 || !tabular(full) || monospaced(wide) {
		return table{}, false
	}
	t := table{from: rows[0].from, to: rows[len(rows)-1].to}
	for _, r := range rows {
		f := fold.apply(cols.fields(r))
		if n := len(t.rows); n > 0 && wrapped(t.rows[n-1], f) {
			f[0] = joinText(t.rows[n-1][0], f[0])
			t.rows[n-1], t.places[n-1] = f, box(r)
			continue
		}
		t.rows, t.places = append(t.rows, f), append(t.places, box(r))
	}
	return t, true
}

// wrapped says that a is a label alone that goes on in b's first field.
func wrapped(a, b []string) bool {
	return a[0] != "" && lowerStart(b[0]) && strings.Join(a[1:], "") == ""
}

func lowerStart(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsLower(r)
}

func box(r gridRow) cell {
	b := r.cells[0]
	for _, c := range r.cells[1:] {
		b.x0, b.x1, b.top, b.base = min(b.x0, c.x0), max(b.x1, c.x1), min(b.top, c.top), max(b.base, c.base)
	}
	return b
}

func monospaced(rows []gridRow) bool {
	mono, all := 0, 0
	for _, r := range rows {
		for _, c := range r.cells {
			all++
			if c.mono {
				mono++
			}
		}
	}
	return 2*mono > all
}
