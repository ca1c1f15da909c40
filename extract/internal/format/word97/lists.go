package word97

import (
	"strconv"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/le"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/numbering"
)

// paragraphStyle is what of a style decides heading marks and list numbers.
type paragraphStyle struct {
	sti, base int
	papx      []byte
	chpx      []byte // of a style of letters
}

// Kinds of styles.
const styleParagraph, styleLetters = 1, 2

// maxStyles and maxLists bound the tables.
const (
	maxStyles = 4096
	maxLists  = 8192
)

// loadStyles reads the style sheet ([MS-DOC] 2.9.271).
func (d *document) loadStyles(table []byte) {
	b := d.part(table, fibStyles)
	head := le.U16(b, 0)
	base := le.U16(b, 4)
	at := 2 + head
	for len(d.styles) < maxStyles && at+2 <= len(b) {
		n := le.U16(b, at)
		d.styles = append(d.styles, parseStyle(le.Bytes(b, at+2, n), base))
		at += 2 + n
	}
}

func parseStyle(b []byte, base int) paragraphStyle {
	s := paragraphStyle{base: -1, sti: -1}
	if len(b) < base || base < 10 || len(b) < 12 {
		return s
	}
	s.sti = le.U16(b, 0) & 0xfff
	kind := le.U16(b, 2) & 15
	if kind != styleParagraph && kind != styleLetters {
		return s
	}
	s.base = le.U16(b, 2) >> 4
	at := base + 2 + 2*le.U16(b, base) + 2
	n := le.U16(b, at)
	x := le.Bytes(b, at+2, n)
	switch {
	case kind == styleLetters:
		s.chpx = x
	case len(x) >= 2:
		s.papx = x[2:]
	}
	return s
}

// loadLists reads definitions of lists and the lists that use them ([MS-DOC] 2.9.131 and 2.9.142).
func (d *document) loadLists(table []byte) {
	at := le.U32(d.main, fibLists)
	if le.U32(d.main, fibLists+4) == 0 || at >= len(table) {
		return
	}
	n := min(le.U16(table, at), maxLists)
	r := &lvlReader{b: table, at: at + 2 + 28*n}
	for i := range n {
		h := at + 2 + 28*i
		if h+28 > len(table) {
			return
		}
		count := 9
		if table[h+26]&1 != 0 {
			count = 1
		}
		levels := map[int]numbering.Level{}
		for j := range count {
			l, ok := r.next()
			if !ok {
				break
			}
			levels[j] = l
		}
		d.lists.Abstract[strconv.Itoa(le.U32(table, h))] = levels
	}
	d.loadLFO(table)
}

// loadLFO reads the lists themselves: paragraphs name them by their place, counted from 1.
func (d *document) loadLFO(table []byte) {
	at := le.U32(d.main, fibLFO)
	if le.U32(d.main, fibLFO+4) == 0 || at+4 > len(table) {
		return
	}
	n := min(le.U32(table, at), maxLists)
	r := &lvlReader{b: table, at: at + 4 + 16*n}
	for i := range n {
		h := at + 4 + 16*i
		if h+16 > len(table) {
			return
		}
		num := strconv.Itoa(i + 1)
		d.lists.Nums[num] = strconv.Itoa(le.U32(table, h))
		d.lfo = i + 1
		r.at += 4
		for range min(int(table[h+12]), 9) {
			start, flags := le.U32(table, r.at), le.U32(table, r.at+4)
			r.at += 8
			lvl := flags & 15
			if flags&0x20 != 0 {
				if l, ok := r.next(); ok {
					d.lists.Define(num, lvl, l)
				}
			} else if flags&0x10 != 0 {
				d.lists.RestartAt(num, lvl, start)
			}
		}
	}
}

// lvlReader walks the level definitions that stand one after another.
type lvlReader struct {
	b  []byte
	at int
}

func (r *lvlReader) next() (numbering.Level, bool) {
	h := le.Bytes(r.b, r.at, 28)
	if len(h) < 28 {
		return numbering.Level{}, false
	}
	l := numbering.Level{Start: min(le.U32(h, 0), 1<<20), Format: numbering.NFC(int(h[4])), Legal: h[5]&4 != 0, Restart: -1}
	if h[5]&8 != 0 {
		l.Restart = int(h[26])
	}
	r.at += 28 + int(h[24]) + int(h[25])
	n := le.U16(r.b, r.at)
	var text strings.Builder
	for _, c := range le.UTF16(le.Bytes(r.b, r.at+2, 2*n)) {
		if c < 9 {
			text.WriteString("%" + strconv.Itoa(int(c)+1))
		} else {
			text.WriteRune(c)
		}
	}
	l.Text = text.String()
	r.at += 2 + 2*n
	return l, true
}
