package flow

import (
	"cmp"
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
)

// Cells are the filled cells of a sheet by row, each row's as they came.
type Cells map[int][]Cell

// Cell is a filled one with its column.
type Cell struct {
	Col  int
	Text string
}

// Put fills a cell and says whether there was anything to fill it with. Of what is put into one cell the last counts.
func (c Cells) Put(row, col int, v string) bool {
	if v == "" {
		return false
	}
	r := c[row]
	if n := len(r); n > 0 && r[n-1].Col == col {
		r[n-1].Text = v
		return true
	}
	c[row] = append(r, Cell{col, v})
	return true
}

// At is what was put last into a cell, "" where nothing was.
func (c Cells) At(row, col int) string {
	for _, cell := range slices.Backward(c[row]) {
		if cell.Col == col {
			return cell.Text
		}
	}
	return ""
}

// maxGaps is from how many fields on, filled or not, a sheet is written without the empty ones: their tabs alone would be more than the text of a
// page may have.
const maxGaps = 16 << 20

// Grid writes cells as a table; empty rows and columns are left out. It takes the cells.
func Grid(rows Cells) string {
	at := rows.columns()
	width := 0
	var kept []int
	for _, k := range slices.Sorted(maps.Keys(rows)) {
		last := 0
		for _, c := range rows[k] {
			if strings.TrimSpace(c.Text) != "" {
				last = at[c.Col] + 1
			}
		}
		if last > 0 {
			kept = append(kept, k)
			width = max(width, last)
		}
	}
	if len(kept) == 0 {
		return ""
	}
	if width == 1 || len(kept) == 1 && slices.ContainsFunc(rows[kept[0]], func(c Cell) bool { return long([]string{c.Text}) }) {
		return lines(rows, kept, at, width)
	}
	if width > maxGaps/len(kept) {
		at = nil
	}
	var b strings.Builder
	doc.WriteRows(&b, len(kept), width, func(i int) iter.Seq[string] { return fieldsOf(rows[kept[i]], at, width) })
	return b.String()
}

// columns brings the cells of each row into order, one for each column, and numbers the columns that there are.
func (c Cells) columns() map[int]int {
	used := map[int]int{}
	for k, r := range c {
		slices.SortStableFunc(r, func(a, b Cell) int { return cmp.Compare(a.Col, b.Col) })
		n := 0
		for i, cell := range r {
			if i+1 < len(r) && r[i+1].Col == cell.Col {
				continue
			}
			r[n] = cell
			n++
			used[cell.Col] = 0
		}
		c[k] = r[:n]
	}
	for i, col := range slices.Sorted(maps.Keys(used)) {
		used[col] = i
	}
	return used
}

// fieldsOf gives the cells of a row with the empty ones, width of them in all, or without these where at is nil.
func fieldsOf(r []Cell, at map[int]int, width int) iter.Seq[string] {
	return func(yield func(string) bool) {
		n := 0
		for _, c := range r {
			for ; at != nil && n < at[c.Col]; n++ {
				if !yield("") {
					return
				}
			}
			if !yield(c.Text) {
				return
			}
			n++
		}
		for ; at != nil && n < width; n++ {
			if !yield("") {
				return
			}
		}
	}
}

// lines writes each cell on a line of its own, row by row.
func lines(rows Cells, kept []int, at map[int]int, width int) string {
	var b strings.Builder
	for _, k := range kept {
		for _, c := range rows[k] {
			if at[c.Col] >= width {
				break
			}
			if b.Len() > 0 {
				b.WriteByte('\n')
			}
			b.WriteString(c.Text)
		}
	}
	return b.String()
}
