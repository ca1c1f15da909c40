package layout

import (
	"math"
	"slices"
	"strings"
	"unicode"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/page/mupdf"
)

const (
	// leastStacked is how many letters below one another are a column, and how many of them a page has that is written so.
	leastStacked, leastStackedPage = 4, 8
	// mostStep is how far apart letters of one column are, in sizes of them; the rows of a table are farther.
	mostStep = 1.6
)

// stacked puts together columns of vertical writing that a file sets letter by letter in a font for horizontal writing, of which MuPDF
// makes a line each. It does so only where nearly the whole page is made of such letters: a column of a table may be, too.
func stacked(lines []mupdf.Line) []mupdf.Line {
	single := 0
	for _, l := range lines {
		if singleLetter(l) {
			single++
		}
	}
	if single < leastStackedPage || single*10 < len(lines)*8 {
		return lines
	}
	var out []mupdf.Line
	for i := 0; i < len(lines); {
		n := i + 1
		for n < len(lines) && singleLetter(lines[i]) && singleLetter(lines[n]) && below(lines[n-1], lines[n]) {
			n++
		}
		if n-i < leastStacked {
			out = append(out, lines[i:n]...)
		} else {
			out = append(out, stackedLine(lines[i:n]))
		}
		i = n
	}
	return out
}

// singleLetter says that a line is one letter of a script that is written downwards.
func singleLetter(l mupdf.Line) bool {
	letters := 0
	for _, c := range l.Chars {
		switch {
		case unicode.IsSpace(c.R):
		case unicode.In(c.R, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul), c.R == 'ー',
			c.R >= 0x3000 && c.R <= 0x303f, c.R >= 0xfe10 && c.R <= 0xfe4f, c.R >= 0xff00 && c.R <= 0xffef:
			letters++
		default:
			return false
		}
	}
	return letters == 1 && !l.Vertical
}

// below says that b goes on below a.
func below(a, b mupdf.Line) bool {
	size := max(a.Size, b.Size)
	step := b.Base - a.Base
	return math.Abs(a.X0+a.X1-b.X0-b.X1) < size && step > 0.5*size && step < mostStep*size
}

// stackedLine is one vertical line of letters.
func stackedLine(lines []mupdf.Line) mupdf.Line {
	l := lines[0]
	l.Chars = nil
	for _, next := range lines {
		c := next.Chars[slices.IndexFunc(next.Chars, func(c mupdf.Char) bool { return !unicode.IsSpace(c.R) })]
		c.A, c.B = next.Base-next.Size, next.Base
		l.Chars = append(l.Chars, c)
		l.X0, l.Y0, l.X1, l.Y1 = min(l.X0, next.X0), min(l.Y0, next.Y0), max(l.X1, next.X1), max(l.Y1, next.Y1)
	}
	l.Vertical, l.DX, l.DY = true, 0, 1
	// What stands between letters that are set apart is no space.
	for i := 1; i < len(l.Chars); i++ {
		l.Chars[i-1].B = max(l.Chars[i-1].B, l.Chars[i].A)
	}
	return l
}

// verticalForms are signs as they are drawn in vertical writing, each followed by the ordinary one.
var verticalForms = strings.NewReplacer("︐", "，", "︑", "、", "︒", "。", "︓", "：", "︔", "；", "︕", "！", "︖", "？", "︗", "〖", "︘", "〗", "︙", "…",
	"︰", "‥", "︱", "—", "︲", "–", "︳", "_", "︵", "（", "︶", "）", "︷", "｛", "︸", "｝", "︹", "〔", "︺", "〕", "︻", "【", "︼", "】", "︽", "《",
	"︾", "》", "︿", "〈", "﹀", "〉", "﹁", "「", "﹂", "」", "﹃", "『", "﹄", "』", "﹇", "[", "﹈", "]")
