package word97

import (
	"slices"
	"strconv"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/le"
)

// papx is a paragraph's style and properties, valid from one offset of the file to another.
type papx struct {
	from, to int
	data     []byte // style index, then property modifiers
}

// props are the properties of a paragraph that decide its mark.
type paraProps struct {
	style      int
	ilfo, ilvl int
	outline    int // 0..8, 9 for body text
	list       bool
	row        bool // its end is that of a row of a table
}

// maxFKP bounds the pages of paragraph properties.
const maxFKP = 1 << 16

// loadParagraphs reads the pages of paragraph properties that the bin table names.
func (d *document) loadParagraphs(table []byte) {
	plc := d.part(table, fibPapx)
	n := (len(plc) - 4) / 8
	for i := range max(0, min(n, maxFKP)) {
		at := (le.U32(plc, 4*(n+1)+4*i) & 0x3fffff) * 512
		if page := le.Bytes(d.main, at, 512); len(page) == 512 {
			d.page(page)
		}
	}
	slices.SortFunc(d.paras, func(a, b papx) int { return a.from - b.from })
}

// page reads one formatted disk page.
func (d *document) page(b []byte) {
	n := int(b[511])
	if 4*(n+1)+13*n > 511 {
		return
	}
	for i := range n {
		p := papx{from: le.U32(b, 4*i), to: le.U32(b, 4*i+4)}
		if o := 2 * int(b[4*(n+1)+13*i]); o > 0 {
			size := 2*int(b[o]) - 1
			o++
			if size < 0 { // a zero: the size follows in the next byte
				size = 2 * int(b[min(o, 511)])
				o++
			}
			p.data = le.Bytes(b[:511], o, size)
			if !d.rows && len(p.data) > 2 {
				var has paraProps
				has.apply(p.data[2:])
				d.rows = has.row
			}
		}
		d.paras = append(d.paras, p)
	}
}

// paragraph returns the properties of the paragraph that ends at a character.
func (d *document) paragraph(cp int) paraProps {
	p := paraProps{outline: 9}
	fc := d.offset(cp)
	i, ok := slices.BinarySearchFunc(d.paras, fc, func(p papx, fc int) int { return p.from - fc })
	if !ok {
		i--
	}
	if i < 0 || fc >= d.paras[i].to || len(d.paras[i].data) < 2 {
		return p
	}
	data := d.paras[i].data
	p.style = le.U16(data, 0)
	d.inherit(&p, p.style, 0)
	p.apply(data[2:])
	return p
}

// inherit applies a style after the ones it is based on.
func (d *document) inherit(p *paraProps, style, depth int) {
	if style < 0 || style >= len(d.styles) || depth > 12 {
		return
	}
	s := d.styles[style]
	d.inherit(p, s.base, depth+1)
	if s.sti >= 1 && s.sti <= 9 {
		p.outline = s.sti - 1
	} else if s.sti == 62 { // title
		p.outline = 0
	}
	p.apply(s.papx)
}

// apply reads property modifiers ([MS-DOC] 2.2.5.1): an operation, whose top bits give its size.
func (p *paraProps) apply(b []byte) {
	eachSprm(b, func(op int, v []byte) {
		switch op {
		case 0x260a:
			p.ilvl = int(v[0])
		case 0x460b:
			p.ilfo, p.list = le.U16(v, 0), true
		case 0x2640:
			p.outline = int(v[0])
		case sprmRowEnd:
			p.row = v[0] != 0
		}
	})
}

// eachSprm gives property modifiers with their operands, of a byte at least.
func eachSprm(b []byte, visit func(op int, v []byte)) {
	for len(b) >= 3 {
		op := le.U16(b, 0)
		b = b[2:]
		size := [8]int{1, 1, 2, 4, 2, 2, 0, 3}[op>>13]
		if op>>13 == 6 {
			size = 1 + int(b[0])
			if op == 0xd608 {
				size = 1 + le.U16(b, 0)
			}
		}
		if size > len(b) {
			return
		}
		visit(op, b[:size])
		b = b[size:]
	}
}

// sprmRowEnd marks the paragraph that ends a row.
const sprmRowEnd = 0x2417

// mark is what stands before a paragraph: heading marks, a list number or a bullet; row says that it ends a row of a table.
func (d *document) mark(cp int) (mark, kind string, row bool) {
	p := d.paragraph(cp)
	number := ""
	if p.ilfo > 0 && p.ilfo <= d.lfo {
		number = d.lists.Next(strconv.Itoa(p.ilfo), p.ilvl)
	}
	switch {
	case p.outline >= 0 && p.outline < 9:
		mark, kind = strings.Repeat("#", min(p.outline+1, 6))+" ", "heading"
		if number != "" && number != "-" {
			mark += number + " "
		}
	case number != "":
		mark, kind = number+" ", "list"
	}
	return mark, kind, p.row
}
