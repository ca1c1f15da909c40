package layout

import (
	"slices"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/page/mupdf"
)

// maxOffCentre is how far, in font sizes, an accent may stand from the middle of its letter: over
// slanted letters it is shifted, beside one it is farther away.
const maxOffCentre = 0.22

// marksOf gives the combining mark of an accent that is a character of its own.
var marksOf = map[rune]rune{
	'`': 0x300, '´': 0x301, 'ˆ': 0x302, '^': 0x302, '˜': 0x303, '~': 0x303, '¯': 0x304, 'ˉ': 0x304, '˘': 0x306,
	'˙': 0x307, '¨': 0x308, '˚': 0x30a, '˝': 0x30b, 'ˇ': 0x30c, '¸': 0x327, '˛': 0x328,
}

// mark is the combining mark that c may stand for, 0 for none.
func mark(c mupdf.Char) rune {
	switch {
	case c.R < 0x5e || c.R >= 'a' && c.R <= 'z' || c.R > '~' && c.R < 0xa8 || c.R > 0xb8 && c.R < 0x2c6 || c.R > 0x36f:
		return 0
	case c.R >= 0x300:
		return c.R
	}
	return marksOf[c.R]
}

// accents puts accents that were drawn over a letter of their own into that letter: TeX and others
// draw ´ and then an e at the same place. An accent beside a letter stays what it is.
func accents(chars []mupdf.Char) []mupdf.Char {
	first := slices.IndexFunc(chars, func(c mupdf.Char) bool { return mark(c) != 0 })
	if first < 0 {
		return chars
	}
	out := append(make([]mupdf.Char, 0, len(chars)), chars[:first]...)
	for i := first; i < len(chars); i++ {
		c := chars[i]
		m, n := mark(c), len(out)-1
		switch {
		case m == 0:
			out = append(out, c)
		case i+1 < len(chars) && over(c, chars[i+1]):
			i++
			out = append(out, accented(chars[i], m)...)
		case n >= 0 && m != c.R && over(c, out[n]):
			out = append(out[:n], accented(out[n], m)...)
		default:
			out = append(out, c)
		}
	}
	return out
}

const (
	// negation is the stroke that TeX draws before the sign that it goes through, mapsTo the bar before an arrow.
	negation, mapsTo = '\u0338', '↦'
	// leftHook is the hook before an arrow to the right, rightHook the one behind an arrow to the left, as they are called by their fonts.
	leftHook, rightHook = '↩', '↪'
	// strokeGap is how far right of the stroke its sign begins at most, in font sizes.
	strokeGap = 0.35
)

// strokes puts a negation and the sign drawn over it into one character, as in ≠, and so an arrow and the bar or hook at its end.
func strokes(chars []mupdf.Char) []mupdf.Char {
	out := make([]mupdf.Char, 0, len(chars))
	for i := 0; i < len(chars); i++ {
		c, j := chars[i], i+1
		for j < len(chars) && isSynthetic(chars[j]) {
			j++
		}
		if j == len(chars) {
			out = append(out, c)
			continue
		}
		next := chars[j]
		atop := abs(next.A-c.A) <= strokeGap*c.Size
		behind := abs(next.A-c.B) <= strokeGap*c.Size
		whole := []rune{c.R}
		switch {
		case atop && c.R == negation && unicode.Is(unicode.Sm, next.R):
			whole = []rune(norm.NFC.String(string([]rune{next.R, negation})))
		case atop && c.R == mapsTo && next.R == '→':
		case behind && c.R == leftHook && next.R == '→':
			whole[0] = '↪'
		case behind && c.R == '←' && next.R == rightHook:
			whole[0] = '↩'
		default:
			out = append(out, c)
			continue
		}
		next.A, next.B = min(c.A, next.A), max(c.B, next.B)
		for _, r := range whole {
			next.R = r
			out = append(out, next)
			next.A = next.B
		}
		i = j
	}
	return out
}

// over says that the accent was drawn over the middle of the letter.
func over(accent, letter mupdf.Char) bool {
	return unicode.IsLetter(letter.R) && letter.B > letter.A &&
		abs(accent.A+accent.B-letter.A-letter.B) < 2*maxOffCentre*letter.Size
}

// accented is the letter with the mark: one character where Unicode has it.
func accented(letter mupdf.Char, mark rune) []mupdf.Char {
	base := letter.R
	switch {
	case base == 'ı' && mark < 0x327:
		base = 'i'
	case base == 'ȷ' && mark < 0x327:
		base = 'j'
	}
	var out []mupdf.Char
	for _, r := range norm.NFC.String(string([]rune{base, mark})) {
		letter.R = r
		out = append(out, letter)
	}
	return out
}
