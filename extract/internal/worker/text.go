package worker

import (
	"strings"
	"unicode/utf8"
)

// clip bounds a string of metadata or detail for a frame's header.
func clip(s string) string {
	const limit = 4000
	s = strings.ToValidUTF8(s, "")
	if len(s) <= limit {
		return s
	}
	for i := limit; ; i-- {
		if utf8.RuneStart(s[i]) {
			return s[:i]
		}
	}
}

// Clean makes text fit for storing: valid UTF-8 without control characters except newline and tab.
func Clean(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r == '\f' || r == '\v' || r == '\r':
			return '\n'
		case r < 0x20 || r >= 0x7f && r < 0xa0 || r == 0xfffe || r == 0xffff || r == 0xfeff:
			return -1
		}
		return r
	}, s)
}
