package prose

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/aidoc-pipeline/aidoc-agent/internal/pattern"
)

// Fold are the words of s as they are compared: letters and digits in their plain form and in lower case, ideographs and kana one by one.
// Words that a line end has cut in two are whole again.
func Fold(s string) []string {
	s = norm.NFKC.String(strings.ReplaceAll(s, "\u00ad", ""))
	if strings.Contains(s, "-\n") || strings.Contains(s, "‐\n") {
		s = hyphenated.ReplaceAllString(s, "$1$2")
	}
	out := make([]string, 0, len(s)/bytesAWord+1)
	start := -1
	flush := func(end int) {
		if start >= 0 {
			out = append(out, strings.ToLower(s[start:end]))
			start = -1
		}
	}
	for i, r := range s {
		switch {
		case IsCJK(r):
			flush(i)
			out = append(out, string(r))
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r):
			if start < 0 {
				start = i
			}
		default:
			flush(i)
		}
	}
	flush(len(s))
	return out
}

// bytesAWord is what a word takes in most texts with the space after it.
const bytesAWord = 6

var hyphenated = pattern.Lazily(`(\p{Ll})[-‐]\n[ \t]*(\p{Ll})`)
