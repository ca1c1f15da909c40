package layout

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	// textCell is the length from which the middle cell of a column is taken for running text.
	textCell = 25
	// figureShare is the share of figures that makes a column one of figures.
	figureShare = 0.6
	// fragmentShare is the share of single letters and signs from which a grid is a formula.
	fragmentShare = 0.3
)

// tabular decides by the words of a grid whether it is a table: columns of figures, or several
// columns of short texts, most of them filled. Two columns of words are taken for a form, a list or
// prose, which read well as lines.
func tabular(rows [][]string) bool {
	width, filled, fragments := len(rows[0]), 0, 0
	text, figures := 0, 0
	for c := range width {
		k := columnOf(rows, c)
		filled += k.cells
		fragments += k.fragments
		if k.cells > 0 && k.middle >= textCell {
			text++
		}
		// The header of a column of figures is words.
		if c > 0 && k.cells >= 2 && float64(k.figures) >= figureShare*float64(k.cells-1) {
			figures++
		}
	}
	first := columnOf(rows, 0)
	switch {
	case float64(filled) < tableFill*float64(width*len(rows)), float64(fragments) > fragmentShare*float64(filled), leaders(rows):
		return false
	case width == 2:
		return figures == 1 && first.marks < first.cells
	case text > 1, first.marks == first.cells && width == 3 && text > 0:
		return false
	}
	return figures > 0 || len(rows) > tableRows
}

// column is what tabular wants to know of one.
type column struct {
	cells, figures, fragments, marks int
	middle                           int // length of its middle cell, in characters
}

func columnOf(rows [][]string, c int) (k column) {
	var lengths []int
	for _, r := range rows {
		s := r[c]
		if s == "" {
			continue
		}
		k.cells++
		lengths = append(lengths, utf8.RuneCountInString(s))
		switch {
		case figure(s):
			k.figures++
		case fragment(s):
			k.fragments++
		}
		if listMark.MatchString(s + " ") {
			k.marks++
		}
	}
	if k.cells > 0 {
		slices.Sort(lengths)
		k.middle = lengths[len(lengths)/2]
	}
	return k
}

// figure says that s is an amount, a date, a range, or the dash that stands for none.
func figure(s string) bool {
	digits, letters := 0, 0
	for _, r := range s {
		switch {
		case unicode.IsDigit(r):
			digits++
		case unicode.IsLetter(r):
			letters++
		}
	}
	return digits > 0 && letters <= digits+2 || letters == 0 && strings.Trim(s, "-–—−$€£¥ ") == ""
}

// fragment says that s is a piece of a formula or drawing: it holds neither a word nor a figure.
func fragment(s string) bool {
	run := 0
	for _, r := range s {
		switch {
		case unicode.IsDigit(r):
			return false
		case unicode.IsLetter(r):
			run++
		default:
			run = 0
		}
		if run == 2 || run == 1 && r >= 0x3000 {
			return false
		}
	}
	return true
}

// leaders says that the dots of a contents page run through the rows.
func leaders(rows [][]string) bool {
	n := 0
	for _, r := range rows {
		if s := strings.Join(r, ""); strings.Contains(s, ". . .") || strings.Contains(s, "....") || strings.Contains(s, "…………") {
			n++
		}
	}
	return 2*n > len(rows)
}
