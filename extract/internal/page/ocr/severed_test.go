package ocr

import (
	"slices"
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/page/tesseract"
)

// column is words one below the other, each a line.
func column(block int, words ...string) (out []tesseract.Word) {
	for i, w := range words {
		out = append(out, tesseract.Word{Text: w, Conf: 0.9, Block: block, Line: i, X1: 60, Y0: 30 * i, Y1: 30*i + 20})
	}
	return out
}

func TestColumnsCutAtThePointAreSeen(t *testing.T) {
	names := column(1, "flour", "glass", "rope", "nails", "tools", "paint", "canvas")
	for name, c := range map[string]struct {
		words []tesseract.Word
		want  bool
	}{
		"cut":             {slices.Concat(names, column(2, "12.", "5.", "75.", "3,", "1", "87.", "46."), column(3, "43", "60", "-74", ".93", "42", "90", "44")), true},
		"cents alone":     {slices.Concat(names, column(2, "-43", "-60", "-74", "-93", "-42", "-90", "-44")), true},
		"whole":           {slices.Concat(names, column(2, "12.43", "5.60", "75.74", "3,93", "1.42", "87.90", "46.44")), false},
		"a few numbers":   {slices.Concat(names, names, names, column(2, "1.", "2.", "3.")), false},
		"ages":            {slices.Concat(names, column(2, "43", "60", "74", "93", "42", "90", "44")), false},
		"words":           {names, false},
		"years and pages": {slices.Concat(names, column(2, "1998", "2004", "104", "117", "2011", "300", "412")), false},
	} {
		if got := severed(c.words); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// Figures of type of one width, whose points stand in the middle of their places, are put together; numbers of a sentence are not.
func TestFiguresPartedAtTheirPointAreWhole(t *testing.T) {
	at := func(x0, x1, line int, s string) tesseract.Word {
		return tesseract.Word{Text: s, Conf: 0.9, X0: x0, X1: x1, Y1: 20, Line: line}
	}
	for name, c := range map[string]struct {
		words []tesseract.Word
		want  string
	}{
		"one width":       {[]tesseract.Word{at(0, 72, 0, "650."), at(82, 120, 0, "26")}, "650.26"},
		"before it":       {[]tesseract.Word{at(0, 58, 0, "650"), at(68, 118, 0, ".26")}, "650.26"},
		"two points":      {[]tesseract.Word{at(0, 72, 0, "650."), at(82, 140, 0, ".26")}, "650. .26"},
		"thousands":       {[]tesseract.Word{at(0, 72, 0, "650,"), at(82, 140, 0, "263")}, "650,263"},
		"a sentence ends": {[]tesseract.Word{at(0, 72, 0, "650."), at(88, 126, 0, "26")}, "650. 26"},
		"a list's mark":   {[]tesseract.Word{at(0, 30, 0, "6."), at(40, 58, 0, "2")}, "6. 2"},
		"another line":    {[]tesseract.Word{at(0, 72, 0, "650."), at(82, 120, 1, "26")}, "650. 26"},
		"a word":          {[]tesseract.Word{at(0, 72, 0, "Art."), at(82, 120, 0, "26")}, "Art. 26"},
	} {
		if got := wordsText(wholeFigures(c.words, 0, sameLine)); got != c.want {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// Two spaces of type of one width part fields; in other type they may be the space between two words.
func TestTwoSpacesOfOneWidthPartFields(t *testing.T) {
	const place = 16
	table := func(width func(rune) int, places int) (lines []line) {
		for i, r := range []string{"1004 Penrith 27,643 41,115", "1013 Gosport 612.01 924.51", "1019 Dunmore 819.89 687.34", "1023 Newport 89,840 648.63", "1031 Wareham 10,514 295.11"} {
			x := 0
			var words []tesseract.Word
			for _, s := range strings.Fields(r) {
				w := 0
				for _, c := range s {
					w += width(c)
				}
				words = append(words, tesseract.Word{Text: s, Conf: 0.9, X0: x + 1, X1: x + w - 1, Y0: 40 * i, Y1: 40*i + 20})
				x += w + places*place
			}
			lines = append(lines, newLine(words))
		}
		return lines
	}
	even := func(rune) int { return place }
	if got := tablesIn(table(even, 2), 30); len(got) != 1 || len(got[0].rows) != 5 || len(got[0].rows[0]) != 4 {
		t.Errorf("two spaces: %v", got)
	}
	if got := tablesIn(table(even, 1), 30); len(got) != 0 {
		t.Errorf("one space: %v", got)
	}
	uneven := func(c rune) int { return 10 + int(c)%9 }
	if got := letterPlace(table(uneven, 2)); got != 0 {
		t.Errorf("letters of several widths have places of %.1f", got)
	}
}
