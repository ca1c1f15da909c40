package tokens

import (
	"unicode"
	"unicode/utf8"
)

// pieceLen is the length of the first piece of s that a vocabulary counts for itself, whatever stands before and after it. The expressions of
// cl100k and o200k, by which they cut a text before they encode it, begin anew at these borders: none takes a space that follows a letter or
// a sign for the end of anything, nor what follows a line break for a part of it. Where this is not certain there is no border.
func pieceLen(s string) int {
	before, n := utf8.DecodeRuneInString(s)
	for n < len(s) {
		r, size := utf8.DecodeRuneInString(s[n:])
		if border(before, r) {
			return n
		}
		before, n = r, n+size
	}
	return n
}

func border(before, r rune) bool {
	switch {
	case r == ' ':
		return word(before) || sign(before)
	case r == '\n', r == '\r', r == '\t', sign(r) && r != '\'':
		return word(before)
	case '0' <= r && r <= '9':
		return sign(before)
	}
	return before == '\n' && word(r)
}

// word tells letters and digits.
func word(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// sign tells what is printed of ASCII and neither letter nor digit.
func sign(r rune) bool {
	return r > ' ' && r < 0x7f && !('0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z')
}
