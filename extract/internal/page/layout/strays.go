package layout

import (
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	// strayGap is how far, in sizes of type, a piece goes on right of the one that it continues.
	strayGap = 0.4
	// strayRun is the most pieces that are put back together.
	strayRun = 8
	// strayStep is how far below, in sizes of type, the next line of a column is.
	strayStep = 1.8
)

// strays puts pieces of a line that were drawn apart from it where they go on: some producers draw what is set in another font after all else.
func strays(rows []row) []row {
	if len(rows) > columnMost {
		return rows
	}
	for i := 1; i < len(rows); i++ {
		r := &rows[i]
		if r.vertical || touches(&rows[i-1], r) {
			continue
		}
		j := 0 // most pieces go on none: that is known by their places, before anything is looked for in their words
		for j < len(rows) && !touches(&rows[j], r) {
			j++
		}
		if j == len(rows) || figure(r.text) || listMark.MatchString(r.text) || strings.ContainsFunc(r.text, isRightToLeft) || stands(rows, i) {
			continue
		}
		if j == i-1 || j+1 < len(rows) && j+1 != i && touches(&rows[j], &rows[j+1]) || !leaves(rows[min(i, j):max(i, j)+1]) {
			continue
		}
		end := i + 1
		for end < len(rows) && touches(&rows[end-1], &rows[end]) && end-i < strayRun {
			end++
		}
		if j >= i && j < end {
			continue
		}
		run := slices.Clone(rows[i:end])
		for k := range run {
			run[k].block = rows[j].block
		}
		rows = slices.Delete(rows, i, end)
		if j > i {
			j -= len(run)
		}
		rows = slices.Insert(rows, j+1, run...)
	}
	return rows
}

// stands says that piece i is a line of a column of its own: one just above or below it begins where it begins.
func stands(rows []row, i int) bool {
	r := rows[i]
	return slices.ContainsFunc(rows, func(o row) bool {
		d := math.Abs(o.base - r.base)
		return !o.vertical && math.Abs(o.start-r.start) <= 0.3*r.size && d > 0.5*r.size && d <= strayStep*r.size
	})
}

// leaves says that between the first and the last piece of a run something was drawn on another line: what is set above and below a line of a
// formula is part of it.
func leaves(run []row) bool {
	a := run[0]
	return slices.ContainsFunc(run, func(r row) bool { return r.vertical || math.Abs(r.base-a.base) > 1.1*a.size })
}

// touches says that b goes on right of a, on the same baseline.
func touches(a, b *row) bool {
	if a.vertical || b.vertical {
		return false
	}
	size := min(a.size, b.size)
	gap := b.start - a.ink
	if math.Abs(a.base-b.base) > 0.15*size || gap < -0.3*size || gap > strayGap*size || a.start >= b.start {
		return false
	}
	last, _ := utf8.DecodeLastRuneInString(a.text)
	first, _ := utf8.DecodeRuneInString(b.text)
	return gap > 0.15*size || !unicode.IsLetter(last) || !unicode.IsLetter(first) // cells of a table may meet
}
