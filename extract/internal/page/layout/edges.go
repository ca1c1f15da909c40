package layout

import (
	"math"
	"slices"
)

const (
	// edgeRows bounds the pieces that may be a page's head or foot.
	edgeRows = 6
	// edgePart is the part of a page's height that they stand in.
	edgePart = 0.15
)

// edges puts a foot that was drawn before all else at the end, and a head that was drawn last at the
// start: they are drawn apart from the text, in whatever order the producer likes.
func edges(rows []row, height float64) []row {
	foot := 0 // how many first pieces stand below all others
	for k := 1; k <= min(edgeRows, len(rows)-edgeRows); k++ {
		if highest(rows[:k]) > math.Max(lowest(rows[k:]), height*(1-edgePart)) {
			foot = k
		}
	}
	head := 0
	for k := 1; k <= min(edgeRows, len(rows)-foot-edgeRows); k++ {
		if n := len(rows) - k; lowest(rows[n:]) < math.Min(highest(rows[foot:n]), height*edgePart) {
			head = k
		}
	}
	if foot == 0 && head == 0 {
		return rows
	}
	n := len(rows) - head
	return slices.Concat(rows[n:], rows[foot:n], rows[:foot])
}

// highest is the least y of the rows' letters, lowest the greatest of their baselines.
func highest(rows []row) float64 {
	y := math.Inf(1)
	for _, r := range rows {
		y = math.Min(y, r.base-0.5*r.size)
	}
	return y
}

func lowest(rows []row) float64 {
	y := math.Inf(-1)
	for _, r := range rows {
		y = math.Max(y, r.base)
	}
	return y
}
