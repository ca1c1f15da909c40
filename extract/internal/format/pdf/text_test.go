package pdf

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/formattest"
)

// Columns drawn line by line across the gutter come out one after another, through MuPDF.
func TestInterleavedColumns(t *testing.T) {
	var b strings.Builder
	b.WriteString(show(72, 60, 18, "A title that stands across both columns of the page"))
	for i := range 20 {
		y := 100 + float64(i)*13
		b.WriteString(show(60, y, 10, fmt.Sprintf("left %02d and the quick brown fox runs on", i)))
		b.WriteString(show(320, y, 10, fmt.Sprintf("right %02d and the lazy dog sleeps longer", i)))
	}
	_, texts := read(t, save(t, build("", b.String())))
	last := -1
	for _, side := range []string{"left", "right"} {
		for i := range 20 {
			at := strings.Index(texts[0], fmt.Sprintf("%s %02d", side, i))
			if at <= last {
				t.Fatalf("%s %02d is out of order:\n%s", side, i, texts[0])
			}
			last = at
		}
	}
}

func TestTableStaysInRows(t *testing.T) {
	var b strings.Builder
	for i := range 20 {
		y := 100 + float64(i)*13
		b.WriteString(show(60, y, 10, fmt.Sprintf("Costs of department number %02d", i)))
		b.WriteString(show(320, y, 10, fmt.Sprintf("%02d,000.00", i)))
	}
	_, texts := read(t, save(t, build("", b.String())))
	for i := range 20 {
		if row := fmt.Sprintf("Costs of department number %02d\t%02d,000.00", i, i); !strings.Contains(texts[0], row) {
			t.Errorf("row %d is torn:\n%s", i, texts[0])
			break
		}
	}
}

// Spaces are often only gaps: here of 0.13 of the font's size, which MuPDF runs together.
func TestGapsBecomeSpaces(t *testing.T) {
	_, texts := read(t, save(t, build("", "BT /F1 12 Tf 72 700 Td [(has)-130(passed)-130(away)] TJ ET")))
	if texts[0] != "has passed away" {
		t.Errorf("%q", texts[0])
	}
}

func TestNegativeFontSize(t *testing.T) {
	_, texts := read(t, save(t, build("", "BT /F1 -12 Tf -1 0 0 -1 72 700 Tm (upright again) Tj ET")))
	if texts[0] != "upright again" {
		t.Errorf("%q", texts[0])
	}
}

// The structure tree is taken out of MuPDF's way (it walked it for 20 s on one report of 74 pages);
// the text must not go with it.
func TestTaggedPageKeepsItsText(t *testing.T) {
	const n = 400
	var page, kids, nums strings.Builder
	for i := range n {
		fmt.Fprintf(&page, "/P <</MCID %d>> BDC\n%sEMC\n", i, show(50+float64(i%40)*12, 60+float64(i/40)*7, 5, "w"))
		fmt.Fprintf(&kids, "%d 0 R ", 101+i)
		fmt.Fprintf(&nums, "%d 0 R ", 101+i)
	}
	data := string(build("", page.String()))
	data = strings.Replace(data, "/Pages 2 0 R>>", "/Pages 2 0 R/StructTreeRoot 99 0 R/MarkInfo<</Marked true>>>>", 1)
	data = strings.Replace(data, "/MediaBox", "/StructParents 0/MediaBox", 1)
	cut := strings.Index(data, "xref\n")
	tree := fmt.Sprintf("99 0 obj\n<</Type/StructTreeRoot/K 100 0 R/ParentTree<</Nums[0 [%s]]>>>>\nendobj\n100 0 obj\n<</S/Document/P 99 0 R/K[%s]>>\nendobj\n", nums.String(), kids.String())
	for i := range n {
		tree += fmt.Sprintf("%d 0 obj\n<</S/P/P 100 0 R/Pg 5 0 R/K %d>>\nendobj\n", 101+i, i)
	}
	path := save(t, []byte(data[:cut]+tree+"trailer<</Root 1 0 R>>\n"))
	_, texts := read(t, path)
	if got := strings.Count(texts[0], "w"); got != n {
		t.Errorf("%d words, want %d", got, n)
	}
}

// threadedPDF is a page of which the writer drew the third column first; turned is its rotation. Without beads nothing says what comes first.
func threadedPDF(turned int, beads string) []byte {
	var b strings.Builder
	column := func(name string, x, y float64) {
		for i := range 5 {
			b.WriteString(show(x, y+float64(i)*13, 10, fmt.Sprintf("%s %d is a line of it", name, i)))
		}
	}
	b.WriteString(show(60, 60, 18, "The title"))
	column("gamma", 420, 500)
	b.WriteString(show(420, 580, 8, "Photo: nobody"))
	column("alpha", 60, 100)
	column("beta", 240, 300)
	b.WriteString(show(60, 800, 8, "Set in March"))
	return formattest.PDF("",
		"<</Type/Catalog/Pages 2 0 R/Threads["+strings.Repeat("6 0 R", min(1, len(beads)))+"]>>",
		"<</Type/Pages/Count 1/Kids[4 0 R]>>",
		"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
		fmt.Sprintf("<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/CropBox[20 10 595 842]/Rotate %d/Resources<</Font<</F1 3 0 R>>>>/Contents 5 0 R/B[%s]>>", turned, beads),
		fmt.Sprintf("<</Length %d>>stream\n%s\nendstream", b.Len(), b.String()),
		"<</Type/Thread/F 7 0 R>>",
		"<</Type/Bead/T 6 0 R/N 8 0 R/V 9 0 R/P 4 0 R/R[50 660 220 760]>>",
		"<</Type/Bead/T 6 0 R/N 9 0 R/V 7 0 R/P 4 0 R/R[230 470 400 560]>>",
		"<</Type/Bead/T 6 0 R/N 7 0 R/V 8 0 R/P 4 0 R/R[580 350 410 270]>>") // its corners the other way round
}

// The writer's own order of the pieces of an article is the order in which they are read; what stands outside of them keeps its neighbour.
func TestArticlesAreReadByTheirBeads(t *testing.T) {
	for _, turned := range []int{0, 90} {
		_, texts := read(t, save(t, threadedPDF(turned, "7 0 R 8 0 R 9 0 R")))
		last := -1
		for _, want := range []string{"The title", "alpha 0", "alpha 4", "beta 0", "beta 4", "gamma 0", "gamma 4", "Photo", "Set in March"} {
			at := strings.Index(texts[0], want)
			if at <= last {
				t.Errorf("turned by %d: %q is out of order:\n%s", turned, want, texts[0])
				break
			}
			last = at
		}
	}
}

// Beads that are none, or one alone, change nothing and lose nothing.
func TestBrokenBeadsLoseNothing(t *testing.T) {
	_, plain := read(t, save(t, threadedPDF(0, "")))
	for _, beads := range []string{"7 0 R", "99 0 R 98 0 R", "1 2 3", "4 0 R 4 0 R", "null", "[7 0 R] [8 0 R]", strings.Repeat("7 0 R ", 2000)} {
		_, texts := read(t, save(t, threadedPDF(0, beads)))
		if texts[0] != plain[0] {
			t.Errorf("%.30s:\n%s\nwithout:\n%s", beads, texts[0], plain[0])
		}
	}
}
