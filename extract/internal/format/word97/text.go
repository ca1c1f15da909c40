package word97

import (
	"strings"
	"unicode/utf8"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/flow"
)

// plain turns Word's control characters into text, rune by rune: paragraphs, cells, fields, breaks.
type plain struct {
	out    flow.Folder
	fields []field
	hidden int    // open fields whose instruction is read
	code   []byte // of the field that was begun last, as far as it is looked at
	words  []byte // that are shown by the field that leads somewhere, likewise
	links  *doc.Links
	cell   bool // the rune before ended a cell
	rows   bool // ends of rows are told apart by rowEnd; else a second end of a cell is that of the row, for want of a better sign
	ruby   rubyCode
	paged  bool // the end of a page was written
	most   int  // bytes without one, 0 for any
	full   bool // more than that: what follows need not be written
}

// field is an open one.
type field struct {
	result bool   // it is in what it shows
	target string // where that leads
}

// text is what was written, in pieces that follow each other.
func (p *plain) text() []string {
	p.endCell()
	return p.out.Done(trimLine)
}

func trimLine(l []byte) []byte { return trimRight(trimRight(trimLeft(l, ' '), ' '), '\t') }

func trimLeft(b []byte, c byte) []byte {
	for len(b) > 0 && b[0] == c {
		b = b[1:]
	}
	return b
}

func trimRight(b []byte, c byte) []byte {
	for len(b) > 0 && b[len(b)-1] == c {
		b = b[:len(b)-1]
	}
	return b
}

func (p *plain) endCell() {
	if p.cell {
		p.out.Byte('\t')
		p.cell = false
	}
}

func (p *plain) string(s string) {
	for _, r := range s {
		p.rune(r)
	}
}

// rowEnd is the end of a row of a table, which Word writes as that of a cell.
const rowEnd = utf8.MaxRune + 1

func (p *plain) rune(r rune) {
	if r == rowEnd || p.cell && r == 0x07 && !p.rows {
		p.cell = false
		p.newline()
		return
	}
	p.endCell()
	if word, ok := p.ruby.rune(r); ok {
		for i, l := range strings.Split(word, "\n") {
			if i > 0 {
				p.newline()
			}
			p.out.String(l)
		}
	}
	switch r {
	case 0x13:
		if p.hidden == 0 {
			p.ruby.begin()
		}
		p.fields = append(p.fields, field{})
		p.code = p.code[:0]
		p.hidden++
		return
	case 0x14:
		if n := len(p.fields); n > 0 && !p.fields[n-1].result {
			p.fields[n-1] = field{true, doc.FieldTarget(string(p.code))}
			if p.fields[n-1].target != "" {
				p.words = p.words[:0]
			}
			p.hidden--
		}
		return
	case 0x15:
		if n := len(p.fields); n > 0 {
			f := p.fields[n-1]
			if !f.result {
				p.hidden--
			}
			if f.target != "" {
				p.links.Add(string(p.words), f.target)
			}
			p.fields = p.fields[:n-1]
		}
		return
	}
	if p.hidden == 0 {
		p.visible(r)
		if len(p.fields) > 0 && len(p.words) <= doc.MaxLinkText && r >= ' ' {
			p.words = utf8.AppendRune(p.words, symbolRune(r))
		}
	} else if len(p.code) < doc.MaxField {
		p.code = utf8.AppendRune(p.code, r)
	}
}

func (p *plain) visible(r rune) {
	switch r {
	case '\r':
		p.newline()
		p.newline()
	case 0x07:
		p.cell = true
	case 0x0b, '\n':
		p.newline()
	case 0x0c, 0x0e:
		p.out.Byte('\f')
		p.paged = true
	case 0x1e:
		p.out.Byte('-')
	case 0x1f, 0xad, 0, 1, 2, 3, 4, 5, 8:
	case 0xa0:
		p.out.Byte(' ')
	case '\t':
		p.out.Byte('\t')
	default:
		if r >= 0x20 {
			p.out.Rune(symbolRune(r))
		}
	}
}

func (p *plain) newline() {
	p.out.Line(trimLine)
	p.full = p.most > 0 && !p.paged && p.out.Len() > p.most
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
