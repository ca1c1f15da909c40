package main

import (
	"encoding/binary"
	"io"
	"strings"
	"unicode/utf16"
)

var oldKinds = []kind{
	{"doc of 60 MB of text", "doc", func(o *out) { compound(o, word97Of("some words of a text\r", 60_000_000)) }},
	{"doc of 95 MB of short lines", "doc", func(o *out) { compound(o, word97Of("a\r", 95_000_000)) }},
	{"doc of 60 MB in pieces of two bytes a letter", "doc", func(o *out) { compound(o, wordInPieces(30_000_000)...) }},
	{"xls of cells on a diagonal", "xls", func(o *out) { compound(o, stream{"Workbook", diagonal97(60_000)}) }},
	{"OneNote of 90 MB", "one", func(o *out) {
		o.printf("\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d\xae\xb1\x53\x78\xd0\x29\x96\xd3")
		o.repeat("n\x00o\x00t\x00e\x00", 90_000_000/8)
	}},
	{"WordPerfect of 90 MB", "wpd", func(o *out) {
		o.printf("\xffWPC\x10\x00\x00\x00\x01\x0a\x02\x01\x00\x00\x00\x00")
		o.repeat("words ", 15_000_000)
	}},
	{"Hangul of 90 MB of text", "hwp", func(o *out) {
		compound(o, hangulHead, stream{"BodyText/Section0", hangul("words of a paragraph ", 90_000_000/80)})
	}},
	{"Hangul of a paragraph of 90 MB", "hwp", func(o *out) {
		compound(o, hangulHead, stream{"BodyText/Section0", hangul(strings.Repeat("words ", 7_500_000), 1)})
	}},
	{"Hangul of a table of 500,000 cells", "hwp", func(o *out) { compound(o, hangulHead, stream{"BodyText/Section0", hangulTable(500_000)}) }},
	{"xls of 2 million cells", "xls", func(o *out) { compound(o, stream{"Workbook", biff(2_000_000)}) }},
	{"xls of a million strings", "xls", func(o *out) { compound(o, stream{"Workbook", strings97(1_000_000)}) }},
	{"ppt of 90 MB of text records", "ppt", func(o *out) {
		compound(o, stream{"PowerPoint Document", ppt97(90_000_000)}, stream{"Current User", make([]byte, 64)})
	}},
	{"compound file whose sectors run in a circle", "doc", circle},
	{"compound file of 400,000 entries", "msg", manyEntries},
	{"msg of a body of 60 MB", "msg", func(o *out) {
		compound(o, stream{"__properties_version1.0", make([]byte, 32)}, stream{"__substg1.0_1000001F", wide("words of a body \n", 60_000_000/34)}, stream{"__substg1.0_0037001F", wide("subject", 1)})
	}},
	{"winmail.dat of 90 MB", "dat", func(o *out) {
		o.printf("\x78\x9f\x3e\x22\x01\x00")
		le := binary.LittleEndian
		for range 9 {
			b := le.AppendUint32([]byte{2, 0x0f, 0x80, 6, 0}, 10_000_000)
			_, _ = o.Write(b)
			o.repeat("attached words \n", 625_000)
			o.printf("\x00\x00")
		}
	}},
}

func wide(s string, n int) []byte {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		b = binary.LittleEndian.AppendUint16(b, u)
	}
	out := make([]byte, 0, len(b)*n)
	for range n {
		out = append(out, b...)
	}
	return out
}

// hangulHead is the header of a packed document of Hangul.
var hangulHead = stream{"FileHeader", append([]byte("HWP Document File"), append(make([]byte, 15), append([]byte{0, 0, 0, 5, 1}, make([]byte, 219)...)...)...)}

// hangulRecord writes a record of one.
func hangulRecord(w io.Writer, tag, level int, data []byte) {
	le := binary.LittleEndian
	b := le.AppendUint32(nil, uint32(tag|level<<10|0xfff<<20))
	_, _ = w.Write(append(le.AppendUint32(b, uint32(len(data))), data...))
}

// hangul writes n paragraphs of a text, hangulTable a table of n cells; both without the header that deflated gives.
func hangul(text string, n int) []byte {
	line := wide(text, 1)
	return deflated(func(w io.Writer) {
		for range n {
			hangulRecord(w, 0x42, 0, make([]byte, 22))
			hangulRecord(w, 0x43, 1, line)
		}
	})[2:]
}

func hangulTable(n int) []byte {
	at := append([]byte{11, 0, ' ', 'l', 'b', 't'}, make([]byte, 10)...)
	return deflated(func(w io.Writer) {
		hangulRecord(w, 0x42, 0, make([]byte, 22))
		hangulRecord(w, 0x43, 1, at)
		hangulRecord(w, 0x47, 1, []byte(" lbt"))
		hangulRecord(w, 0x4d, 2, []byte{0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff})
		for i := range n {
			cell := make([]byte, 16)
			binary.LittleEndian.PutUint16(cell[8:], uint16(i%10))
			binary.LittleEndian.PutUint16(cell[10:], uint16(i/10))
			hangulRecord(w, 0x48, 2, cell)
			hangulRecord(w, 0x42, 2, make([]byte, 22))
			hangulRecord(w, 0x43, 3, wide("cell", 1))
		}
	})[2:]
}

// stream is one of a compound file.
type stream struct {
	name string
	data []byte
}

const (
	sector   = 512
	endOf    = 0xfffffffe
	tableOf  = 0xfffffffd
	noSector = 0xffffffff
)

// compound writes streams as a compound file, none of them in small sectors.
func compound(o *out, streams ...stream) {
	le := binary.LittleEndian
	count := func(n int) int { return (n + sector - 1) / sector }
	var fat []uint32
	chain := func(n int) uint32 {
		start := uint32(len(fat))
		for i := range n {
			next := uint32(len(fat) + 1)
			if i == n-1 {
				next = endOf
			}
			fat = append(fat, next)
		}
		return start
	}
	dir := entry("Root Entry", 5, noSector, 1, endOf, 0)
	for i, s := range streams {
		right := uint32(noSector)
		if i+1 < len(streams) {
			right = uint32(i + 2)
		}
		dir = append(dir, entry(s.name, 2, right, noSector, chain(count(len(s.data))), len(s.data))...)
	}
	dirAt := chain(count(len(dir)))
	tables := 0
	for tables*128 < len(fat)+tables+1+tables/127 {
		tables++
	}
	fatAt := uint32(len(fat))
	for range tables {
		fat = append(fat, tableOf)
	}
	more := max(0, (tables-109+126)/127)
	difAt := uint32(len(fat))
	for range more {
		fat = append(fat, tableOf-1)
	}
	for len(fat) < tables*128 {
		fat = append(fat, noSector)
	}
	head := make([]byte, sector)
	copy(head, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
	le.PutUint32(head[24:], 0x0003003e)
	le.PutUint16(head[28:], 0xfffe)
	le.PutUint16(head[30:], 9)
	le.PutUint16(head[32:], 6)
	le.PutUint32(head[44:], uint32(tables))
	le.PutUint32(head[48:], dirAt)
	le.PutUint32(head[56:], 0) // no stream is small
	le.PutUint32(head[60:], endOf)
	le.PutUint32(head[68:], endOf)
	if more > 0 {
		le.PutUint32(head[68:], difAt)
		le.PutUint32(head[72:], uint32(more))
	}
	for i := range 109 {
		v := uint32(noSector)
		if i < tables {
			v = fatAt + uint32(i)
		}
		le.PutUint32(head[76+4*i:], v)
	}
	_, _ = o.Write(head)
	padded := func(b []byte) {
		_, _ = o.Write(b)
		_, _ = o.Write(make([]byte, count(len(b))*sector-len(b)))
	}
	for _, s := range streams {
		padded(s.data)
	}
	padded(dir)
	b := make([]byte, 4*len(fat))
	for i, v := range fat {
		le.PutUint32(b[4*i:], v)
	}
	_, _ = o.Write(b[:tables*sector])
	for k := range more {
		d := make([]byte, sector)
		for i := range 127 {
			v := uint32(noSector)
			if n := 109 + k*127 + i; n < tables {
				v = fatAt + uint32(n)
			}
			le.PutUint32(d[4*i:], v)
		}
		next := uint32(endOf)
		if k+1 < more {
			next = difAt + uint32(k) + 1
		}
		le.PutUint32(d[508:], next)
		_, _ = o.Write(d)
	}
}

// entry is one of the directory.
func entry(name string, kind byte, right, child, start uint32, size int) []byte {
	le := binary.LittleEndian
	e := make([]byte, 128)
	n := wide(name, 1)
	copy(e, n)
	le.PutUint16(e[64:], uint16(len(n)+2))
	e[66], e[67] = kind, 1
	le.PutUint32(e[68:], noSector)
	le.PutUint32(e[72:], right)
	le.PutUint32(e[76:], child)
	le.PutUint32(e[116:], start)
	le.PutUint32(e[120:], uint32(size))
	return e
}

// word97Of is the stream of a document whose text is one piece of n letters.
func word97Of(text string, n int) stream {
	le := binary.LittleEndian
	const textAt = 2048
	b := make([]byte, textAt+n)
	le.PutUint16(b, 0xa5ec)
	le.PutUint16(b[2:], 0xc1)
	le.PutUint32(b[24:], textAt)
	le.PutUint32(b[28:], uint32(textAt+n))
	le.PutUint16(b[32:], 14)
	le.PutUint32(b[76:], uint32(n))
	for i := textAt; i < len(b); i++ {
		b[i] = text[i%len(text)]
	}
	return stream{"WordDocument", b}
}

// wordInPieces is a document of n letters, of two bytes each, that a table of pieces names.
func wordInPieces(n int) []stream {
	const pieces, fibCLX = 1000, 0x1a2
	le := binary.LittleEndian
	main := word97Of("w\x00o\x00r\x00d\x00 \x00\r\x00", 2*n)
	le.PutUint16(main.data[10:], 0x200) // the second of the table streams
	le.PutUint32(main.data[0x4c:], uint32(n))
	plc := []byte{}
	for i := range pieces + 1 {
		plc = le.AppendUint32(plc, uint32(i*(n/pieces)))
	}
	for i := range pieces {
		plc = append(le.AppendUint32(append(plc, 0, 0), uint32(2048+2*i*(n/pieces))), 0, 0)
	}
	table := append(le.AppendUint32([]byte{2}, uint32(len(plc))), plc...)
	le.PutUint32(main.data[fibCLX:], 0)
	le.PutUint32(main.data[fibCLX+4:], uint32(len(table)))
	return []stream{main, {"1Table", append(table, make([]byte, 4096)...)}}
}

// diagonal97 has a cell in each row, a column farther right than the one above.
func diagonal97(rows int) []byte {
	le := binary.LittleEndian
	b := sheets97(nil)
	for i := range rows {
		d := le.AppendUint16(nil, uint16(i))
		d = le.AppendUint16(d, uint16(i%256))
		b = record(b, 0x27e, le.AppendUint32(le.AppendUint16(d, 0), uint32(i<<2|2)))
	}
	return record(b, 0x0a, nil)
}

func record(b []byte, kind uint16, data []byte) []byte {
	b = binary.LittleEndian.AppendUint16(b, kind)
	b = binary.LittleEndian.AppendUint16(b, uint16(len(data)))
	return append(b, data...)
}

// sheets97 begins a workbook with one sheet, whose cells begin after what is given here.
func sheets97(globals []byte) []byte {
	bof := []byte{0, 6, 5, 0, 0xbb, 0x0d, 0xcc, 7, 0, 0, 0, 0, 6, 0, 0, 0}
	b := record(nil, 0x809, bof)
	b = append(b, globals...)
	at := len(b) + 4 + 9 + 4
	b = record(b, 0x85, append(binary.LittleEndian.AppendUint32(nil, uint32(at)), 0, 0, 1, 0, 'S'))
	b = record(b, 0x0a, nil)
	bof[2] = 0x10
	return record(b, 0x809, bof)
}

func biff(cells int) []byte {
	le := binary.LittleEndian
	b := sheets97(nil)
	for i := range cells {
		d := le.AppendUint16(nil, uint16(i/32))
		d = le.AppendUint16(d, uint16(i%32))
		d = le.AppendUint16(d, 0)
		b = record(b, 0x27e, le.AppendUint32(d, uint32(i<<2|2)))
	}
	return record(b, 0x0a, nil)
}

func strings97(n int) []byte {
	le := binary.LittleEndian
	var all []byte
	d := le.AppendUint32(le.AppendUint32(nil, uint32(n)), uint32(n))
	kind := uint16(0xfc)
	for i := range n {
		s := []byte{12, 0, 0}
		s = append(s, "string "...)
		for k := range 5 {
			s = append(s, byte('a'+i>>(k*4)%16))
		}
		if len(d)+len(s) > 8000 {
			all, d, kind = record(all, kind, d), nil, 0x3c
		}
		d = append(d, s...)
	}
	b := sheets97(record(all, kind, d))
	for i := range min(n, 60_000) {
		c := le.AppendUint16(le.AppendUint16(nil, uint16(i)), 0)
		b = record(b, 0xfd, le.AppendUint32(le.AppendUint16(c, 0), uint32(i)))
	}
	return record(b, 0x0a, nil)
}

func ppt97(size int) []byte {
	le := binary.LittleEndian
	var b []byte
	for len(b) < size {
		b = le.AppendUint16(b, 0)
		b = le.AppendUint16(b, 0x0fa8)
		b = le.AppendUint32(b, 24)
		b = append(b, "twenty-four letters here"...)
	}
	return b
}

// circle has a stream whose last sector leads back to its first.
func circle(o *out) {
	le := binary.LittleEndian
	head := make([]byte, sector)
	copy(head, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
	le.PutUint32(head[24:], 0x0003003e)
	le.PutUint16(head[28:], 0xfffe)
	le.PutUint16(head[30:], 9)
	le.PutUint16(head[32:], 6)
	le.PutUint32(head[44:], 1)
	le.PutUint32(head[48:], 1)
	le.PutUint32(head[56:], 0)
	le.PutUint32(head[60:], endOf)
	le.PutUint32(head[68:], 0)
	le.PutUint32(head[72:], 1<<30)
	for i := range 109 {
		le.PutUint32(head[76+4*i:], 0)
	}
	_, _ = o.Write(head)
	fat := make([]byte, sector)
	for i := range 128 {
		le.PutUint32(fat[4*i:], uint32(2+i%3))
	}
	le.PutUint32(fat, tableOf)
	le.PutUint32(fat[4:], endOf)
	_, _ = o.Write(fat)
	dir := append(entry("Root Entry", 5, noSector, 1, 2, 1<<30), entry("WordDocument", 2, 1, 1, 2, 1<<31-1)...)
	dir = append(dir, entry("1Table", 2, 2, noSector, 3, 1<<31-1)...)
	_, _ = o.Write(append(dir, make([]byte, sector-len(dir))...))
	_, _ = o.Write(make([]byte, 4*sector))
}

func manyEntries(o *out) {
	streams := []stream{{"__properties_version1.0", make([]byte, 32)}}
	for i := range 100_000 {
		streams = append(streams, stream{"__substg1.0_" + string("0123456789ABCDEF"[i>>12&15]) + string("0123456789ABCDEF"[i>>8&15]) + string("0123456789ABCDEF"[i>>4&15]) + string("0123456789ABCDEF"[i&15]) + "001F", wide("a b c d ", 60)})
	}
	compound(o, streams...)
}
