package ocr

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/tess"
)

// Text rebuilds running text from word boxes: lines of a paragraph are joined, words cut at a
// line's end put together, paragraphs parted by an empty line.
func Text(words []tess.Word) string {
	var out strings.Builder
	for _, par := range paragraphs(words) {
		if out.Len() > 0 {
			out.WriteString("\n\n")
		}
		out.WriteString(par)
	}
	return out.String()
}

func paragraphs(words []tess.Word) []string {
	var pars []string
	var lines []line
	flush := func() {
		if s := joinLines(lines); s != "" {
			pars = append(pars, s)
		}
		lines = nil
	}
	for i, w := range words {
		if i > 0 && (w.Block != words[i-1].Block || w.Par != words[i-1].Par) {
			flush()
		}
		if len(lines) == 0 || w.Line != words[i-1].Line {
			lines = append(lines, line{x0: w.X0, y0: w.Y0})
		}
		l := &lines[len(lines)-1]
		if l.text != "" && !(cjkEnd(l.text) && cjkStart(w.Text)) {
			l.text += " "
		}
		l.text += w.Text
		l.x1 = max(l.x1, w.X1)
		l.y1 = max(l.y1, w.Y1)
	}
	flush()
	return pars
}

type line struct {
	x0, y0, x1, y1 int
	text           string
}

// joinLines reflows a paragraph; a line that ends well before the right edge ends for a reason and stays.
func joinLines(lines []line) string {
	if len(lines) == 0 {
		return ""
	}
	right, left := 0, lines[0].x0
	hs := make([]int, 0, len(lines))
	for _, l := range lines {
		right, left = max(right, l.x1), min(left, l.x0)
		hs = append(hs, l.y1-l.y0)
	}
	slices.Sort(hs)
	slack := max(3*hs[len(hs)/2], (right-left)/5)
	var b strings.Builder
	for i, l := range lines {
		if i > 0 {
			joinTo(&b, l.text, lines[i-1].x1 >= right-slack)
			continue
		}
		b.WriteString(l.text)
	}
	return b.String()
}

func joinTo(b *strings.Builder, next string, full bool) {
	s := b.String()
	switch {
	case Hyphenated(s, next):
		b.Reset()
		b.WriteString(s[:len(s)-lastLen(s)])
	case !full:
		b.WriteByte('\n')
	case cjkEnd(s) && cjkStart(next):
	default:
		b.WriteByte(' ')
	}
	b.WriteString(next)
}

func lastLen(s string) int { _, n := utf8.DecodeLastRuneInString(s); return n }

// Hyphenated says that s ends in a hyphen that only the line's end put there.
func Hyphenated(s, next string) bool {
	r, n := utf8.DecodeLastRuneInString(s)
	if r != '-' && r != '\u2010' && r != '\u00ad' && r != '¬' {
		return false
	}
	before, _ := utf8.DecodeLastRuneInString(s[:len(s)-n])
	first, _ := utf8.DecodeRuneInString(next)
	return unicode.IsLetter(before) && unicode.IsLower(first)
}

func isCJK(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana) || r >= 0x3000 && r <= 0x303f || r >= 0xff00 && r <= 0xffef
}

func cjkEnd(s string) bool   { r, _ := utf8.DecodeLastRuneInString(s); return isCJK(r) }
func cjkStart(s string) bool { r, _ := utf8.DecodeRuneInString(s); return isCJK(r) }
