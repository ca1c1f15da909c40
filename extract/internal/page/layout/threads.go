package layout

import (
	"cmp"
	"math"
	"slices"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/page/mupdf"
)

// threaded puts the text of articles into the order that the document's writer gave their pieces. What belongs to no piece stays where it
// was: before all of them, after all of them, or behind the line that it follows. One piece alone says nothing.
func threaded(rows []row, beads []mupdf.Place) []row {
	if len(beads) < 2 {
		return rows
	}
	type placed struct {
		row
		bead int
	}
	list, seen, last := make([]placed, len(rows)), map[int]bool{}, -1
	for i, r := range rows {
		list[i] = placed{r, last}
		if b := beadOf(r, beads); b >= 0 {
			list[i].bead, last = b, b
			seen[b] = true
		}
	}
	if len(seen) < 2 {
		return rows
	}
	for i := len(rows) - 1; beadOf(rows[i], beads) < 0; i-- {
		list[i].bead = math.MaxInt
	}
	slices.SortStableFunc(list, func(a, b placed) int { return cmp.Compare(a.bead, b.bead) })
	out := make([]row, len(rows))
	for i, p := range list {
		out[i] = p.row
	}
	return out
}

// beadOf is the first piece of an article in which the middle of r lies, -1 where it lies in none.
func beadOf(r row, beads []mupdf.Place) int {
	x, y := (r.x0+r.x1)/2, (r.y0+r.y1)/2
	return slices.IndexFunc(beads, func(b mupdf.Place) bool { return b.X0 <= x && x <= b.X1 && b.Y0 <= y && y <= b.Y1 })
}
