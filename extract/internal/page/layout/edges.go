package layout

import (
	"math"
	"slices"
)

const (
	// edgeRows bounds the pieces that may be a page's header or footer; a letterhead has more than a line.
	edgeRows = 16
	// edgeRest is how many other pieces there are at least.
	edgeRest = 6
	// footPart and headPart are the parts of a page's height that they stand in.
	footPart, headPart = 0.15, 0.3
)

// edges puts a footer that was drawn before all else at the end, and a header that was drawn last at the
// start: they are drawn apart from the text, in whatever order the producer likes.
func edges(rows []row, height float64) []row {
	footer := 0 // how many first pieces stand below all others
	for k := 1; k <= min(edgeRows, len(rows)-edgeRest); k++ {
		if highest(rows[:k]) > math.Max(lowest(rows[k:]), height*(1-footPart)) {
			footer = k
		}
	}
	header := 0
	for k := 1; k <= min(edgeRows, len(rows)-footer-edgeRest); k++ {
		if n := len(rows) - k; lowest(rows[n:]) < math.Min(highest(rows[footer:n]), height*headPart) {
			header = k
		}
	}
	if footer == 0 && header == 0 {
		return rows
	}
	n := len(rows) - header
	return slices.Concat(rows[n:], rows[footer:n], rows[:footer])
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
