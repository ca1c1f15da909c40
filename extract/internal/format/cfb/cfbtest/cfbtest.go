// Package cfbtest makes small files of the old Office formats for the tests of their readers.
package cfbtest

import (
	"bytes"
	"cmp"
	"compress/zlib"
	"encoding/binary"
	"maps"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"
)

// Kinds of records of [MS-PPT] and places in the header of [MS-DOC], as the readers have them.
const (
	genPtDocument  = 0x03e8
	genPtSlide     = 0x03ee
	genPtSlideAtom = 0x03f3
	genPtSlideList = 0x0ff0
	genPtBytes     = 0x0fa8
	genPtCString   = 0x0fba
	genPtUserEdit  = 0x0ff5
	genPtPersist   = 0x1772
	genPtHeadFoot  = 0x0fd9
	genPtHeadAtom  = 0x0fda
	genPtObject    = 0x1011
	genFibClx      = 0x1a2
	genFibPapx     = 0x102
	genFibStyles   = 0xa2
	genFibLists    = 0x2e2
	genFibLFO      = 0x2ea
)

// Put16 and Put32 write a number at o.
func Put16(b []byte, o, v int) { binary.LittleEndian.PutUint16(b[o:], uint16(v)) }

func Put32(b []byte, o, v int) { binary.LittleEndian.PutUint32(b[o:], uint32(v)) }

// Wide is s in UTF-16.
func Wide(s string) []byte {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		b = binary.LittleEndian.AppendUint16(b, u)
	}
	return b
}

// File writes a compound file with 512-byte sectors and no small ones. A path "a/b" puts stream b
// into storage a.
func File(streams map[string][]byte) []byte {
	type dirent struct {
		name  string
		kind  byte
		start int
		size  int
		kids  []int
	}
	dir := []dirent{{name: "Root Entry", kind: 5, start: -2}}
	storages := map[string]int{"": 0}
	var body []byte
	var fat []int
	write := func(b []byte) int {
		if len(b) == 0 {
			return -2
		}
		start := len(fat)
		for len(b) > 0 {
			sector := make([]byte, 512)
			n := copy(sector, b)
			b = b[n:]
			body = append(body, sector...)
			next := len(fat) + 1
			if len(b) == 0 {
				next = -2
			}
			fat = append(fat, next)
		}
		return start
	}
	for _, path := range slices.SortedFunc(maps.Keys(streams), cmp.Compare[string]) {
		parent := 0
		parts := strings.Split(path, "/")
		for i := range parts[:len(parts)-1] {
			key := strings.Join(parts[:i+1], "/")
			id, ok := storages[key]
			if !ok {
				id = len(dir)
				dir = append(dir, dirent{name: parts[i], kind: 1})
				dir[parent].kids = append(dir[parent].kids, id)
				storages[key] = id
			}
			parent = id
		}
		data := streams[path]
		dir = append(dir, dirent{name: parts[len(parts)-1], kind: 2, start: write(data), size: len(data)})
		dir[parent].kids = append(dir[parent].kids, len(dir)-1)
	}
	entries := make([]byte, 128*len(dir))
	for i := range dir {
		e := entries[128*i:]
		name := Wide(dir[i].name)
		copy(e, name)
		Put16(e, 64, len(name)+2)
		e[66] = dir[i].kind
		Put32(e, 68, -1)
		Put32(e, 76, -1)
		if len(dir[i].kids) > 0 {
			Put32(e, 76, dir[i].kids[0])
		}
		Put32(e, 116, dir[i].start)
		Put32(e, 120, dir[i].size)
	}
	for i := range dir { // siblings hang on each other's right
		Put32(entries[128*i:], 72, -1)
	}
	for i := range dir {
		for k := 0; k+1 < len(dir[i].kids); k++ {
			Put32(entries[128*dir[i].kids[k]:], 72, dir[i].kids[k+1])
		}
	}
	dirStart := write(entries)
	nFAT := (len(fat)+127)/128 + 1
	head := make([]byte, 512)
	copy(head, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
	Put16(head, 30, 9)
	Put16(head, 32, 6)
	Put32(head, 44, nFAT)
	Put32(head, 48, dirStart)
	Put32(head, 60, -2)
	Put32(head, 68, -2)
	for i := range 109 {
		v := -1
		if i < nFAT {
			v = len(fat) + i
		}
		Put32(head, 76+4*i, v)
	}
	table := bytes.Repeat([]byte{0xff}, 512*nFAT)
	for i, n := range fat {
		Put32(table, 4*i, n)
	}
	return slices.Concat(head, body, table)
}

// WordPara is a paragraph of a generated document: list and level, 0 for none; style index.
type WordPara struct {
	Text       string
	List, Lvl  int
	Style, End int  // end: 0 for a paragraph mark
	Row        bool // it ends a row of a table
}

// WordFile writes a Word 97 document with one list of two levels, used by two lists: the second
// restarts at 5. Style 1 is "heading 1".
func WordFile(paras ...WordPara) map[string][]byte {
	const textAt, pageAt = 0x600, 0x800
	main := make([]byte, 0xa00)
	Put16(main, 0, 0xa5ec)
	Put16(main, 2, 0xc1)
	Put16(main, 10, 0x200)
	page := main[pageAt : pageAt+512]
	at, free := textAt, 510
	page[511] = byte(len(paras))
	for i, p := range paras {
		Put32(page, 4*i, at)
		at += copy(main[at:], p.Text)
		main[at] = '\r'
		if p.End != 0 {
			main[at] = byte(p.End)
		}
		at++
		x := binary.LittleEndian.AppendUint16(nil, uint16(p.Style))
		if p.Row {
			x = append(x, 0x17, 0x24, 1, 0) // padded to an even size
		}
		if p.List > 0 {
			x = append(x, 0x0a, 0x26, byte(p.Lvl), 0x0b, 0x46, byte(p.List), 0, 0) // padded to an even size
		}
		size := len(x) / 2
		free -= 2*size + 2
		page[free], page[free+1] = 0, byte(size)
		copy(page[free+2:], x)
		page[4*(len(paras)+1)+13*i] = byte(free / 2)
	}
	Put32(page, 4*len(paras), at)
	Put32(main, 0x4c, at-textAt)
	var table []byte
	add := func(field int, b []byte) {
		Put32(main, field, len(table))
		Put32(main, field+4, len(b))
		table = append(table, b...)
	}
	clx := make([]byte, 5+16)
	clx[0] = 2
	Put32(clx, 1, 16)
	Put32(clx, 9, at-textAt)
	Put32(clx, 13+2, textAt*2|0x40000000)
	add(genFibClx, clx)
	plc := make([]byte, 12)
	Put32(plc, 0, textAt)
	Put32(plc, 4, at)
	Put32(plc, 8, pageAt/512)
	add(genFibPapx, plc)
	add(genFibStyles, styleSheet(0x0000, 0x0001))
	lst := make([]byte, 2+28)
	Put16(lst, 0, 1)
	Put32(lst, 2, 77)
	add(genFibLists, lst)
	table = append(table, lvl(0, "\x00.")...)
	table = append(table, lvl(4, "\x00.\x01)")...)
	for range 7 {
		table = append(table, lvl(0xff, "")...)
	}
	lfo := make([]byte, 4+32)
	Put32(lfo, 0, 2)
	Put32(lfo, 4, 77)
	Put32(lfo, 20, 77)
	lfo[20+12] = 1
	add(genFibLFO, lfo)
	over := make([]byte, 4+4+8)
	Put32(over, 8, 5)
	Put32(over, 12, 0x10)
	table = append(table, over...)
	return map[string][]byte{"WordDocument": main, "1Table": table}
}

func styleSheet(stis ...int) []byte {
	b := make([]byte, 2+6)
	Put16(b, 0, 6)
	Put16(b, 4, 10)
	for _, sti := range stis {
		std := make([]byte, 10+2+2+2+2)
		Put16(std, 0, sti)
		Put16(std, 2, 0xfff<<4|1)
		Put16(std, 14, 2) // paragraph properties: a style index only
		b = binary.LittleEndian.AppendUint16(b, uint16(len(std)))
		b = append(b, std...)
	}
	return b
}

func lvl(nfc byte, text string) []byte {
	b := make([]byte, 28)
	Put32(b, 0, 1)
	b[4] = nfc
	b = binary.LittleEndian.AppendUint16(b, uint16(len(text)))
	return append(b, Wide(text)...)
}

// Biff is the beginning of a workbook of Excel 97.
const Biff = "\x09\x08\x10\x00\x00\x06\x05\x00\xbb\x0d\xcc\x07\x00\x00\x00\x00\x06\x00\x00\x00\xfc\x00\x0c\x00\x01\x00\x00\x00\x01\x00\x00\x00\x01\x00\x00a"

// pptRecord writes a record; body is what it holds.
func pptRecord(kind, inst int, container bool, body ...[]byte) []byte {
	b := make([]byte, 8)
	v := inst << 4
	if container {
		v |= 15
	}
	all := bytes.Join(body, nil)
	Put16(b, 0, v)
	Put16(b, 2, kind)
	Put32(b, 4, len(all))
	return append(b, all...)
}

// Presentation is a file with one slide and one embedded object.
func Presentation(object []byte) map[string][]byte {
	atom := make([]byte, 20)
	Put32(atom, 0, 2)
	flags := []byte{0, 0, 0x20, 0}
	document := pptRecord(genPtDocument, 0, true,
		pptRecord(genPtHeadFoot, 3, true, pptRecord(genPtHeadAtom, 0, false, flags), pptRecord(genPtCString, 2, false, Wide("Confidential"))),
		pptRecord(genPtSlideList, 0, true, pptRecord(genPtSlideAtom, 0, false, atom)))
	slide := pptRecord(genPtSlide, 0, true, pptRecord(genPtBytes, 0, false, []byte("The slide")))
	embedded := pptRecord(genPtObject, 1, false, append([]byte{0, 0, 0, 0}, object...))
	at := []int{0, len(document), len(document) + len(slide)}
	stream := bytes.Join([][]byte{document, slide, embedded}, nil)
	dir := make([]byte, 4+4*len(at))
	Put32(dir, 0, len(at)<<20|1)
	for i, o := range at {
		Put32(dir, 4+4*i, o)
	}
	persistAt := len(stream)
	stream = append(stream, pptRecord(genPtPersist, 0, false, dir)...)
	edit := make([]byte, 28)
	Put32(edit, 12, persistAt)
	Put32(edit, 16, 1)
	editAt := len(stream)
	stream = append(stream, pptRecord(genPtUserEdit, 0, false, edit)...)
	user := make([]byte, 20)
	Put32(user, 16, editAt)
	return map[string][]byte{"PowerPoint Document": stream, "Current User": user}
}

// Deflated is b packed by zlib.
func Deflated(b []byte) []byte {
	var out bytes.Buffer
	w := zlib.NewWriter(&out)
	_, _ = w.Write(b)
	_ = w.Close()
	return out.Bytes()
}

// PropertyStream writes one section with narrow strings; names of user-defined ones follow.
func PropertyStream(sections ...map[int]string) []byte {
	b := make([]byte, 28+20*len(sections))
	Put16(b, 0, 0xfffe)
	Put32(b, 24, len(sections))
	for i, s := range sections {
		Put32(b, 28+20*i+16, len(b))
		var ids []int
		for id := range 32 {
			if _, ok := s[id]; ok {
				ids = append(ids, id)
			}
		}
		sec := make([]byte, 8+8*len(ids))
		Put32(sec, 4, len(ids))
		for k, id := range ids {
			Put32(sec, 8+8*k, id)
			Put32(sec, 12+8*k, len(sec))
			if id == 0 { // the dictionary of names
				name := s[id] + "\x00"
				e := make([]byte, 12)
				Put32(e, 0, 1)
				Put32(e, 4, 2)
				Put32(e, 8, len(name))
				sec = append(append(sec, e...), name...)
				continue
			}
			v := s[id] + "\x00"
			e := make([]byte, 8)
			Put32(e, 0, 0x1e)
			Put32(e, 4, len(v))
			sec = append(append(sec, e...), v...)
		}
		b = append(b, sec...)
	}
	return b
}

// Open opens a generated file by a reader's own Open with room for budget bytes.
func Open[F any](t testing.TB, open func(data []byte, budget int64) (F, error), budget int64, streams map[string][]byte) F {
	t.Helper()
	f, err := open(File(streams), budget)
	if err != nil {
		t.Fatal(err)
	}
	return f
}
