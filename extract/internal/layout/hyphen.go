package layout

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// firsts and tails are halves of English compounds that keep their hyphen at a line's end. Tails that
// also end a plain word after a syllable (ope-rated, candi-date, holi-day) are left out.
var (
	firsts = words("non self well third one two")
	tails  = words("based related looking party term level wide specific driven free owned scale user known year")
)

func words(s string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(s) {
		m[w] = true
	}
	return m
}

// compound says that the hyphen at the end of a belongs to the word that goes on in b.
func compound(a, b string) bool {
	notLetter := func(r rune) bool { return !unicode.IsLetter(r) }
	a = strings.TrimRightFunc(a, notLetter)
	head := strings.ToLower(a[strings.LastIndexFunc(a, notLetter)+1:])
	tail := b
	if i := strings.IndexFunc(b, notLetter); i >= 0 {
		tail = b[:i]
	}
	if strings.HasSuffix(strings.TrimSuffix(a, head), "-") {
		return true // state-of-the-
	}
	return firsts[head] || tails[strings.ToLower(tail)] && len(head) >= 4
}

// Rejoin joins a word that was cut at the end of a and goes on in b, with its hyphen where that
// belongs to the word. ok is false when no word was cut.
func Rejoin(a, b string) (joined string, ok bool) {
	if !Hyphenated(a, b) || strings.HasSuffix(a, "--") {
		return "", false
	}
	if compound(a, b) {
		return a + b, true
	}
	_, n := utf8.DecodeLastRuneInString(a)
	return a[:len(a)-n] + b, true
}

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
