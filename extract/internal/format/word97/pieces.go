package word97

import (
	"slices"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/le"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/numbering"
)

// document is a Word 97–2003 document while it is read. Offsets of the file header follow [MS-DOC].
type document struct {
	main   []byte
	most   int // bytes of text without the end of a page, 0 for any
	units  int // of text, each 16 bits or a byte, as the header counts them
	pieces []piece
	last   int    // the piece that was looked at last
	paras  []papx // by offset
	styles []paragraphStyle
	lists  *numbering.Lists
	lfo    int // number of lists
	links  *doc.Links
	rows   bool   // ends of rows say that they are
	hidden []span // of the text: nobody sees it
	at     int    // the one that was looked at last
}

// piece says where in the file a run of characters stands.
type piece struct {
	cp, fc int
	width  int // bytes a character
	data   []byte
}

// Offsets in the file header.
const (
	fibStyles = 0xa2
	fibChpx   = 0xfa
	fibPapx   = 0x102
	fibClx    = 0x1a2
	fibLists  = 0x2e2
	fibLFO    = 0x2ea
)

// part returns what a pair of offset and length in the header names in the table stream.
func (d *document) part(table []byte, field int) []byte {
	return le.Bytes(table, le.U32(d.main, field), le.U32(d.main, field+4))
}

// loadText joins the text from the piece table; false when there is none.
func (d *document) loadText(table []byte) bool {
	plc, ok := pieceTable(d.part(table, fibClx))
	if !ok {
		return false
	}
	count := (len(plc) - 4) / 12
	for i := range max(0, count) {
		chars := le.U32(plc, 4*i+4) - le.U32(plc, 4*i)
		fc := le.U32(plc, 4*(count+1)+8*i+2)
		if chars <= 0 || chars > len(d.main) {
			continue
		}
		p := piece{cp: d.units, fc: fc, width: 2}
		if fc&0x40000000 != 0 {
			p.fc, p.width = (fc&^0x40000000)/2, 1
		}
		p.data = le.Bytes(d.main, p.fc, p.width*chars)
		if len(p.data) < p.width {
			continue
		}
		d.units += len(p.data) / p.width
		d.pieces = append(d.pieces, p)
		if d.units > 4*len(d.main) {
			break
		}
	}
	return true
}

// pieceTable finds the table behind the formats of pieces; false when there is none.
func pieceTable(clx []byte) ([]byte, bool) {
	for len(clx) > 3 && clx[0] == 1 {
		skip := 3 + le.U16(clx, 1)
		if skip > len(clx) {
			return nil, false
		}
		clx = clx[skip:]
	}
	if len(clx) < 5 || clx[0] != 2 {
		return nil, false
	}
	return le.Bytes(clx, 5, le.U32(clx, 1)), true
}

// offset says where in the file a character stands.
func (d *document) offset(cp int) int {
	i, ok := slices.BinarySearchFunc(d.pieces, cp, func(p piece, cp int) int { return p.cp - cp })
	if !ok {
		i--
	}
	if i < 0 {
		return -1
	}
	return d.pieces[i].fc + (cp-d.pieces[i].cp)*d.pieces[i].width
}

// unit is one of the text: a character, or half of one. The text stays where it stands in the file, for it may be most of it.
func (d *document) unit(cp int) rune {
	p := &d.pieces[d.last]
	if n := len(p.data) / p.width; cp < p.cp || cp >= p.cp+n {
		i, ok := slices.BinarySearchFunc(d.pieces, cp, func(p piece, cp int) int { return p.cp - cp })
		if !ok {
			i--
		}
		d.last, p = i, &d.pieces[i]
	}
	if at := cp - p.cp; p.width == 2 {
		return rune(le.U16(p.data, 2*at))
	} else {
		return charmap.Windows1252.DecodeByte(p.data[at])
	}
}

// write writes the characters from one place to another.
func (d *document) write(p *plain, from, to int) {
	for ; from < to; from++ {
		r := d.unit(from)
		if d.isHidden(from) && (r < 0x13 || r > 0x15) {
			continue // but for the marks of fields
		}
		if utf16.IsSurrogate(r) && from+1 < to {
			if both := utf16.DecodeRune(r, d.unit(from+1)); both != utf8.RuneError {
				r = both
				from++
			}
		}
		p.rune(r)
	}
}

// story gives the text of a range of characters with heading marks and list numbers before its paragraphs, in pieces.
func (d *document) story(from, to int) []string {
	p := plain{most: d.most, links: d.links, rows: d.rows}
	last, open := "", rune(-1) // the end of the paragraph before, not yet written
	for at := from; at < to && !p.full; {
		end, said := at, false
		for ; end < to; end++ {
			r := d.unit(end)
			if paragraphEnd(r) {
				break
			}
			said = said || r > 0x20 && r != 0xa0 && !d.isHidden(end)
		}
		if !said && end < to && d.unit(end) != 0x0c && d.isHidden(end) { // it does not count in its list either, and a deleted row is none
			d.write(&p, at, end)
			at = end + 1
			continue
		}
		mark, kind, row := d.mark(min(end, to-1))
		if !said {
			mark, kind = "", ""
		}
		if open == '\r' && kind == "list" && last == "list" {
			open = '\v' // items of a list stand on lines of their own without an empty one between
		}
		if open >= 0 {
			p.rune(open)
		}
		p.string(mark)
		d.write(&p, at, end)
		last, open = kind, -1
		if end < to {
			if open = d.unit(end); row && open == 0x07 {
				open = rowEnd
			}
		}
		at = end + 1
	}
	if open >= 0 {
		p.rune(open)
	}
	return p.text()
}

func paragraphEnd(r rune) bool { return r == '\r' || r == 0x07 || r == 0x0c }
