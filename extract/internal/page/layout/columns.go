package layout

import "slices"

// columns are the disjoint ranges of x that the cells of a table take, from left to right.
type columns []span

type span struct{ x0, x1 float64 }

// place gives the column each cell of r stands in, with r's cells taken into the columns.
// It refuses a row of which a cell reaches into two columns, or two cells stand in one.
func (c columns) place(r gridRow) (columns, bool) {
	out := slices.Clone(c)
	taken := make([]bool, len(c), len(c)+len(r.cells))
	for _, k := range r.cells {
		at := -1
		for i, s := range out {
			if k.x0 < s.x1 && k.x1 > s.x0 {
				if at >= 0 || taken[i] {
					return nil, false
				}
				at = i
			}
		}
		if at < 0 {
			at, _ = slices.BinarySearchFunc(out, k.x0, func(s span, x float64) int {
				if s.x0 < x {
					return -1
				}
				return 1
			})
			out = slices.Insert(out, at, span{k.x0, k.x1})
			taken = slices.Insert(taken, at, true)
			continue
		}
		taken[at] = true
		out[at] = span{min(out[at].x0, k.x0), max(out[at].x1, k.x1)}
	}
	return out, len(out) <= maxColumns
}

// of is the column that x stands in or right of, -1 when it is left of all.
func (c columns) of(x0, x1 float64) int {
	at := -1
	for i, s := range c {
		if s.x0 <= x0 || x1 > s.x0 {
			at = i
			if x0 < s.x1 {
				break
			}
		}
	}
	return at
}

// wideGutters says that every gutter is at least gap points wide.
func (c columns) wideGutters(gap float64) bool {
	for i := 1; i < len(c); i++ {
		if c[i].x0-c[i-1].x1 < gap {
			return false
		}
	}
	return true
}

// fields sorts a row's texts into the columns.
func (c columns) fields(r gridRow) []string {
	out := make([]string, len(c))
	for _, k := range r.cells {
		i := max(0, c.of(k.x0, k.x1))
		if out[i] != "" {
			out[i] += " "
		}
		out[i] += k.text
	}
	return out
}
