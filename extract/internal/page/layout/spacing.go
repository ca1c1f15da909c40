package layout

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/page/mupdf"
)

const (
	// firstMark is the least character that may be a combining mark.
	firstMark = 0x300
	// wordGap is the gap between two letters, in font sizes, from which on they belong to two words.
	// Kerning stays below 0.1, and the narrowest spaces of justified text are above.
	wordGap = 0.11
	// maxTracking is the widest spacing of letters that still is a spaced-out word.
	maxTracking = 0.6
)

// lineText writes the characters of a line with spaces where its gaps are. Spaces the file holds are
// kept; those MuPDF guessed are guessed again, because it takes no account of tight or spaced-out lines.
func lineText(l mupdf.Line) string {
	chars := undouble(l.Chars)
	if marks, rtl, signs := unusual(chars); marks || rtl || signs {
		if signs {
			chars = strokes(chars)
		}
		if marks {
			chars = accents(chars)
		}
		if rtl {
			chars = settleSpaces(rightToLeft(chars))
		}
	}
	limit := tracking(chars)
	var b strings.Builder
	b.Grow(len(chars) + len(chars)/4)
	for i := range chars {
		c := &chars[i]
		if isSynthetic(*c) {
			continue
		}
		if i > 0 && !isSpace(*c) {
			if p := &chars[i-1]; !isSpace(*p) && apart(p, c, limit) || isSynthetic(*p) && apartAcrossGuessed(chars, i, limit) {
				b.WriteByte(' ')
			}
		}
		b.WriteRune(c.R)
	}
	return b.String()
}

// unusual says whether a line holds accents that are characters of their own, text from right to left, and signs of formulas in pieces.
func unusual(chars []mupdf.Char) (marks, rtl, signs bool) {
	for i := range chars {
		rtl = rtl || chars[i].RTL
		if r := chars[i].R; r >= 0x5e {
			marks = marks || mark(chars[i]) != 0
			signs = signs || r == negation || r == mapsTo || r == leftHook || r == rightHook
		}
	}
	return marks, rtl, signs
}

func isSpace(c mupdf.Char) bool {
	return c.R == ' ' || c.R != 0 && (c.R < '!' || c.R > '~') && unicode.IsSpace(c.R)
}
func isSynthetic(c mupdf.Char) bool { return c.Synthetic && c.R == ' ' }

// apartAcrossGuessed looks over the guessed spaces before chars[i] at what stands in front of them.
func apartAcrossGuessed(chars []mupdf.Char, i int, limit float64) bool {
	k := i - 1
	for k >= 0 && isSynthetic(chars[k]) {
		k--
	}
	if k < 0 || isSpace(chars[k]) {
		return false
	}
	// A piece placed somewhere else on the line is no part of the word before it.
	g := gap(&chars[k], &chars[i])
	return g > limit || g < -1
}

// apart says that two neighbours belong to different words.
func apart(a, b *mupdf.Char, limit float64) bool {
	if gap(a, b) <= limit {
		return false // as between most letters; nothing below makes the limit smaller
	}
	if a.RTL != b.RTL || max(a.R, b.R) >= firstMark && (unicode.Is(unicode.Mn, b.R) || unicode.Is(unicode.Mn, a.R) || wide(a.R) || wide(b.R)) {
		return false
	}
	// Letters of joined scripts touch; their gap is a kashida or a stray advance.
	if a.RTL || unicode.IsUpper(a.R) && unicode.IsUpper(b.R) {
		// Slanted capitals in formulas (PQR) stand wider than letters of a word.
		limit = max(limit, 0.2)
	}
	return gap(a, b) > limit
}

// gap is the space between two characters in reading direction, in font sizes.
func gap(a, b *mupdf.Char) float64 {
	size := max(a.Size, b.Size)
	if size <= 0 {
		return 0
	}
	if a.RTL && b.RTL {
		return (min(a.A, a.B) - max(b.A, b.B)) / size
	}
	return (b.A - a.B) / size
}

// tracking gives the line's limit between letters and words. In a spaced-out heading every letter
// stands apart: there the usual gap is part of the word.
func tracking(chars []mupdf.Char) float64 {
	letters, gapCount, wideGaps := 0, 0, 0
	last := -1
	for i := range chars { // not by value: it is done for every character
		c := &chars[i]
		if isSpace(*c) {
			if !c.Synthetic {
				last = -1
			}
			continue
		}
		if r := c.R | 0x20; r >= 'a' && r <= 'z' || c.R >= utf8.RuneSelf && unicode.IsLetter(c.R) {
			letters++
		}
		if last >= 0 {
			gapCount++
			if gap(&chars[last], c) > wordGap {
				wideGaps++
			}
		}
		last = i
	}
	// The middle gap of ordinary lines is no gap; only where half of all are one the order matters.
	if gapCount < 5 || letters*4 < 3*(gapCount+1) || 2*wideGaps < gapCount {
		return wordGap
	}
	gaps := make([]float64, 0, gapCount)
	last = -1
	for i := range chars {
		switch c := &chars[i]; {
		case !isSpace(*c):
			if last >= 0 {
				gaps = append(gaps, gap(&chars[last], c))
			}
			last = i
		case !c.Synthetic:
			last = -1
		}
	}
	slices.Sort(gaps)
	mid, low := gaps[len(gaps)/2], gaps[len(gaps)/10]
	if mid <= wordGap || mid > maxTracking || mid-low > 0.08 {
		return wordGap
	}
	return mid + max(0.12, 0.5*mid)
}

// undouble drops letters drawn twice at the same place to look bold.
func undouble(chars []mupdf.Char) []mupdf.Char {
	double := func(a, b mupdf.Char) bool {
		return a.R == b.R && !isSpace(a) && a.B-a.A > 0.05*a.Size && abs(a.A-b.A) < 0.1*a.Size && abs(a.B-b.B) < 0.1*a.Size
	}
	for i := 1; i < len(chars); i++ {
		if double(chars[i-1], chars[i]) {
			return slices.CompactFunc(slices.Clone(chars), double)
		}
	}
	return chars
}

// settleSpaces puts the spaces between text of both directions where the line's direction wants
// them: MuPDF turns a run together with the space at its edge.
func settleSpaces(chars []mupdf.Char) []mupdf.Char {
	rtl, ltr := 0, 0
	for _, c := range chars {
		switch {
		case !unicode.IsLetter(c.R):
		case c.RTL:
			rtl++
		default:
			ltr++
		}
	}
	if rtl == 0 || ltr <= rtl {
		return chars
	}
	out := slices.Clone(chars)
	for i, j := range leftwardRuns(out) {
		k := i
		for k < j && isSpace(out[k]) {
			k++
		}
		if k < j && j < len(out) && !isSpace(out[j]) {
			rotate(out[i:j], k-i)
		}
	}
	return out
}

// rotate moves the first n elements to the end.
func rotate(s []mupdf.Char, n int) {
	slices.Reverse(s[:n])
	slices.Reverse(s[n:])
	slices.Reverse(s)
}

// wide says that no spaces stand between such characters.
func wide(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar) || r >= 0x3000 && r <= 0x303f || r >= 0xff00 && r <= 0xffef
}

func abs(x float64) float64 { return max(x, -x) }
