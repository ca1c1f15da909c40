package layout

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// found gives the rows of all tables on a sheet, fields parted by "|".
func (s sheet) found() []string {
	var out []string
	for _, t := range tables(s) {
		for _, r := range t.rows {
			out = append(out, strings.Join(r, "|"))
		}
	}
	return out
}

func TestTableOfFigures(t *testing.T) {
	var s sheet
	// The header's cells have two lines; the signs of currency stand in columns of their own.
	for _, c := range []struct {
		x    float64
		year string
	}{{300, "2022"}, {400, "2021"}} {
		s.put(c.x, 100, 60, "December 31,")
		s.put(c.x+20, 110, 30, c.year)
	}
	s.put(50, 124, 60, "Net sales:")
	for i, label := range []string{"Products", "Services", "Total net sales"} {
		y := 138 + float64(i)*14
		s.put(50, y, 90, label)
		if i == 0 {
			s.put(300, y, 5, "$")
		}
		s.put(320, y, 40, fmt.Sprintf("%d,388", i))
		if i == 0 {
			s.put(400, y, 5, "$")
		}
		s.put(420, y, 40, fmt.Sprintf("(%d,429)", i))
	}
	s.put(50, 210, 400, "A paragraph that follows the table and reaches across all of its columns, as text does")
	check(t, "table", s.found(), []string{
		"|December 31, 2022|December 31, 2021", "Net sales:||", "Products|$ 0,388|$ (0,429)", "Services|1,388|(1,429)", "Total net sales|2,388|(2,429)"})
}

func TestNameBesideItsFigures(t *testing.T) {
	var s sheet
	s.put(300, 100, 25, "2023")
	s.put(400, 100, 25, "2022")
	for i := range 3 {
		y := 114 + float64(i)*14
		s.put(50, y, 90, "Net loss")
		s.put(340, y, 30, fmt.Sprint(100+i))
		s.put(440, y, 30, fmt.Sprint(200+i))
	}
	check(t, "names", s.found(), []string{"|2023|2022", "Net loss|100|200", "Net loss|101|201", "Net loss|102|202"})
}

func TestWrappedCells(t *testing.T) {
	var s sheet
	for i, mid := range []float64{100, 140, 180} {
		s.put(50, mid, 40, fmt.Sprintf("dev%d", i))
		s.put(120, mid, 30, fmt.Sprint(i*10))
		// The description is centred on the row: its first line stands above the row's base.
		s.put(200, mid-6, 150, "what this device is and")
		s.put(200, mid+6, 120, "what is read from it")
	}
	check(t, "wrapped", s.found(), []string{
		"dev0|0|what this device is and what is read from it", "dev1|10|what this device is and what is read from it", "dev2|20|what this device is and what is read from it"})
}

func TestLabelOverTwoLines(t *testing.T) {
	var s sheet
	for i := range 3 {
		y := 100 + float64(i)*30
		s.put(50, y, 180, "Depreciation of property, equip-")
		s.put(50, y+12, 90, "ment and other")
		s.put(300, y+12, 40, fmt.Sprint(i*100))
		s.put(380, y+12, 40, fmt.Sprint(i*200))
	}
	for _, r := range s.found() {
		if !strings.HasPrefix(r, "Depreciation of property, equipment and other|") {
			t.Errorf("%q", r)
		}
	}
	if n := len(s.found()); n != 3 {
		t.Errorf("%d rows", n)
	}
}

// What looks like a table to a ruler and is none.
func TestNoTables(t *testing.T) {
	for name, draw := range map[string]func(s *sheet, i int, y float64){
		"prose in two columns": func(s *sheet, i int, y float64) {
			s.put(50, y, 200, fmt.Sprintf("a%d%s", i, filler))
			s.put(270, y, 200, fmt.Sprintf("b%d%s", i, filler))
		},
		"prose in three columns": func(s *sheet, i int, y float64) {
			for c := range 3 {
				s.put(50+float64(c)*170, y, 150, fmt.Sprintf("%d%s", i, filler))
			}
		},
		"form": func(s *sheet, i int, y float64) {
			s.put(50, y, 60, "Name:")
			s.put(200, y, 90, "Premier Entertainment")
		},
		"bullets": func(s *sheet, i int, y float64) {
			s.put(50, y, 5, "•")
			s.put(70, y, 300, fmt.Sprintf("point %d%s", i, filler))
		},
		"numbered list": func(s *sheet, i int, y float64) {
			s.put(50, y, 10, fmt.Sprintf("%d.", i))
			s.put(80, y, 300, fmt.Sprintf("point%s", filler))
		},
		"contents": func(s *sheet, i int, y float64) {
			s.put(50, y, 350, "Chapter . . . . . . . . . . . . . . . . . .")
			s.put(450, y, 10, fmt.Sprint(i))
		},
		"formula": func(s *sheet, i int, y float64) {
			for c := range 3 {
				s.put(50+float64(c)*40, y, 12, []string{"∂x ∂u", "x", "+"}[c])
			}
		},
		"ragged": func(s *sheet, i int, y float64) {
			s.put(50+float64(i*47%90), y, 60, "one word")
			s.put(130+float64(i*31%120), y, 60, "another")
			s.put(320-float64(i*53%100), y, 60, "12")
		},
		"one line": func(s *sheet, i int, y float64) { s.put(50, y, 400, "a line of text in one column only") },
	} {
		var s sheet
		for i := range 8 {
			draw(&s, i, 100+float64(i)*14)
		}
		if got := s.found(); len(got) > 0 {
			t.Errorf("%s became a table: %q", name, got)
		}
	}
}

func TestTwoRowsAreNoTable(t *testing.T) {
	var s sheet
	for i := range 2 {
		for c := range 4 {
			s.put(50+float64(c)*80, 100+float64(i)*14, 40, fmt.Sprint(i*c))
		}
	}
	if got := s.found(); len(got) > 0 {
		t.Errorf("%q", got)
	}
}

// A heading in larger type parts two tables although their columns would fit.
func TestHeadingPartsTables(t *testing.T) {
	var s sheet
	rows := func(y float64) {
		for i := range 3 {
			for c := range 3 {
				s.put(50+float64(c)*80, y+float64(i)*14, 40, fmt.Sprint(100+i*c))
			}
		}
	}
	rows(100)
	s.put(50, 156, 40, "Totals")
	s[len(s)-1].size = 13
	rows(172)
	if n := len(tables(s)); n != 2 {
		t.Errorf("%d tables", n)
	}
}

func TestTablesLoseNothing(t *testing.T) {
	var s sheet
	for i := range 60 {
		s.put(50+float64(i*97%300), 90+float64(i/4)*13, float64(20+i*53%80), fmt.Sprint("w", i))
	}
	var got, want []string
	for _, r := range joinTables(slices.Clone(s)) {
		got = append(got, strings.Fields(r.text)...)
	}
	for _, r := range s {
		want = append(want, r.text)
	}
	slices.Sort(got)
	slices.Sort(want)
	check(t, "words", got, want)
}

// Rows below whose cells leave no gutter between the columns of those above begin another table; they take none away.
func TestRowsWithoutGutterEndATable(t *testing.T) {
	var s sheet
	for i := range 4 {
		y := 100 + float64(i)*12
		s.put(50, y, 60, fmt.Sprintf("Name %d", i))
		s.put(200, y, 30, fmt.Sprintf("%d.50", i))
		s.put(240, y, 30, fmt.Sprintf("%d.75", i))
	}
	for i := range 4 {
		y := 148 + float64(i)*12
		s.put(50, y, 60, fmt.Sprintf("Name %d", i))
		s.put(205, y, 30, fmt.Sprintf("%d.50", i))
		s.put(242, y, 30, fmt.Sprintf("%d.75", i))
	}
	if got := s.found(); len(got) < 4 || got[0] != "Name 0|0.50|0.75" || got[3] != "Name 3|3.50|3.75" {
		t.Errorf("%q", got)
	}
}
