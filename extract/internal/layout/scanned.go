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

// Tables finds what surely is a table among pieces that are in reading order, by the rules for printed ones.
func Tables(pieces []Piece) []Table {
	rows := make([]row, len(pieces))
	for i, p := range pieces {
		rows[i] = row{x0: p.X0, x1: p.X1, y0: p.Base - p.Size, y1: p.Base, base: p.Base, size: p.Size, text: p.Text}
	}
	var out []Table
	for _, t := range tables(rows) {
		out = append(out, Table{From: t.from, To: t.to, Rows: t.rows})
	}
	return out
}
