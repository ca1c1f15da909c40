package layout

import (
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/page/mupdf"
)

// drawn sets the letters of s 5 points wide side by side in 10 pt; accents stand over the letter
// after them when before is true, else over the one in front, shifted by off points.
func drawn(s string, before bool, off float64) mupdf.Line {
	l := mupdf.Line{DX: 1, Size: 10}
	x := 0.0
	for _, r := range s {
		c := mupdf.Char{R: r, A: x, B: x + 5, Size: 10}
		if m := mark(c); m != 0 {
			if !before {
				c.A, c.B = c.A-5, c.B-5
			}
			c.A, c.B = c.A+off, c.B+off
		} else {
			x += 5
		}
		l.Chars = append(l.Chars, c)
	}
	l.X1 = x
	return l
}

func TestAccentsGoIntoTheirLetters(t *testing.T) {
	for _, c := range []struct {
		what, in string
		before   bool
		off      float64
		want     string
	}{
		{"accent first, as TeX draws it", "Poincar´e", true, 0.5, "Poincaré"},
		{"accent last", "Poincare´", false, 0, "Poincaré"},
		{"shifted over a slanted letter", "G¨urkan", true, 1.8, "Gürkan"},
		{"cedilla", "garc¸on", false, 0, "garçon"},
		{"the dot of an i goes", "Garc´ıa", true, 0, "García"},
		{"a letter without a composed form", "¯ρ is a mean", true, 0, "ρ\u0304 is a mean"},
		{"a combining mark stays behind its letter", "e\u0301a", false, 0, "e\u0301a"},
	} {
		if got := lineText(drawn(c.in, c.before, c.off)); got != c.want {
			t.Errorf("%s: %q, want %q", c.what, got, c.want)
		}
	}
	if got := lineText(typed("x^y `quoted´", 0)); got != "x^y `quoted´" {
		t.Errorf("accents beside letters: %q", got)
	}
}

// TeX draws the stroke of ≠ before =, and the bar of ↦ before the arrow, each as a character of its own.
func TestSignsDrawnInPieces(t *testing.T) {
	at := func(r rune, a, b float64) mupdf.Char { return mupdf.Char{R: r, A: a, B: b, Size: 10} }
	gap := func(a, b float64) mupdf.Char { return mupdf.Char{R: ' ', A: a, B: b, Size: 10, Synthetic: true} }
	for want, chars := range map[string][]mupdf.Char{
		"x ≠ y": {at('x', 0, 5.7), at(negation, 8.5, 8.5), gap(8.5, 8.6), at('=', 8.5, 16.3), at('y', 19, 24)},
		"∉":     {at(negation, 0, 0), at('∈', 0.1, 6.7)},
		"⊄":     {at(negation, 0, 0), at('⊂', 0, 7.7)},
		"∦":     {at(negation, 0, 0), at('∥', 0, 5)},
		"x ↦ y": {at('x', 0, 5.7), at(mapsTo, 8.5, 8.5), at('→', 8.5, 18.5), at('y', 21, 26)},
		"a̸b":   {at('a', 0, 5), at(negation, 5, 5), at('b', 5, 10)},
		"↦":     {at(mapsTo, 0, 7)},
		"↪a":    {at(leftHook, 0, 2.8), at('→', 1.1, 11.1), at('a', 11.5, 16)},
		"↩":     {at('←', 0, 10), at(rightHook, 8.3, 11.1)},
		"↩ ↪":   {at(leftHook, 0, 10), at(rightHook, 20, 30)},
	} {
		if got := lineText(mupdf.Line{Chars: chars, DX: 1}); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
