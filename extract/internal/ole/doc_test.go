package ole

import (
	"strings"
	"testing"
)

// wordPara is a paragraph of a generated document: list and level, 0 for none; style index.
type wordPara struct {
	text       string
	list, lvl  int
	style, end int // end: 0 for a paragraph mark
}

// wordFile writes a Word 97 document with one list of two levels, used by two lists: the second
// restarts at 5. Style 1 is "heading 1".
func wordFile(paras ...wordPara) map[string][]byte {
	const textAt, pageAt = 0x600, 0x800
	main := make([]byte, 0xa00)
	put16(main, 0, 0xa5ec)
	put16(main, 2, 0xc1)
	put16(main, 10, 0x200)
	page := main[pageAt : pageAt+512]
	at, free := textAt, 510
	page[511] = byte(len(paras))
	for i, p := range paras {
		put32(page, 4*i, at)
		at += copy(main[at:], p.text)
		main[at] = '\r'
		if p.end != 0 {
			main[at] = byte(p.end)
		}
		at++
		x := le.AppendUint16(nil, uint16(p.style))
		if p.list > 0 {
			x = append(x, 0x0a, 0x26, byte(p.lvl), 0x0b, 0x46, byte(p.list), 0, 0) // padded to an even size
		}
		size := len(x) / 2
		free -= 2*size + 2
		page[free], page[free+1] = 0, byte(size)
		copy(page[free+2:], x)
		page[4*(len(paras)+1)+13*i] = byte(free / 2)
	}
	put32(page, 4*len(paras), at)
	put32(main, 0x4c, at-textAt)
	var table []byte
	add := func(field int, b []byte) {
		put32(main, field, len(table))
		put32(main, field+4, len(b))
		table = append(table, b...)
	}
	clx := make([]byte, 5+16)
	clx[0] = 2
	put32(clx, 1, 16)
	put32(clx, 9, at-textAt)
	put32(clx, 13+2, textAt*2|0x40000000)
	add(fibClx, clx)
	plc := make([]byte, 12)
	put32(plc, 0, textAt)
	put32(plc, 4, at)
	put32(plc, 8, pageAt/512)
	add(fibPapx, plc)
	add(fibStyles, styleSheet(0x0000, 0x0001))
	lst := make([]byte, 2+28)
	put16(lst, 0, 1)
	put32(lst, 2, 77)
	add(fibLists, lst)
	table = append(table, lvl(0, "\x00.")...)
	table = append(table, lvl(4, "\x00.\x01)")...)
	for range 7 {
		table = append(table, lvl(0xff, "")...)
	}
	lfo := make([]byte, 4+32)
	put32(lfo, 0, 2)
	put32(lfo, 4, 77)
	put32(lfo, 20, 77)
	lfo[20+12] = 1
	add(fibLFO, lfo)
	over := make([]byte, 4+4+8)
	put32(over, 8, 5)
	put32(over, 12, 0x10)
	table = append(table, over...)
	return map[string][]byte{"WordDocument": main, "1Table": table}
}

func styleSheet(stis ...int) []byte {
	b := make([]byte, 2+6)
	put16(b, 0, 6)
	put16(b, 4, 10)
	for _, sti := range stis {
		std := make([]byte, 10+2+2+2+2)
		put16(std, 0, sti)
		put16(std, 2, 0xfff<<4|1)
		put16(std, 14, 2) // paragraph properties: a style index only
		b = le.AppendUint16(b, uint16(len(std)))
		b = append(b, std...)
	}
	return b
}

func lvl(nfc byte, text string) []byte {
	b := make([]byte, 28)
	put32(b, 0, 1)
	b[4] = nfc
	b = le.AppendUint16(b, uint16(len(text)))
	return append(b, wide(text)...)
}

func TestWordNumbersAndHeadings(t *testing.T) {
	f := openCompound(t, wordFile(
		wordPara{text: "Title of it", style: 1}, wordPara{text: "one", list: 1}, wordPara{text: "sub", list: 1, lvl: 1}, wordPara{text: "sub", list: 1, lvl: 1},
		wordPara{text: "two", list: 1}, wordPara{text: "between"}, wordPara{text: "again", list: 2}, wordPara{text: "sub", list: 2, lvl: 1}))
	got, err := Word(f)
	want := "# Title of it\n\n1. one\n1.a) sub\n1.b) sub\n2. two\n\nbetween\n\n5. again\n5.a) sub"
	if err != nil || got != want {
		t.Errorf("got  %q\nwant %q (%v)", got, want, err)
	}
}

func TestWordRefusesEncrypted(t *testing.T) {
	s := wordFile(wordPara{text: "secret"})
	put16(s["WordDocument"], 10, 0x300)
	if _, err := Word(openCompound(t, s)); err != ErrEncrypted {
		t.Errorf("got %v", err)
	}
}

// Every cut of the table stream must give an answer without a panic; the text itself stays as long
// as the piece table is whole.
func TestWordWithCutTables(t *testing.T) {
	s := wordFile(wordPara{text: "one", list: 1}, wordPara{text: "two", list: 1, lvl: 1})
	whole := s["1Table"]
	for n := range len(whole) {
		s["1Table"] = whole[:n]
		got, err := Word(openCompound(t, s))
		if n >= 21 && (err != nil || !strings.Contains(got, "two")) {
			t.Fatalf("table of %d bytes: %q %v", n, got, err)
		}
	}
}
