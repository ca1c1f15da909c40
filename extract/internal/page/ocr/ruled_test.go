package ocr

import (
	"image"
	"slices"
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/page/raster"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/page/tesseract"
)

// framed are the rules around cells, with columns at x and rows at y.
func framed(x, y []int) (r rules) {
	for _, v := range y {
		r.across = append(r.across, raster.Rule{X0: x[0], Y0: v, X1: x[len(x)-1], Y1: v + 2})
	}
	for _, v := range x {
		r.down = append(r.down, raster.Rule{X0: v, Y0: y[0], X1: v + 2, Y1: y[len(y)-1]})
	}
	return r
}

// at is a word of 80 by 20 pixels about its middle.
func at(block, x, y int, text string) tesseract.Word {
	return tesseract.Word{X0: x - 40, X1: x + 40, Y0: y - 10, Y1: y + 10, Block: block, Par: 1, Line: 1, Text: text, Conf: 0.95}
}

// The engine reads a table's columns one after the other, and its rules as letters: its rows come out whole, in the place of its first word.
func TestARuledTableIsReadByRows(t *testing.T) {
	drawn := framed([]int{100, 300, 500, 700}, []int{400, 450, 500, 550})
	bar := func(x, y int) tesseract.Word {
		return tesseract.Word{X0: x, X1: x + 3, Y0: y - 20, Y1: y + 20, Block: 2, Par: 1, Line: 1, Text: "|", Conf: 0.6}
	}
	words := []tesseract.Word{at(1, 200, 300, "Before."),
		at(2, 200, 425, "Town"), at(2, 200, 475, "Selby"), at(2, 200, 525, "Oakham"), bar(300, 425),
		at(3, 400, 425, "State"), at(3, 370, 475, "nearly"), at(3, 450, 475, "open"), at(3, 400, 525, "|closed"),
		at(4, 600, 425, "Owner"), at(4, 600, 525, "council"),
		at(5, 200, 700, "After.")}
	words[8].X0 = 300
	text, marks := assemble(words, 2000, drawn)
	if want := "Before.\n\nTown\tState\tOwner\nSelby\tnearly open\t\nOakham\tclosed\tcouncil\n\nAfter."; text != want {
		t.Errorf("%q, want %q", text, want)
	}
	if i := slices.IndexFunc(marks, func(m doc.Mark) bool { return m.Kind == doc.MarkTable }); i < 0 || marks[i].From != 2 || marks[i].To != 5 {
		t.Errorf("marks %+v", marks)
	}
	bare, _ := assemble(words, 2000, rules{})
	if a, b := sortedWords(strings.ReplaceAll(bare, "|", "")), sortedWords(text); !slices.Equal(a, b) {
		t.Errorf("words %q, without rules %q", b, a)
	}
}

func sortedWords(s string) []string {
	out := strings.Fields(s)
	slices.Sort(out)
	return out
}

// A head over two columns stands in the first of them; rows that no rules part are parted by their lines.
func TestCellsOfARuledTable(t *testing.T) {
	drawn := framed([]int{100, 300, 500, 700}, []int{400, 450, 560})
	drawn.down[2].Y0 = 450 // none between the heads of the second and the third column
	words := []tesseract.Word{at(1, 200, 425, "Town"), at(1, 450, 425, "Both"), at(1, 550, 425, "years"),
		at(1, 200, 470, "Selby"), at(1, 400, 470, "12"), at(1, 600, 470, "13"),
		at(1, 200, 505, "Oakham"), at(1, 400, 505, "14"), at(1, 600, 505, "15"),
		at(1, 200, 540, "Kendal"), at(1, 400, 540, "16"), at(1, 600, 540, "17")}
	text, _ := assemble(words, 2000, drawn)
	if want := "Town\tBoth years\t\nSelby\t12\t13\nOakham\t14\t15\nKendal\t16\t17"; text != want {
		t.Errorf("%q, want %q", text, want)
	}
}

// Rules on a dark head are not seen: what is far apart in it stands in columns of its own.
func TestTheHeadOfARuledTableMayHideItsRules(t *testing.T) {
	drawn := framed([]int{100, 300, 500}, []int{400, 450, 500, 550})
	drawn.down[1].Y0 = 450
	words := []tesseract.Word{at(1, 200, 425, "Town"), at(1, 400, 425, "Goods"), at(1, 200, 475, "Selby"), at(1, 400, 475, "rope"), at(1, 200, 525, "Kendal"), at(1, 400, 525, "sugar")}
	if text, _ := assemble(words, 2000, drawn); text != "Town\tGoods\nSelby\trope\nKendal\tsugar" {
		t.Errorf("%q", text)
	}
}

// Frames around paragraphs, a form that is not filled in, and lines that do not cross are no tables.
func TestRulesThatMakeNoTable(t *testing.T) {
	prose := func() (w []tesseract.Word) {
		for i := range 12 {
			w = append(w, at(1, 160+80*(i%2), 410+25*(i/2), "harbour"), at(2, 560+80*(i%2), 410+25*(i/2), "council"))
		}
		return w
	}()
	for name, c := range map[string]struct {
		drawn rules
		words []tesseract.Word
	}{
		"paragraphs": {framed([]int{100, 500, 900}, []int{400, 700, 800}), prose},
		"a form":     {framed([]int{100, 300, 500, 700, 900}, []int{400, 450, 500, 550}), []tesseract.Word{at(1, 200, 425, "Name"), at(1, 200, 475, "Town"), at(1, 200, 525, "Street")}},
		"underlines": {rules{across: []raster.Rule{{X0: 100, Y0: 440, X1: 700, Y1: 442}, {X0: 100, Y0: 540, X1: 700, Y1: 542}}}, prose},
	} {
		with, marks := assemble(c.words, 2000, c.drawn)
		without, _ := assemble(c.words, 2000, rules{})
		if strings.Contains(kinds(marks), doc.MarkTable) || with != without {
			t.Errorf("%s: %q", name, with)
		}
	}
}

// What is looked for in pixels are lines, not letters, bars or noise.
func TestRulesOfAPicture(t *testing.T) {
	g := image.NewGray(image.Rect(0, 0, 600, 400))
	for i := range g.Pix {
		g.Pix[i] = 240
	}
	fill := func(r image.Rectangle) {
		for y := r.Min.Y; y < r.Max.Y; y++ {
			for x := r.Min.X; x < r.Max.X; x++ {
				g.Pix[y*g.Stride+x] = 20
			}
		}
	}
	for i := range 300 { // leaning by a third of a degree
		fill(image.Rect(50+i, 50+i/150, 51+i, 53+i/150))
	}
	fill(image.Rect(200, 50, 203, 300))
	fill(image.Rect(400, 50, 450, 300)) // a bar, whose edges are rules
	fill(image.Rect(60, 100, 64, 130))  // a letter's stroke
	across, down := raster.Rules(g, ruleLength)
	if len(across) != 3 || across[0].X0 > 55 || across[0].X1 < 345 || len(down) != 3 || down[0].X0 != 200 || down[0].Y1 != 299 || down[1].X0 != 400 || down[2].X1 != 449 {
		t.Errorf("across %v, down %v", across, down)
	}
	for i := range g.Pix { // dots all over
		g.Pix[i] = byte(i % 3 * 120)
	}
	raster.Rules(g, ruleLength)
}
