package word97

import (
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/flow"
)

// plainText turns Word's control characters into text: paragraphs, cells, fields, breaks.
func plainText(s string) string {
	var b strings.Builder
	var fields []bool // for each open field: in its result
	hidden := 0
	in := joinSurrogates([]rune(s))
	for i := 0; i < len(in); i++ {
		r := in[i]
		switch r {
		case 0x13:
			fields = append(fields, false)
			if hidden == 0 {
				b.WriteString(ruby(in[i+1:]))
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
			if i+1 < len(in) && in[i+1] == 0x07 {
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

func joinSurrogates(in []rune) []rune {
	out := in[:0:0]
	for i := 0; i < len(in); i++ {
		if r := in[i]; r >= 0xd800 && r < 0xdc00 && i+1 < len(in) && in[i+1] >= 0xdc00 && in[i+1] < 0xe000 {
			out = append(out, (r-0xd800)<<10|(in[i+1]-0xdc00)+0x10000)
			i++
			continue
		}
		out = append(out, in[i])
	}
	return out
}
