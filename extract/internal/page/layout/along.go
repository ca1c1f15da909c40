package layout

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// along puts pieces that were drawn one after another on one baseline in order from left to right:
// some producers draw the cells of a row in another one. Right-to-left text keeps its own.
func along(rows []row) {
	for i := 0; i < len(rows); {
		j := i + 1
		for j < len(rows) && onBaseline(rows[i], rows[j]) {
			j++
		}
		if j-i > 1 && !slices.IsSortedFunc(rows[i:j], leftFirst) {
			sortAlong(rows[i:j])
		}
		i = j
	}
}

func leftFirst(a, b row) int { return cmp.Compare(a.x0, b.x0) }

func onBaseline(a, b row) bool {
	return !a.vertical && !b.vertical && math.Abs(a.base-b.base) <= 0.15*min(a.size, b.size)
}

// sortAlong sorts a run, unless two of its pieces stand on one another.
func sortAlong(run []row) {
	sorted := slices.Clone(run)
	slices.SortStableFunc(sorted, leftFirst)
	for i, r := range sorted {
		if i > 0 && r.x0 < sorted[i-1].ink-0.3*r.size || strings.ContainsFunc(r.text, isRightToLeft) {
			return
		}
	}
	copy(run, sorted)
}
