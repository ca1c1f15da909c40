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

// edges puts feet that were drawn before the text at the end, and heads that were drawn after it at
// the start: they are drawn apart from the text, in whatever order the producer likes.
func edges(rows []row, height float64) []row {
	k := min(edgeRows, len(rows)-edgeRows)
	if k <= 0 {
		return rows
	}
	end := len(rows) - k
	low, high := lowest(rows[k:]), highest(rows[:end])
	foot := func(r row) bool { return r.base >= low-0.1*r.size && r.base > height*(1-edgePart) }
	head := func(r row) bool { return r.base <= high+0.6*r.size && r.base < height*edgePart }
	if !slices.ContainsFunc(rows[:k], foot) && !slices.ContainsFunc(rows[end:], head) {
		return rows
	}
	var heads, text, feet []row
	for i, r := range rows {
		switch {
		case i < k && foot(r):
			feet = append(feet, r)
		case i >= end && head(r):
			heads = append(heads, r)
		default:
			text = append(text, r)
		}
	}
	return slices.Concat(heads, text, feet)
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
