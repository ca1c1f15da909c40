package worker

import (
	"strings"
	"unicode/utf8"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/child/wire"
)

// line makes metadata one line.
func line(s string) string { return clip(strings.Join(strings.Fields(clean(s)), " ")) }

// clip bounds a string of metadata or detail for a frame's header.
func clip(s string) string {
	s = strings.ToValidUTF8(s, "")
	if len(s) <= wire.MaxMeta {
		return s
	}
	for i := wire.MaxMeta; ; i-- {
		if utf8.RuneStart(s[i]) {
			return s[:i]
		}
	}
}

// clean makes text fit for storing: valid UTF-8 without control characters except newline and tab.
func clean(s string) string {
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
