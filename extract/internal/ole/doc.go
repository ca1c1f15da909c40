package ole

import (
	"errors"
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/rtf"
)

// ErrEncrypted is the answer to files that need a password.
var ErrEncrypted = errors.New("encrypted")

// Word reads the text of a Word 97–2003 document: body, then notes, comments, text boxes, headers.
func Word(f *File) (string, error) {
	main := f.Read("WordDocument")
	if len(main) < 0x1aa {
		return "", ErrFormat
	}
	if id := u16(main, 0); id != 0xa5ec && id != 0xa5dc {
		return "", ErrFormat
	}
	flags := u16(main, 10)
	if flags&0x100 != 0 {
		return "", ErrEncrypted
	}
	if u16(main, 2) < 101 {
		return oldWord(main), nil
	}
	table := f.Read("0Table")
	if flags&0x200 != 0 || table == nil {
		if t := f.Read("1Table"); t != nil {
			table = t
		}
	}
	text := pieces(main, table)
	if text == nil {
		return oldWord(main), nil
	}
	return wordParts(main, text), nil
}

// wordParts cuts the text at the counts of the header and cleans each part.
func wordParts(main []byte, text []rune) string {
	take := func(n int) string {
		n = max(0, min(n, len(text)))
		s := string(text[:n])
		text = text[n:]
		return WordText(s)
	}
	body := take(u32(main, 0x4c))
	foot := take(u32(main, 0x50))
	head := take(u32(main, 0x54))
	take(u32(main, 0x58))
	notes := take(u32(main, 0x5c))
	end := take(u32(main, 0x60))
	boxes := take(u32(main, 0x64))
	headBoxes := take(u32(main, 0x68))
	var out []string
	for _, s := range []string{body, boxes, foot, end, notes, unique(head), headBoxes} {
		if s = strings.TrimSpace(s); s != "" {
			out = append(out, s)
		}
	}
	return strings.Join(out, "\n\n")
}

// unique keeps each line of the headers once: they are stored for each section and page kind.
func unique(s string) string {
	seen := map[string]bool{}
	var out []string
	for _, l := range strings.Split(s, "\n") {
		if t := strings.TrimSpace(l); t != "" && !seen[t] {
			seen[t] = true
			out = append(out, t)
		}
	}
	return strings.Join(out, "\n")
}

// pieces joins the text from the piece table; nil when there is none.
func pieces(main, table []byte) []rune {
	at, n := u32(main, 0x1a2), u32(main, 0x1a6)
	if n == 0 || at > len(table) {
		return nil
	}
	clx := table[at:min(at+n, len(table))]
	for len(clx) > 3 && clx[0] == 1 {
		skip := 3 + u16(clx, 1)
		if skip > len(clx) {
			return nil
		}
		clx = clx[skip:]
	}
	if len(clx) < 5 || clx[0] != 2 {
		return nil
	}
	plc := clx[5:min(5+u32(clx, 1), len(clx))]
	count := (len(plc) - 4) / 12
	var out []rune
	for i := range max(0, count) {
		chars := u32(plc, 4*i+4) - u32(plc, 4*i)
		fc := u32(plc, 4*(count+1)+8*i+2)
		if chars <= 0 || chars > len(main) {
			continue
		}
		if fc&0x40000000 != 0 {
			o := (fc &^ 0x40000000) / 2
			if o < len(main) {
				out = append(out, []rune(decode8(main[o:min(o+chars, len(main))], charmap.Windows1252))...)
			}
		} else if fc < len(main) {
			out = append(out, utf16Runes(main[fc:min(fc+2*chars, len(main))])...)
		}
		if len(out) > 4*len(main) {
			break
		}
	}
	return out
}

// utf16Runes keeps one rune for each code unit, so that the counts of the header hold.
func utf16Runes(b []byte) []rune {
	out := make([]rune, len(b)/2)
	for i := range out {
		out[i] = rune(le.Uint16(b[2*i:]))
	}
	return out
}

func decode8(b []byte, e encoding.Encoding) string {
	out, err := e.NewDecoder().Bytes(b)
	if err != nil {
		return string(b)
	}
	return string(out)
}

// oldWord reads Word 6 and 95, which keep 8-bit text in one run.
func oldWord(main []byte) string {
	from, to := u32(main, 0x18), u32(main, 0x1c)
	if from >= to || from > len(main) {
		return ""
	}
	return WordText(decode8(main[from:min(to, len(main))], rtf.Codepage(1252)))
}

// WordText turns Word's control characters into text: paragraphs, cells, fields, breaks.
func WordText(s string) string {
	var b strings.Builder
	var fields []bool // for each open field: in its result
	hidden := 0
	in := joinSurrogates([]rune(s))
	for i := 0; i < len(in); i++ {
		r := in[i]
		switch r {
		case 0x13:
			fields = append(fields, false)
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
	return squeeze(b.String())
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

// squeeze trims line ends and keeps at most one empty line.
func squeeze(s string) string {
	var b strings.Builder
	empty := 0
	for _, l := range strings.Split(s, "\n") {
		l = strings.Trim(l, " ")
		if strings.Trim(l, "\t") == "" {
			empty++
			continue
		}
		if b.Len() > 0 {
			b.WriteString(strings.Repeat("\n", min(empty, 1)+1))
		}
		empty = 0
		b.WriteString(strings.TrimRight(l, "\t"))
	}
	return b.String()
}
