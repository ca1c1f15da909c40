package extract

import (
	"fmt"
	"image"
	"slices"
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/formattest"
)

// drawn is a piece of text on an A4 page, x and y from its top left corner, in points. One of a negative size runs up the page.
type drawn struct {
	x, y, size float64
	text       string
}

// printed is a PDF of one page on which the pieces are drawn in their order.
func printed(pieces []drawn) []byte {
	var b strings.Builder
	for _, p := range pieces {
		text := strings.NewReplacer(`\`, `\\`, "(", `\(`, ")", `\)`, "©", `\251`).Replace(p.text)
		turn := "1 0 0 1"
		if p.size < 0 {
			turn, p.size = "0 1 -1 0", -p.size
		}
		fmt.Fprintf(&b, "BT /F1 %g Tf %s %g %g Tm (%s) Tj ET\n", p.size, turn, p.x, 842-p.y, text)
	}
	return formattest.PDF("",
		"<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Count 1/Kids[4 0 R]>>",
		"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 3 0 R>>>>/Contents 5 0 R>>",
		fmt.Sprintf("<</Length %d>>stream\n%s\nendstream", b.Len(), b.String()))
}

// body is n lines of running text from y on, in type of 10 points.
func body(y float64, n int) (out []drawn) {
	for i := range n {
		out = append(out, drawn{72, y + 13*float64(i), 10, fmt.Sprintf("Line %02d of the report tells how the bridge over the river was mended that year", i+1)})
	}
	return out
}

func with(list []drawn, more ...drawn) []drawn { return append(list, more...) }

// readings are pages, each the shortest form of a kind, with facts about what a reader of the Markdown sees: what is there, what is
// not, and what comes before what. The plain text holds everything that is drawn in any case.
type reading struct {
	kind            string
	page            []drawn
	present, absent []string
	order           []string
}

var readings = []reading{
	{"a page number alone at the foot", with(body(80, 40), drawn{290, 800, 10, "417"}), []string{"Line 40"}, []string{"417"}, nil},
	{"a page number in words", with(body(80, 40), drawn{270, 800, 9, "Page 3 of 12"}), nil, []string{"Page 3"}, nil},
	{"a running header in small type", append([]drawn{{72, 40, 8, "Annals of Bridges, Volume 7"}}, body(80, 40)...), []string{"Line 01"}, []string{"Annals"}, nil},
	{"a running header with the page's number", append([]drawn{{72, 40, 10, "The Mending of Bridges"}, {500, 40, 10, "213"}}, body(80, 40)...), nil, []string{"Mending", "213"}, nil},
	{"a copyright line at the foot", with(body(80, 40), drawn{72, 810, 7, "© 1987 The Bridge Society. All rights reserved."}), nil, []string{"Society"}, nil},
	{"a footnote stays", with(body(80, 40), drawn{72, 790, 8, "1 See the minutes of the council."}), []string{"See the minutes"}, nil, nil},
	{"a title stays", append([]drawn{{72, 50, 18, "On Mending Bridges"}}, body(90, 40)...), []string{"On Mending Bridges"}, nil, nil},
	{"the date of a letter stays", append([]drawn{{400, 50, 10, "Riverton, 3 May 1987"}}, body(120, 12)...), []string{"Riverton, 3 May"}, nil, nil},
	{"the sender of a short letter stays", append([]drawn{{72, 50, 8, "Bridge Society, 4 River Street"}}, body(120, 9)...), []string{"Bridge Society"}, nil, nil},
	{"the last line of a page stays", body(80, 55), []string{"Line 55"}, nil, nil},
	{"a year at the end of a column of figures stays", with(body(80, 30), drawn{72, 480, 10, "The years:"}, drawn{72, 493, 10, "1986"}, drawn{72, 506, 10, "1987"}), []string{"1987"}, nil, nil},
	{"a letterhead that was drawn after a table", letterheadLast(), nil, nil, []string{"The Bridge Society", "4 River Street", "Invoice", "Timber"}},
	{"a drop cap", dropCap(), []string{"The council met in spring"}, []string{"# T"}, []string{"The council met", "bridge that the flood", "and the mason was asked"}},
	{"a drop cap that is a word", dropWord(), []string{"A council met in spring"}, nil, nil},
	{"a numbered list in two columns drawn row by row", twoColumnList(), nil, nil, []string{"1. Timber", "2. Stone", "3. Lime", "4. Sand", "5. Iron", "6. Rope", "7. Tar", "8. Lead"}},
	{"a numbered list that runs across stays in rows", acrossList(), nil, nil, []string{"1. Timber", "2. Stone", "3. Lime", "4. Sand", "5. Iron", "6. Rope"}},
}

func letterheadLast() []drawn {
	page := []drawn{{72, 220, 10, "Invoice to the parish council"}}
	for i, w := range []string{"Timber", "Stone", "Lime", "Sand"} {
		y := 250 + 14*float64(i)
		page = append(page, drawn{72, y, 10, w}, drawn{300, y, 10, fmt.Sprint(i+2, " loads")}, drawn{450, y, 10, fmt.Sprint(120*i+40, ".00")})
	}
	for i, s := range []string{"The Bridge Society", "4 River Street", "Riverton", "Telephone 12 34", "Bank of Riverton", "Account 98 76", "Registered in Riverton", "Number 55"} {
		page = append(page, drawn{380, 50 + 12*float64(i), 9, s})
	}
	return page
}

func dropCap() []drawn {
	return []drawn{{72, 118, 36, "T"}, {97, 100, 10, "he council met in spring to talk about the"}, {97, 113, 10, "bridge that the flood of the winter had taken,"},
		{72, 126, 10, "and the mason was asked what a new one of stone"}, {72, 139, 10, "would cost the parish, and how long it would take"}, {72, 152, 10, "to build it before the next winter came."}}
}

func dropWord() []drawn {
	page := dropCap()
	page[0].text, page[1].text = "A", "council met in spring to talk about the"
	page[4].text = "would cost the parish, so the council said, and how"
	return page
}

func numbered(columns func(i int) (x, y float64)) (out []drawn) {
	for i, w := range []string{"Timber", "Stone", "Lime", "Sand", "Iron", "Rope", "Tar", "Lead"} {
		x, y := columns(i)
		out = append(out, drawn{x, y, 10, fmt.Sprintf("%d. %s", i+1, w)})
	}
	return out
}

// twoColumnList has 1 to 4 on the left and 5 to 8 on the right.
func twoColumnList() []drawn {
	all := numbered(func(i int) (float64, float64) { return 72 + 200*float64(i/4), 100 + 14*float64(i%4) })
	var page []drawn
	for i := range 4 {
		page = append(page, all[i], all[i+4])
	}
	return page
}

func acrossList() []drawn {
	return numbered(func(i int) (float64, float64) { return 72 + 200*float64(i%2), 100 + 14*float64(i/2) })
}

func testReadings(t *testing.T) {
	for _, c := range slices.Concat(readings, edgeReadings, orderReadings) {
		t.Run(c.kind, func(t *testing.T) {
			_, pages, err := read(t, "page.pdf", printed(c.page))
			if err != nil {
				t.Fatal(err)
			}
			md := strings.Join(Markdown(pages), "\n")
			for _, s := range c.present {
				if !strings.Contains(md, s) {
					t.Errorf("%q is not there:\n%s", s, md)
				}
			}
			for _, s := range c.absent {
				if strings.Contains(md, s) {
					t.Errorf("%q is there:\n%s", s, md)
				}
			}
			at := 0
			for _, s := range c.order {
				i := strings.Index(md[at:], s)
				if i < 0 {
					t.Errorf("%q does not come in its place:\n%s", s, md)
					break
				}
				at += i
			}
			whole := letters(RenderText(pages))
			for _, p := range c.page {
				if !strings.Contains(whole, letters(p.text)) {
					t.Errorf("the plain text lacks %q:\n%s", p.text, whole)
				}
			}
		})
	}
}

// illustratedPage is a PDF of pages with text above a picture of words.
func illustratedPage(t *testing.T, picture image.Image, pages int) []byte {
	w, h := picture.Bounds().Dx(), picture.Bounds().Dy()
	jpeg := jpegOf(t, picture)
	var content strings.Builder
	for i, p := range body(80, 12) {
		fmt.Fprintf(&content, "BT /F1 10 Tf 72 %d Td (%s) Tj ET\n", 760-13*i, p.text)
	}
	fmt.Fprintf(&content, "BT /F1 10 Tf 72 120 Td (The last line stands below the picture) Tj ET q 400 0 0 %d 90 200 cm /Im1 Do Q", 400*h/w)
	kids := strings.Repeat("6 0 R ", pages)
	return formattest.PDF("",
		"<</Type/Catalog/Pages 2 0 R>>", fmt.Sprintf("<</Type/Pages/Count %d/Kids[%s]>>", pages, kids),
		"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
		fmt.Sprintf("<</Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceGray/BitsPerComponent 8/Filter/DCTDecode/Length %d>>stream\n%s\nendstream", w, h, len(jpeg), jpeg),
		fmt.Sprintf("<</Length %d>>stream\n%s\nendstream", content.Len(), content.String()),
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 3 0 R>>/XObject<</Im1 4 0 R>>>>/Contents 5 0 R>>")
}

// Words in a picture on a page that has text come after it, once; a picture without rows of letters costs no reading.
func testPictureBesideText(t *testing.T) {
	_, pages, err := read(t, "page.pdf", illustratedPage(t, sheet(t, "The costs of the bridge", "were paid by the parish", "in three equal parts"), 1))
	if err != nil {
		t.Fatal(err)
	}
	p := pages[0]
	text, words, last := strings.Index(p.Text, "Line 12"), strings.Index(p.Text, "paid by the parish"), strings.Index(p.Text, "The last line")
	if text < 0 || words < text || last < words || p.Method != MethodOCR || p.Confidence < 0.8 || p.Confidence >= 1 {
		t.Errorf("%s %.2f:\n%s", p.Method, p.Confidence, p.Text)
	}
	plain := image.NewGray(image.Rect(0, 0, 800, 300))
	_, pages, err = read(t, "page.pdf", illustratedPage(t, plain, 1))
	if err != nil || pages[0].Method != MethodText {
		t.Errorf("a black box: %v %+v", err, pages)
	}
}

// letters drops white space for comparing.
func letters(s string) string { return strings.Join(strings.Fields(s), "") }
