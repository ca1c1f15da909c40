package prose

import (
	"strings"
	"unicode"

	"github.com/clipperhouse/uax29/v2/words"
)

// CountWords counts the words of s by Unicode word segmentation (UAX #29). Every ideograph counts
// as a word, as word processors count them. Scripts written without spaces between words (Thai,
// Lao, Khmer, Burmese) have no segmentation without a dictionary: there five characters count as
// one word, which is their usual mean.
func CountWords(s string) int {
	n, dense := 0, 0
	for it := words.FromString(s); it.Next(); {
		v := it.Value()
		if b := v[0]; b < 0x80 {
			if IsASCIIWordByte(b) || hasWordRune(v) {
				n++
			}
			continue
		}
		r := firstRune(v)
		switch {
		case IsUnspaced(r):
			dense += len([]rune(v))
		case hasWordRune(v):
			n++
		}
	}
	return n + (dense+4)/5
}

// IsASCIIWordByte tells whether b is an ASCII letter or digit.
func IsASCIIWordByte(b byte) bool {
	return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9'
}

func hasWordRune(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }) >= 0
}

func firstRune(s string) rune {
	for _, r := range s {
		return r
	}
	return 0
}

// IsUnspaced says whether r belongs to a script that writes no space between words and has
// neither ideographs nor syllabograms to count instead.
func IsUnspaced(r rune) bool {
	return r >= 0x0E00 && unicode.In(r, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

// IsCJK says whether r is an ideograph or a kana: one character carries about one word's meaning.
func IsCJK(r rune) bool {
	return r >= 0x2E80 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana)
}
