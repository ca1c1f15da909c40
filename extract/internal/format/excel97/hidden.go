package excel97

import "github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/le"

// unseen are the rows and columns of a sheet that nobody sees. Those that a filter hides or that are folded up count as seen
// (docs/adr/0048-what-is-hidden-or-deleted.md).
type unseen struct {
	filtered bool
	rows     map[int]bool
	columns  map[int]bool
}

// note reads what a sheet says of its rows and columns, which stands before their cells.
func (u *unseen) note(kind int, d []byte) {
	switch kind {
	case xFilterMode:
		u.filtered = true
	case xRow:
		if flags := le.U16(d, 12); len(d) >= 16 && flags&0x20 != 0 && flags&7 == 0 {
			u.rows = put(u.rows, le.U16(d, 0), le.U16(d, 0))
		}
	case xColumns:
		if flags := le.U16(d, 8); len(d) >= 10 && flags&1 != 0 && flags>>8&7 == 0 {
			u.columns = put(u.columns, le.U16(d, 0), min(le.U16(d, 2), 0xff))
		}
	}
}

func put(m map[int]bool, from, to int) map[int]bool {
	if m == nil {
		m = map[int]bool{}
	}
	for i := from; i <= to; i++ {
		m[i] = true
	}
	return m
}

func (u *unseen) column(col int) bool { return u.columns[col] }

// cell says that nobody sees what a record of this kind says of a cell; one of several cells says where the first of them is.
func (u *unseen) cell(kind, row, col int) bool {
	switch kind {
	case xString, 0x07: // which say of no cell, but follow one
		return false
	case xMulRK:
		col = -1
	}
	return !u.filtered && u.rows[row] || u.columns[col]
}
