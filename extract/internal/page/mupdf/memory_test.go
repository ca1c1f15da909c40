package mupdf

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/formattest"
)

// onePage is a file with one page of this content.
func onePage(content string) []byte {
	return formattest.PDF("", "<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Count 1/Kids[3 0 R]>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>/Contents 4 0 R>>",
		fmt.Sprintf("<</Length %d>>\nstream\n%s\nendstream", len(content), content))
}

// What MuPDF may not hold it does not get, the document says so, and it is as good as before afterwards.
func TestMemoryOfAPageIsBounded(t *testing.T) {
	const most = 2 << 20
	for name, c := range map[string]struct {
		content string
		short   bool
	}{
		"a page":                {letters(4000), false},
		"one very long string":  {string(onePage("BT /F1 1 Tf (" + strings.Repeat("x", most/2) + ") Tj ET")), true},
		"one array of numbers":  {string(onePage("BT /F1 1 Tf [" + strings.Repeat("1 2 ", most/8) + "] TJ ET")), true},
		"a picture in the text": {string(onePage("q 500 0 0 800 10 10 cm BI /W 2000 /H 2000 /CS /G /BPC 8 ID " + strings.Repeat("\x80", 2000*2000) + " EI Q")), true},
	} {
		d, err := Open(formattest.Save(t, "f.pdf", []byte(c.content)))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		r, err := d.rawOf(0, maxChars, bound{bytes: most})
		if err != nil || r.cut != c.short {
			t.Fatalf("%s: %v", name, err)
		}
		r.done()
		if _, err := d.Lines(0); err != nil {
			t.Errorf("%s, read once more: %v", name, err)
		}
		d.Close()
	}
}

// A long document of ordinary pages is no reason to refuse one: what is held of the pages before does not count.
func TestPagesBeforeDoNotCount(t *testing.T) {
	const most, pages = 2 << 20, 30
	objects := []string{"<</Type/Catalog/Pages 2 0 R>>"}
	kids := ""
	for i := range pages {
		kids += fmt.Sprintf("%d 0 R ", i+3)
	}
	objects = append(objects, fmt.Sprintf("<</Type/Pages/Count %d/Kids[%s]>>", pages, kids))
	for i := range pages {
		objects = append(objects, fmt.Sprintf("<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources %d 0 R/Contents %d 0 R>>", 3+pages+i, 3+2*pages))
	}
	for range pages {
		objects = append(objects, "<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>/Kept("+strings.Repeat("k", most/10)+")>>")
	}
	objects = append(objects, "<</Length 33>>\nstream\nBT /F1 12 Tf 9 700 Td (read) Tj ET\nendstream")
	d, err := Open(formattest.Save(t, "f.pdf", formattest.PDF("", objects...)))
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	for i := range pages {
		r, err := d.rawOf(i, maxChars, bound{bytes: most})
		if err != nil {
			t.Fatalf("page %d: %v", i+1, err)
		}
		r.done()
	}
}

// A page that takes too much memory to be drawn says so, and is drawn by whoever wants it all the same.
func TestMemoryOfADrawingIsBounded(t *testing.T) {
	d, err := Open(formattest.Save(t, "f.pdf", onePage("0 0 100 100 re f")))
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if _, _, err := d.gray(0, 72, 1<<20, bound{bytes: 64 << 10}); !errors.Is(err, ErrMemory) {
		t.Errorf("drawn in 64 KiB: %v", err)
	}
	if _, err := d.GrayAnyway(0, 72, 1<<20); err != nil {
		t.Error(err)
	}
}

// Of a page that needs too much memory there is what comes before that.
func TestWhatComesBeforeTooMuchIsRead(t *testing.T) {
	const most = 2 << 20
	d, err := Open(formattest.Save(t, "f.pdf", onePage("BT /F1 12 Tf 9 700 Td (before) Tj ET 0 0 300 300 re f BT /F1 1 Tf ["+strings.Repeat("1 2 ", most/8)+"] TJ ET BT /F1 12 Tf 9 600 Td (after) Tj ET")))
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	r, err := d.rawOf(0, maxChars, bound{bytes: most})
	if err != nil {
		t.Fatal(err)
	}
	if got := string(text(r)); got != "before" || !r.cut {
		t.Errorf("%q, cut: %t", got, r.cut)
	}
	r.done()
	g, short, err := d.gray(0, 72, 1<<20, bound{bytes: most + 595*842})
	if err != nil || !short {
		t.Fatalf("drawn: %v, short: %t", err, short)
	}
	if p := g.GrayAt(100, 842-100).Y; p != 0 {
		t.Errorf("what comes before is not drawn: %d", p)
	}
}

func text(r *rawPage) (s []rune) {
	for _, c := range r.chars {
		s = append(s, rune(c.c))
	}
	return s
}

// More is asked for than counts as much, and granted while the process really holds little.
func TestWhatIsNotHeldIsGranted(t *testing.T) {
	WatchMemory()
	const most = 2 << 20
	content := "q 500 0 0 800 10 10 cm BI /W 1500 /H 1500 /CS /G /BPC 8 ID " + strings.Repeat("\x80", 1500*1500) + " EI Q"
	for resident, cut := range map[int]bool{1: true, 1 << 40: false} {
		d, err := Open(formattest.Save(t, "f.pdf", onePage(content)))
		if err != nil {
			t.Fatal(err)
		}
		r, err := d.rawOf(0, maxChars, bound{bytes: most + 1<<20, resident: resident})
		if err != nil || r.cut != cut {
			t.Errorf("up to %d held: %v", resident, err)
		}
		if r != nil {
			r.done()
		}
		d.Close()
	}
}

// With its page MuPDF loads every annotation; of more than anybody reads it gets the first.
func TestAnnotationsAreBounded(t *testing.T) {
	const all = 5003
	objects := []string{"<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Count 1/Kids[3 0 R]>>", ""}
	list := ""
	for i := range all {
		objects = append(objects, fmt.Sprintf("<</Type/Annot/Subtype/Text/Rect[0 0 9 9]/Contents(note %d)>>", i+1))
		list += fmt.Sprintf("%d 0 R ", len(objects))
	}
	objects[2] = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Annots[" + list + "]>>"
	d, err := Open(formattest.Save(t, "f.pdf", formattest.PDF("", objects...)))
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	for range 2 {
		p, err := d.Lines(0)
		if err != nil || p.Unnoted != 3 || !p.Noted {
			t.Fatalf("%+v, %v", p, err)
		}
	}
	notes, err := d.Notes(0)
	if err != nil || len(notes) != 5000 || notes[4999].Text != "note 5000" {
		t.Errorf("%d notes: %v", len(notes), err)
	}
}

// Before a page is drawn that took too much once, all that nobody uses goes back.
func TestMemoryGoesBackBeforeALargeDrawing(t *testing.T) {
	d, err := Open(formattest.Save(t, "f.pdf", onePage("0 0 100 100 re f")))
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	forced := func() uint32 {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.NumForcedGC
	}
	for name, draw := range map[string]func() error{
		"in part": func() error { _, _, err := d.GrayPart(0, 72, 1<<20); return err },
		"anyway":  func() error { _, err := d.GrayAnyway(0, 72, 1<<20); return err },
	} {
		before := forced()
		if err := draw(); err != nil || forced() == before {
			t.Errorf("%s: %v, collected %v", name, err, forced() > before)
		}
	}
}
