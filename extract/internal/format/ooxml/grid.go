package ooxml

import (
	"errors"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/flow"
)

// maxColumns bounds the grid that is kept of a sheet.
const maxColumns = 16384

// errFull ends a sheet whose text or grid is over the limit; what was read of it counts.
var errFull = errors.New("too much text")

// grid collects the cells of one sheet, row by row.
type grid struct {
	rows flow.Table
	row  []string
	size int // cells kept so far, with the empty ones on the left of others
}

// put adds a cell to the row. It takes its bytes off text, and gives errFull when they or the cells are used up; the row that went
// over the limit is left out, for its page would be too large to be handed on.
func (g *grid) put(col int, v string, text *int64) error {
	if v == "" || col < 0 || col >= maxColumns {
		return nil
	}
	if n := col - len(g.row); n > 0 {
		g.size += n
		g.row = append(g.row, make([]string, n)...)
	}
	g.row = append(g.row[:col], v)
	g.size++
	if *text -= int64(len(v)); *text < 0 || g.size > flow.MaxCells {
		g.row = nil
		return errFull
	}
	return nil
}

// endRow ends the row; one without a cell is left out.
func (g *grid) endRow() {
	if len(g.row) > 0 {
		g.rows = append(g.rows, g.row)
		g.row = nil
	}
}

// table ends the sheet.
func (g *grid) table() flow.Table {
	g.endRow()
	return g.rows.Compact()
}
