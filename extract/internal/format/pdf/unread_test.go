package pdf

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/formattest"
)

// A page that needs too much memory gives what comes before that and says so; no other page of its document knows of it.
func TestAPageBeyondTheBoundTakesNothingFromOthers(t *testing.T) {
	const all, bad = 50, 25
	pages := make([]string, all)
	for i := range pages {
		pages[i] = show(50, 50, 12, fmt.Sprintf("this is page %d", i+1))
	}
	pages[bad-1] += "BT /F1 1 Tf [" + strings.Repeat("1 2 ", 6_000_000) + "] TJ ET\n" + show(50, 90, 12, "lost")
	src, err := Open(save(t, build("", pages...)), limits, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	for i := range all {
		p, err := src.Page(i)
		if err != nil {
			t.Fatalf("page %d: %v", i+1, err)
		}
		if want := fmt.Sprintf("this is page %d", i+1); p.Text != want || (i+1 == bad) != slices.Contains(p.Unread, doc.UnreadMemory) {
			t.Errorf("page %d: %q, unread: %q", i+1, p.Text, p.Unread)
		}
	}
}

// Of more annotations than are loaded the first are read, and the page says so.
func TestAnnotationsLeftOutAreNamed(t *testing.T) {
	objects := []string{"<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Count 1/Kids[3 0 R]>>", ""}
	list := ""
	for i := range 5001 {
		objects = append(objects, fmt.Sprintf("<</Type/Annot/Subtype/Text/Rect[0 0 9 9]/Contents(note %d)>>", i+1))
		list += fmt.Sprintf("%d 0 R ", len(objects))
	}
	objects[2] = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Annots[" + list + "]>>"
	src, err := Open(save(t, formattest.PDF("", objects...)), limits, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	p, err := src.Page(0)
	if err != nil || !slices.Equal(p.Unread, []doc.Unread{doc.UnreadNotes}) || !strings.HasSuffix(p.Text, "> note 5000") {
		t.Errorf("%d bytes, unread: %q, %v", len(p.Text), p.Unread, err)
	}
}

// A page that is nothing but a picture that cannot be decoded is empty, and says so.
func TestAPictureThatCannotBeDecodedIsNamed(t *testing.T) {
	src, err := Open(save(t, formattest.PDF("", "<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Count 1/Kids[3 0 R]>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</XObject<</X 5 0 R>>>>/Contents 4 0 R>>",
		"<</Length 32>>\nstream\nq 500 0 0 500 10 10 cm /X Do Q   \nendstream",
		"<</Type/XObject/Subtype/Image/Width 400/Height 400/BitsPerComponent 8/ColorSpace/DeviceGray/Filter/DCTDecode/Length 18>>\nstream\nthis is no picture\nendstream")), limits, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	p, err := src.Page(0)
	if err != nil || p.Method != doc.MethodEmpty || !slices.Equal(p.Unread, []doc.Unread{doc.UnreadPicture}) {
		t.Errorf("%+v, %v", p, err)
	}
}
