package layout

// Piece is a stretch of recognised words that stand side by side; all sizes are pixels of the page.
type Piece struct {
	X0, X1, Base float64
	Size         float64 // of its type
	Text         string
}

// Table is a run of pieces, From to To-1, that stand in rows of as many fields each.
type Table struct {
	From, To int
	Rows     [][]string
}

// Tables finds what surely is a table among pieces that are in reading order, by the rules for printed ones
// and one more: words that line up on a scan may be a form or the labels of a drawing.
func Tables(pieces []Piece) []Table {
	rows := make([]row, len(pieces))
	for i, p := range pieces {
		rows[i] = row{x0: p.X0, x1: p.X1, y0: p.Base - p.Size, y1: p.Base, base: p.Base, size: p.Size, text: p.Text}
	}
	var out []Table
	for _, t := range tables(rows) {
		if !Figured(t.rows) {
			continue
		}
		out = append(out, Table{From: t.from, To: t.to, Rows: t.rows})
	}
	return out
}

// Figured says that a column beside the first holds figures, but for its head.
func Figured(rows [][]string) bool {
	for c := 1; c < len(rows[0]); c++ {
		if k := columnOf(rows, c); k.figures >= 2 && float64(k.figures) >= figureShare*float64(k.cells-1) {
			return true
		}
	}
	return false
}
