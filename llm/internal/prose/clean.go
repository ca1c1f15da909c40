package prose

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/aidoc-pipeline/aidoc-agent/internal/pattern"
)

// Clean drops what no summary needs and some displays abuse: control and bidi override characters.
func Clean(s string) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\ufffd"), "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r == '\r', r == 0x2028, r == 0x2029: // line and paragraph separator
			return '\n'
		case unicode.IsControl(r), r >= 0x202A && r <= 0x202E, r >= 0x2066 && r <= 0x2069, r == 0xFEFF, r >= 0xE0000 && r <= 0xE007F:
			return -1
		}
		return r
	}, s)
}

// CollapseSpaces makes one space of several.
func CollapseSpaces(s string) string {
	for strings.Contains(s, "  ") {
		s = strings.ReplaceAll(s, "  ", " ")
	}
	return s
}

// spaceMark is a space before a mark that ends a word, not before what is called ".deb".
var spaceMark = pattern.Lazily(`\s+([,.;:!?%)\]]+)(\s|$)`)

var clitic = pattern.Lazily(`\s+('(?:s|re|ve|ll|d|m|t)|n't)\b`)

// TidySpaces repairs the spaces of text that was cut into tokens.
func TidySpaces(t string) string {
	for range 2 { // marks that follow each other share a space
		t = spaceMark.ReplaceAllString(t, "$1$2")
	}
	t = clitic.ReplaceAllString(t, "$1")
	t = strings.TrimLeft(t, " ,;.-")
	return strings.Join(strings.Fields(t), " ")
}

// Clip shortens s to at most n runes at a space where there is one.
func Clip(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	cut := string([]rune(s)[:n])
	if i := strings.LastIndexByte(cut, ' '); i > len(cut)/2 {
		cut = cut[:i]
	}
	return strings.TrimRight(cut, " ,;:.") + "…"
}

// OneLine folds all white space into single spaces.
func OneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

var inlineMarks = strings.NewReplacer("**", "", "__", "", "`", "")

func plainInline(s string) string { return strings.TrimSpace(inlineMarks.Replace(s)) }

// SetOf is the set of the words of list.
func SetOf(list string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(list) {
		m[w] = true
	}
	return m
}
