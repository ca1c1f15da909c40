package layout

import (
	"math"
	"slices"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/page/mupdf"
)

// vertical puts the letters of vertical writing together, of which MuPDF makes a line each: downwards
// where they stand below one another, to the right where a file sets them side by side.
func vertical(lines []mupdf.Line) []mupdf.Line {
	first := slices.IndexFunc(lines, func(l mupdf.Line) bool { return l.Vertical })
	if first < 0 {
		return lines
	}
	out := append(make([]mupdf.Line, 0, len(lines)), lines[:first]...)
	flat := false // the last line was made of letters side by side
	for _, l := range lines[first:] {
		n := len(out) - 1
		if l.Vertical {
			l = settled(l)
			if n >= 0 && !flat && downward(&out[n], l) {
				continue
			}
			if n >= 0 && onward(&out[n], l, flat) {
				flat = true
				continue
			}
		}
		out, flat = append(out, l), false
	}
	return out
}

// settled is the line with a copy of its characters, all of which begin above their end: their own
// order depends on the file.
func settled(l mupdf.Line) mupdf.Line {
	l.Chars = slices.Clone(l.Chars)
	for i, c := range l.Chars {
		l.Chars[i].A, l.Chars[i].B = min(c.A, c.B), max(c.A, c.B)
	}
	return l
}

// downward takes l into a if it goes on downwards.
func downward(a *mupdf.Line, l mupdf.Line) bool {
	size := max(a.Size, l.Size)
	if !a.Vertical || math.Abs(a.X0+a.X1-l.X0-l.X1) > size || math.Abs(l.Y0-a.Y1) > 0.6*size {
		return false
	}
	takeIn(a, l)
	return true
}

// onward takes the single letter l into a, a letter or flat line, if it stands right of a's last letter
// on the same height.
func onward(a *mupdf.Line, l mupdf.Line, flat bool) bool {
	size := max(a.Size, l.Size)
	step := l.X1 - a.X1 // from one em square to the next
	if len(l.Chars) != 1 || !flat && (!a.Vertical || len(a.Chars) != 1) ||
		math.Abs(l.Y0-a.Y0)+math.Abs(l.Y1-a.Y1) > 0.2*size || step <= 0 || step > 1.3*size {
		return false
	}
	if !flat {
		a.Vertical, a.DX, a.DY, a.Base = false, 1, 0, a.Y1-0.12*size
		a.Chars[0].A = (a.X0+a.X1)/2 - size/4
	}
	at := (l.X0+l.X1)/2 - size/4
	a.Chars[len(a.Chars)-1].B = at
	l.Chars[0].A, l.Chars[0].B = at, at+size/2
	takeIn(a, l)
	return true
}

func takeIn(a *mupdf.Line, l mupdf.Line) {
	a.Chars = append(a.Chars, l.Chars...)
	a.X0, a.Y0, a.X1, a.Y1 = min(a.X0, l.X0), min(a.Y0, l.Y0), max(a.X1, l.X1), max(a.Y1, l.Y1)
}
