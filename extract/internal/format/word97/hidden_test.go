package word97

import (
	"bytes"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/cfb"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/cfb/cfbtest"
)

// withRuns gives a file properties of characters: for each text, which stands in it once, these modifiers.
func withRuns(file map[string][]byte, runs map[string]string) map[string][]byte {
	main, table := file["WordDocument"], file["1Table"]
	type run struct {
		at, end int
		mods    string
	}
	var all []run
	for at := range main {
		for text, mods := range runs {
			if at >= 0x600 && at < 0x800 && bytes.HasPrefix(main[at:], []byte(text)) {
				all = append(all, run{at, at + len(text), mods})
			}
		}
	}
	page := make([]byte, 512)
	page[511] = byte(2 * len(all)) // each run, and what follows it
	free := 510
	for i, r := range all {
		cfbtest.Put32(page, 8*i, r.at)
		cfbtest.Put32(page, 8*i+4, r.end)
		free = (free - len(r.mods) - 1) &^ 1
		page[free] = byte(len(r.mods))
		copy(page[free+1:], r.mods)
		page[4*(2*len(all)+1)+2*i] = byte(free / 2)
	}
	cfbtest.Put32(page, 8*len(all), 0x800)
	plc := make([]byte, 12)
	cfbtest.Put32(plc, 0, 0x600)
	cfbtest.Put32(plc, 4, 0x800)
	cfbtest.Put32(plc, 8, len(main)/512)
	cfbtest.Put32(main, fibChpx, len(table))
	cfbtest.Put32(main, fibChpx+4, len(plc))
	file["WordDocument"], file["1Table"] = append(main, page...), append(table, plc...)
	return file
}

func TestHiddenText(t *testing.T) {
	file := withRuns(cfbtest.WordFile(
		cfbtest.WordPara{Text: "Seen DELETED and HIDDEN text"}, cfbtest.WordPara{Text: "bold text, not hidden"}, cfbtest.WordPara{Text: "one", List: 1}, cfbtest.WordPara{Text: "GONE", List: 1}, cfbtest.WordPara{Text: "two", List: 1},
		cfbtest.WordPara{Text: "a \x13 HYPERLINK \"https://example.org/\" \x14link\x15 here"},
	), map[string]string{
		"DELETED ": "\x00\x08\x01", "HIDDEN ": "\x35\x08\x01\x3c\x08\x01", "bold": "\x35\x08\x01\x00\x08\x00", "not hidden": "\x3c\x08\x80", "GONE\r": "\x00\x08\x01",
		"\x13 HYPERLINK \"https://example.org/\" \x14": "\x3c\x08\x01",
	})
	f := cfbtest.Open(t, cfb.Open, 64<<20, file)
	got, err := whole(Word(f, 0, nil))
	want := "Seen and text\n\nbold text, not hidden\n\n1. one\n2. two\n\na link here"
	if err != nil || got != want {
		t.Errorf("got  %q\nwant %q (%v)", got, want, err)
	}
	// Every byte of the properties may be wrong.
	at := len(file["WordDocument"]) - 512
	for i := range 512 {
		was := file["WordDocument"][at+i]
		file["WordDocument"][at+i] ^= 0xff
		if _, err := Word(cfbtest.Open(t, cfb.Open, 64<<20, file), 0, nil); err != nil {
			t.Fatalf("byte %d: %v", i, err)
		}
		file["WordDocument"][at+i] = was
	}
}

// A style of letters may hide what has it, and pieces may name the same text again and again.
func TestHiddenByAStyleInManyPieces(t *testing.T) {
	d := &document{
		main:   append(make([]byte, 0x600), "seen HIDDEN seen"...),
		styles: []paragraphStyle{{base: -1}, {base: -1, chpx: []byte{0x3c, 0x08, 1}}, {base: 1}, {base: 3}},
	}
	for name, c := range map[string]struct {
		mods string
		want bool
	}{
		"none":         {"\x35\x08\x01", false},
		"a style":      {"\x30\x4a\x01\x00", true},
		"one below it": {"\x30\x4a\x02\x00", true},
		"but not here": {"\x30\x4a\x02\x00\x3c\x08\x00", false},
		"turned round": {"\x30\x4a\x02\x00\x3c\x08\x81", false},
		"of itself":    {"\x30\x4a\x03\x00", false},
		"none such":    {"\x30\x4a\xff\xff", false},
	} {
		page := make([]byte, 512)
		page[511] = 1
		cfbtest.Put32(page, 0, 0x605)
		cfbtest.Put32(page, 4, 0x60c)
		page[8] = 100
		page[200] = byte(len(c.mods))
		copy(page[201:], c.mods)
		if got := len(d.hiddenOn(page, nil)) == 1; got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
	for range 1000 {
		d.pieces = append(d.pieces, piece{cp: d.units, fc: 0x600, width: 1, data: d.main[0x600:]})
		d.units += 16
	}
	at := []span{{0x605, 0x60c}}
	for _, p := range d.pieces {
		d.hide(span{p.cp + at[0].from - p.fc, p.cp + at[0].to - p.fc})
	}
	for cp := range d.units {
		if got := d.isHidden(cp); got != (cp%16 >= 5 && cp%16 < 12) {
			t.Fatalf("%d: %v", cp, got)
		}
	}
	for cp := d.units - 1; cp >= 0; cp -= 7 {
		if got := d.isHidden(cp); got != (cp%16 >= 5 && cp%16 < 12) {
			t.Fatalf("%d, backward: %v", cp, got)
		}
	}
}

// Rows end where the file says so: an empty cell, which two ends of cells make, is no end of a row. Deleted rows are none.
func TestRowsOfTables(t *testing.T) {
	cell := func(text string) cfbtest.WordPara { return cfbtest.WordPara{Text: text, End: 7} }
	end := cfbtest.WordPara{End: 7, Row: true}
	gone := cfbtest.WordPara{Text: "\x08", End: 7, Row: true}
	file := cfbtest.WordFile(cfbtest.WordPara{Text: "before"}, cell("a1"), cell(""), cell("c1"), end, cell("GONE"), cell("GOING"), gone, cell(""), cell("b2"), cell("c2"), end, cfbtest.WordPara{Text: "after"})
	withRuns(file, map[string]string{"GONE\x07": "\x00\x08\x01", "GOING\x07": "\x00\x08\x01", "\x08\x07": "\x00\x08\x01"})
	got, err := whole(Word(cfbtest.Open(t, cfb.Open, 64<<20, file), 0, nil))
	if want := "before\n\na1\t\tc1\n\tb2\tc2\nafter"; err != nil || got != want {
		t.Errorf("got  %q\nwant %q (%v)", got, want, err)
	}
}
