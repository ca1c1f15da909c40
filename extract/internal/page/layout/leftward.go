package layout

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/page/mupdf"
)

// maxGap is the widest gap, in font sizes, within a line that is read from right to left.
const maxGap = 1.5

// leftward puts the pieces of a right-to-left line together: MuPDF begins a new line wherever the
// drawing goes on to the left.
func leftward(lines []mupdf.Line) []mupdf.Line {
	first := slices.IndexFunc(lines, hasRTL)
	if first < 0 {
		return lines
	}
	first = max(0, first-1)
	out := append(make([]mupdf.Line, 0, len(lines)), lines[:first]...)
	own := -1 // the line whose characters are no longer shared with the page's
	for _, l := range lines[first:] {
		n := len(out) - 1
		if n < 0 || !onLeft(out[n], l) {
			out = append(out, l)
			continue
		}
		a := &out[n]
		if own != n {
			own, a.Chars = n, slices.Clip(a.Chars)
		}
		a.Chars = append(a.Chars, l.Chars...)
		a.X0, a.Y0, a.X1, a.Y1 = min(a.X0, l.X0), min(a.Y0, l.Y0), max(a.X1, l.X1), max(a.Y1, l.Y1)
	}
	return out
}

func hasRTL(l mupdf.Line) bool {
	return slices.ContainsFunc(l.Chars, func(c mupdf.Char) bool { return c.RTL })
}

// tail is the line's last few characters: lines put together may be long.
func tail(l mupdf.Line) mupdf.Line {
	l.Chars = l.Chars[max(0, len(l.Chars)-100):]
	return l
}

// onLeft says that b goes on left of a on the same baseline, in right-to-left text.
func onLeft(a, b mupdf.Line) bool {
	size := max(a.Size, b.Size)
	gap := a.X0 - b.X1
	return a.DX > 0.999 && b.DX > 0.999 && !a.Vertical && !b.Vertical && math.Abs(a.Base-b.Base) <= 0.2*size &&
		gap >= -0.5*size && gap <= 0.5*size && b.X0 < a.X0 && (hasRTL(b) || hasRTL(tail(a)))
}

// readLeftward gives a line that is mainly right-to-left text in reading order, from its places on
// the page: MuPDF takes every line for left-to-right text with pieces turned round in it, and puts the
// full stop and the numbers of such a line at the wrong end. It leaves lines alone that are all of one
// direction.
func readLeftward(chars []mupdf.Char) ([]mupdf.Char, bool) {
	rtl, ltr, flat, mixed := 0, 0, 0, false
	for _, c := range chars {
		if unicode.IsLetter(c.R) && unadvanced(c) {
			flat++
		}
		switch {
		case c.RTL && unicode.IsLetter(c.R):
			rtl++
		case unicode.IsLetter(c.R):
			ltr++
		}
		mixed = mixed || !c.RTL && !isSpace(c)
	}
	if !mixed || rtl <= ltr || 3*flat > rtl {
		return chars, false
	}
	var groups [][]mupdf.Char // a character and what stands on it without a width of its own
	for i, c := range chars {
		switch n := len(groups) - 1; {
		case isSynthetic(c):
		case n >= 0 && (unadvanced(c) || unicode.Is(unicode.Mn, c.R)) && len(groups[n]) > 0 && i > 0:
			groups[n] = append(groups[n], c)
		default:
			groups = append(groups, []mupdf.Char{c})
		}
	}
	slices.SortStableFunc(groups, func(a, b []mupdf.Char) int { return -cmp.Compare(a[0].A+a[0].B, b[0].A+b[0].B) })
	kept := make([][]mupdf.Char, 0, len(groups))
	for i, g := range groups {
		if i > 0 && min(groups[i-1][0].A, groups[i-1][0].B)-max(g[0].A, g[0].B) > maxGap*g[0].Size {
			return chars, false // columns side by side
		}
		covered := g[0].R == ' ' && (i > 0 && inside(g[0], groups[i-1][0]) || i+1 < len(groups) && inside(g[0], groups[i+1][0]))
		if !covered {
			kept = append(kept, g)
		}
	}
	groups = kept
	forwards(groups)
	return mirrored(slices.Concat(groups...)), true
}

// forwards turns what is read from left to right, Latin words and numbers, back within the line.
func forwards(groups [][]mupdf.Char) {
	for i := 0; i < len(groups); i++ {
		if !runsForward(groups, i) {
			for k := range groups[i] {
				groups[i][k].RTL = true
			}
			continue
		}
		end := i
		for j := i + 1; j < len(groups) && j-end <= 3 && !isRightToLeft(groups[j][0].R); j++ {
			if runsForward(groups, j) && joins(groups[end:j+1]) {
				end = j
			}
		}
		slices.Reverse(groups[i : end+1])
		for _, g := range groups[i : end+1] {
			for k := range g {
				g[k].RTL = false
			}
		}
		i = end
	}
}

// runsForward says that a group is a Latin letter or a digit, or a sign of a number beside one.
func runsForward(groups [][]mupdf.Char, i int) bool {
	r := groups[i][0].R
	if unicode.IsDigit(r) || unicode.IsLetter(r) && !isRightToLeft(r) {
		return true
	}
	digitAt := func(k int) bool { return k >= 0 && k < len(groups) && unicode.IsDigit(groups[k][0].R) }
	return strings.ContainsRune("%$€£₪", r) && (digitAt(i-1) || digitAt(i+1))
}

// joins says that the first and the last group belong to one run: between digits only the signs of a
// number may stand.
func joins(groups [][]mupdf.Char) bool {
	a, b := groups[0][0].R, groups[len(groups)-1][0].R
	if unicode.IsLetter(a) || unicode.IsLetter(b) {
		return true
	}
	return len(groups) <= 2 || len(groups) == 3 && strings.ContainsRune(".,:/-٫٬", groups[1][0].R)
}

func isRightToLeft(r rune) bool { // asked of every character
	return r >= firstLeftward && unicode.In(r, unicode.Hebrew, unicode.Arabic, unicode.Syriac, unicode.Thaana, unicode.Nko) && !unicode.IsDigit(r)
}

// firstLeftward is the first character of a script that is written from right to left.
const firstLeftward = 0x590

var brackets = map[rune]rune{'(': ')', '[': ']', '{': '}', '<': '>', '«': '»', '‹': '›', ')': '(', ']': '[', '}': '{', '>': '<', '»': '«', '›': '‹'}

// mirrored swaps brackets where the file names them by their shape: then the first closes and the last opens.
func mirrored(chars []mupdf.Char) []mupdf.Char {
	const opening = "([{<«‹"
	first, last := rune(0), rune(0)
	for _, c := range chars {
		if brackets[c.R] != 0 {
			if first == 0 {
				first = c.R
			}
			last = c.R
		}
	}
	if first == 0 || strings.ContainsRune(opening, first) || !strings.ContainsRune(opening, last) {
		return chars
	}
	for i, c := range chars {
		if other := brackets[c.R]; other != 0 {
			chars[i].R = other
		}
	}
	return chars
}
