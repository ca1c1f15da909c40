package mupdf

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/formattest"
)

// linked is a page of two lines with these annotations; each is the rest of a dictionary.
func linked(page string, notes ...string) []byte {
	content := "BT /F1 12 Tf 100 700 Td (See the report of this year,) Tj 0 -14 Td (which is long, or a map.) Tj ET"
	objects := []string{"<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Count 1/Kids[3 0 R]>>", "",
		fmt.Sprintf("<</Length %d>>\nstream\n%s\nendstream", len(content), content)}
	list := ""
	for _, n := range notes {
		objects = append(objects, "<</Type/Annot/Subtype/Link"+n+">>")
		list += fmt.Sprintf("%d 0 R ", len(objects))
	}
	objects[2] = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Courier>>>>>>/Contents 4 0 R/Annots[" + list + "]" + page + ">>"
	return formattest.PDF("", objects...)
}

func TestLinks(t *testing.T) {
	uri := func(u string) string { return "/A<</S/URI/URI(" + u + ")>>" }
	// Courier of 12 points: a letter is 7.2 wide. "the report" are the letters 4 to 14 of the first line.
	report := "/Rect[128 696 201 710]"
	for name, c := range map[string]struct {
		page  string
		notes []string
		want  []Link
	}{
		"words":          {"", []string{report + uri("https://example.org/a")}, []Link{{"the report", "https://example.org/a"}}},
		"turned":         {"/Rotate 90", []string{report + uri("https://example.org/a")}, []Link{{"the report", "https://example.org/a"}}},
		"cropped":        {"/CropBox[90 600 500 800]", []string{report + uri("https://example.org/a")}, []Link{{"the report", "https://example.org/a"}}},
		"over two lines": {"", []string{"/Rect[228 696 305 710]" + uri("u"), "/Rect[100 682 193 695]" + uri("u"), "/Rect[228 682 273 696]" + uri("u")}, []Link{{"this year, which is long", "u"}, {"a map.", "u"}}},
		"by corners":     {"", []string{"/Rect[100 682 305 710]/QuadPoints[228 710 305 710 228 696 305 696 100 695 193 695 100 682 193 682]" + uri("u")}, []Link{{"this year, which is long", "u"}}},
		"no words":       {"", []string{"/Rect[10 10 50 50]" + uri("u")}, []Link{{"", "u"}}},
		"hidden":         {"", []string{report + "/F 2" + uri("u")}, nil},
		"to a place":     {"", []string{report + "/Dest[3 0 R/Fit]", report + "/A<</S/GoTo/D[3 0 R/Fit]>>", report + "/A<</S/Launch/F(cmd.exe)>>", report + "/A<</S/JavaScript/JS(app.alert)>>"}, nil},
		"odd":            {"", []string{report + "/QuadPoints[1 2 3]/A<</S/URI/URI 7>>", "/Rect[1]" + uri("u"), report + "/QuadPoints[" + strings.Repeat("1 ", 80_000) + "]" + uri("v")}, []Link{{"the report", ""}, {"", "u"}, {"", "v"}}},
		"the separator":  {"", []string{report + "/A<</S/URI/URI<FEFF0061001F0062>>>"}, []Link{{"the report", "a"}}},
	} {
		d, err := Open(formattest.Save(t, "f.pdf", linked(c.page, c.notes...)))
		if err != nil {
			t.Fatal(err)
		}
		p, err := d.Lines(0)
		if err != nil || !slices.Equal(p.Links, c.want) {
			t.Errorf("%s: %q, %v", name, p.Links, err)
		}
		d.Close()
	}
	many := make([]string, 1000)
	for i := range many {
		many[i] = report + uri(fmt.Sprint(i))
	}
	d, err := Open(formattest.Save(t, "f.pdf", linked("", many...)))
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if p, err := d.Lines(0); err != nil || len(p.Links) != maxLinks {
		t.Errorf("%d links, %v", len(p.Links), err)
	}
}
