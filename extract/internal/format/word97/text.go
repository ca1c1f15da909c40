package word97

import (
	"strings"
	"unicode/utf8"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/flow"
)

// plainText turns Word's control characters into text: paragraphs, cells, fields, breaks.
func plainText(s string) string {
	var b strings.Builder
	b.Grow(len(s) + strings.Count(s, "\r"))
	var fields []bool // for each open field: in its result
	hidden := 0
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		i += n
		switch r {
		case 0x13:
			fields = append(fields, false)
			if hidden == 0 {
				b.WriteString(ruby(s[i:]))
			}
			hidden++
			continue
		case 0x14:
			if n := len(fields); n > 0 && !fields[n-1] {
				fields[n-1] = true
				hidden--
			}
			continue
		case 0x15:
			if n := len(fields); n > 0 {
				if !fields[n-1] {
					hidden--
				}
				fields = fields[:n-1]
			}
			continue
		}
		if hidden > 0 {
			continue
		}
		switch r {
		case '\r':
			b.WriteString("\n\n")
		case 0x07:
			if i < len(s) && s[i] == 0x07 {
				b.WriteByte('\n')
				i++
			} else {
				b.WriteByte('\t')
			}
		case 0x0b:
			b.WriteByte('\n')
		case 0x0c, 0x0e:
			b.WriteByte('\f')
		case 0x1e:
			b.WriteByte('-')
		case 0x1f, 0xad, 0, 1, 2, 3, 4, 5, 8:
		case 0xa0:
			b.WriteByte(' ')
		case '\t', '\n':
			b.WriteRune(r)
		default:
			if r >= 0x20 {
				b.WriteRune(symbolRune(r))
			}
		}
	}
	return flow.FoldEmptyLines(b.String(), func(l string) string { return strings.TrimRight(strings.Trim(l, " "), "\t") })
}

// symbolRune maps codes of symbol fonts, which Word keeps in a private range.
func symbolRune(r rune) rune {
	if r >= 0xf020 && r <= 0xf0ff {
		if r == 0xf0b7 || r == 0xf0a7 || r == 0xf0d8 {
			return '•'
		}
		return r - 0xf000
	}
	return r
}
