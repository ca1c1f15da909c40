package ocr

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/page/layout"
)

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
	case layout.Hyphenated(s, next):
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

func isCJK(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana) || r >= 0x3000 && r <= 0x303f || r >= 0xff00 && r <= 0xffef
}

func cjkEnd(s string) bool   { r, _ := utf8.DecodeLastRuneInString(s); return isCJK(r) }
func cjkStart(s string) bool { r, _ := utf8.DecodeRuneInString(s); return isCJK(r) }
