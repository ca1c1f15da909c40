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

// edges puts a footer that was drawn before the text at the end, and a header that was drawn after it at the
// start: they are drawn apart from the text, in whatever order the producer likes, one often right after the other.
func edges(rows []row, height float64) []row {
	n := len(rows)
	if n <= edgeRest {
		return rows
	}
	first := 0 // a header drawn first is where it belongs
	for k := 1; k <= min(edgeRows, n-edgeRest); k++ {
		if lowest(rows[:k]) < min(highest(rows[k:]), height*headPart) {
			first = k
		}
	}
	if b := footerOf(rows[first:], height); b > 0 {
		rows = slices.Concat(rows[:first], rows[first+b:], rows[first:first+b])
	}
	last := n // and so are a footer, and what runs along the side, drawn last
	for k := 1; k <= min(edgeRows, n-edgeRest); k++ {
		if highest(rows[n-k:]) > max(lowest(rows[:n-k]), height*(1-footPart)) {
			last = n - k
		}
	}
	if h := headerOf(rows[:last], height); h > 0 {
		rows = slices.Concat(rows[last-h:last], rows[:last-h], rows[last:])
	}
	return rows
}

// footerOf is how many first pieces stand below all others, at the page's end.
func footerOf(rows []row, height float64) (footer int) {
	for k := 1; k <= min(edgeRows, len(rows)-edgeRest); k++ {
		if y := highest(rows[:k]); y > max(lowest(rows[k:]), height*(1-footPart)) && !math.IsInf(y, 0) {
			footer = k
		}
	}
	return footer
}

// headerOf is how many last pieces stand above all others, at the page's start.
func headerOf(rows []row, height float64) (header int) {
	for k := 1; k <= min(edgeRows, len(rows)-edgeRest); k++ {
		if y, n := lowest(rows[len(rows)-k:]), len(rows)-k; y < min(highest(rows[:n]), height*headPart) && !math.IsInf(y, 0) {
			header = k
		}
	}
	return header
}

// highest is the least y of the letters of rows that are not vertical, lowest the greatest of their baselines.
func highest(rows []row) float64 {
	y := math.Inf(1)
	for _, r := range rows {
		if !r.vertical {
			y = min(y, r.base-0.5*r.size)
		}
	}
	return y
}

func lowest(rows []row) float64 {
	y := math.Inf(-1)
	for _, r := range rows {
		if !r.vertical {
			y = max(y, r.base)
		}
	}
	return y
}
