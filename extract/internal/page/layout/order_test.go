package layout

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// sheet collects rows as they are drawn; columns are 200 pt wide, lines 12 pt apart, type 10 pt.
type sheet []row

func (s *sheet) put(x, y, w float64, text string) {
	*s = append(*s, row{x0: x, x1: x + w, start: x, ink: x + w, y0: y - 8, y1: y + 2, base: y, size: 10, text: text})
}

func (s sheet) texts() []string {
	var out []string
	for _, r := range order(s) {
		out = append(out, r.text)
	}
	return out
}

const filler = " of a long line of running text"

// prose2 draws n lines of both columns line by line.
func (s *sheet) prose2(y float64, n int, names ...string) {
	for i := range n {
		for c, name := range names {
			s.put(50+float64(c)*220, y+float64(i)*12, 200, fmt.Sprintf("%s%d%s", name, i, filler))
		}
	}
}

func want(n int, names ...string) (out []string) {
	for _, name := range names {
		for i := range n {
			out = append(out, fmt.Sprintf("%s%d%s", name, i, filler))
		}
	}
	return out
}

func check(t *testing.T, what string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s:\n%s\nwant\n%s", what, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestInterleavedColumnsAreRestored(t *testing.T) {
	for _, names := range [][]string{{"a", "b"}, {"a", "b", "c"}, {"a", "b", "c", "d"}} {
		var s sheet
		s.prose2(100, 10, names...)
		check(t, fmt.Sprint(len(names), " columns"), s.texts(), want(10, names...))
	}
}

func TestHeadingAcrossPartsColumns(t *testing.T) {
	var s sheet
	s.put(50, 60, 420, "A title across both of the columns of the page")
	s.prose2(100, 6, "a", "b")
	s.put(50, 200, 420, "A second heading across both of the columns")
	s.prose2(230, 6, "c", "d")
	s.put(50, 330, 420, "A footnote that reaches across the whole page below the columns")
	w := append([]string{"A title across both of the columns of the page"}, want(6, "a", "b")...)
	w = append(append(w, "A second heading across both of the columns"), want(6, "c", "d")...)
	check(t, "heading across", s.texts(), append(w, "A footnote that reaches across the whole page below the columns"))
}

func TestFootnotesStayUnderTheirColumn(t *testing.T) {
	var s sheet
	s.prose2(100, 8, "a", "b")
	s.put(50, 220, 180, "1 a small note under the left column")
	s.put(270, 220, 180, "2 a small note under the right column")
	w := append(want(8, "a"), "1 a small note under the left column")
	w = append(append(w, want(8, "b")...), "2 a small note under the right column")
	check(t, "footnotes", s.texts(), w)
}

func TestColumnsDrawnOneAfterAnotherStay(t *testing.T) {
	var s sheet
	for c, name := range []string{"a", "b"} {
		for i := range 10 {
			s.put(50+float64(c)*220, 100+float64(i)*12, 200, fmt.Sprintf("%s%d%s", name, i, filler))
		}
	}
	s.put(50, 40, 200, "a page header that was drawn last")
	check(t, "in order", s.texts(), append(want(10, "a", "b"), "a page header that was drawn last"))
}

func TestSidebarDrawnApartStays(t *testing.T) {
	var s sheet
	for i := range 12 {
		s.put(50, 100+float64(i)*12, 300, fmt.Sprintf("main %d%s", i, filler))
	}
	for i := range 6 {
		s.put(380, 100+float64(i)*12, 120, fmt.Sprintf("a sidebar's line %d", i))
	}
	got := s.texts()
	if !strings.HasPrefix(got[11], "main 11") || !strings.HasPrefix(got[12], "a sidebar's line 0") {
		t.Errorf("%q", got)
	}
}

// What must stay in rows is drawn in rows.
func TestTablesAndFormsStayInRows(t *testing.T) {
	tables := map[string]func(s *sheet, i int, y float64){
		"labels and figures": func(s *sheet, i int, y float64) {
			s.put(50, y, 150, fmt.Sprintf("Revenue of division number %d", i))
			s.put(400, y, 50, fmt.Sprintf("%d,000,000", i))
		},
		"form": func(s *sheet, i int, y float64) {
			s.put(50, y, 60, fmt.Sprintf("Field %d:", i))
			s.put(270, y, 150, fmt.Sprintf("the value that was filled in %d", i))
		},
		"ragged cells of text": func(s *sheet, i int, y float64) {
			s.put(50, y, float64(60+37*(i*i%4)), fmt.Sprintf("Title of the paper %d", i))
			s.put(270, y, float64(50+31*(i*7%5)), fmt.Sprintf("Name of its authors %d", i))
		},
		"four columns of figures": func(s *sheet, i int, y float64) {
			for c := range 4 {
				s.put(50+float64(c)*110, y, 60, fmt.Sprintf("%d.%d", i, c))
			}
		},
		"contents": func(s *sheet, i int, y float64) {
			s.put(50, y, 350, fmt.Sprintf("Chapter %d . . . . . . . . . . . . . . . . . .", i))
			s.put(450, y, 10, fmt.Sprint(i))
		},
	}
	for name, draw := range tables {
		var s sheet
		for i := range 12 {
			draw(&s, i, 100+float64(i)*14)
		}
		var w []string
		for _, r := range s {
			w = append(w, r.text)
		}
		check(t, name, s.texts(), w)
	}
}

func TestOrderLosesNothing(t *testing.T) {
	var s sheet
	s.prose2(100, 9, "a", "b", "c")
	for i := range 9 {
		s.put(60+float64(i*97%300), 90+float64(i*61%200), float64(20+i*53%180), fmt.Sprint("stray piece of text ", i))
	}
	var w []string
	for _, r := range s {
		w = append(w, r.text)
	}
	got := s.texts()
	slices.Sort(got)
	slices.Sort(w)
	check(t, "pieces", got, w)
}

// A line over both columns that was drawn in pieces stays whole, although only one of them reaches across the gutter.
func TestALineInPiecesAcrossTheGutterIsWhole(t *testing.T) {
	at := func(text string, x0, x1, base float64) row {
		return row{text: text, x0: x0, x1: x1, start: x0, ink: x1, base: base, size: 10}
	}
	rows := []row{at("left", 50, 280, 100), at("m i c r o", 50, 290, 120), at("b i o", 295, 315, 120), at("l o g y", 320, 400, 120), at("right", 310, 500, 140)}
	got := bands(rows, 300, nil)
	if len(got) != 3 || len(got[1]) != 3 || got[1][2].text != "l o g y" {
		t.Errorf("%d bands, the second of %d pieces", len(got), len(got[1]))
	}
}

// Full lines of columns stand as close to one another as words of justified text; where columns begin tells them apart.
func TestColumnsOfFullLinesAcrossANarrowGutter(t *testing.T) {
	for _, names := range [][]string{{"a", "b"}, {"a", "b", "c"}} {
		var s sheet
		for i := range 12 {
			for c, name := range names {
				s.put(50+float64(c)*208, 100+float64(i)*12, 200, fmt.Sprintf("%s%d%s", name, i, filler))
			}
		}
		check(t, fmt.Sprint(len(names), " columns"), s.texts(), want(12, names...))
	}
}
