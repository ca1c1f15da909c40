package layout

import (
	"fmt"
	"strings"
	"testing"
)

// Spreadsheets draw the names of all rows and then their figures, so that a row's cells are far from one another.
func TestCellsDrawnApartGoBackToTheirRows(t *testing.T) {
	var s sheet
	for i := range 4 {
		y := 100 + float64(i)*12
		s.put(50, y, 90, fmt.Sprintf("Name %d", i))
		s.put(400, y, 60, fmt.Sprintf("Source %d", i))
	}
	s.put(50, 160, 120, "Set in March")
	for i := range 4 {
		y := 100 + float64(i)*12
		s.put(200, y, 30, fmt.Sprintf("%d.50", i))
		s.put(300, y, 30, fmt.Sprintf("%d.75", i))
	}
	var got []string
	for _, r := range cellsApart(s) {
		got = append(got, r.text)
	}
	var rows []string
	for i := range 4 {
		rows = append(rows, fmt.Sprintf("Name %d|%d.50|%d.75|Source %d", i, i, i, i))
	}
	if want := strings.Join(rows, "|") + "|Set in March"; strings.Join(got, "|") != want {
		t.Errorf("%q, want %q", strings.Join(got, "|"), want)
	}
}

// What is no cell in a gap of a row stays where it was drawn: a column beside a table, prose between columns, one line alone.
func TestWhatIsNoCellOfARowStays(t *testing.T) {
	for what, draw := range map[string]func(s *sheet){
		"a second table beside the first": func(s *sheet) {
			for c := range 2 {
				for i := range 4 {
					y := 100 + float64(i)*12
					s.put(50+float64(c)*200, y, 30, fmt.Sprintf("a%d%d", c, i))
					s.put(100+float64(c)*200, y, 30, fmt.Sprintf("b%d%d", c, i))
				}
			}
		},
		"a middle column of prose": func(s *sheet) {
			for i := range 4 {
				y := 100 + float64(i)*12
				s.put(50, y, 90, fmt.Sprintf("left %d", i))
				s.put(500, y, 60, fmt.Sprintf("right %d", i))
			}
			for i := range 4 {
				s.put(200, 100+float64(i)*12, 250, fmt.Sprintf("middle %d%s that goes on", i, filler))
			}
		},
		"one line": func(s *sheet) {
			s.put(50, 100, 90, "left")
			s.put(500, 100, 60, "right")
			s.put(50, 120, 60, "below")
			s.put(200, 100, 60, "middle")
		},
		"cells a little higher, drawn right behind those of their own row": func(s *sheet) {
			for i := range 4 {
				y := 100 + float64(i)*12
				s.put(50, y, 20, fmt.Sprint(i))
				s.put(500, y, 60, fmt.Sprintf("last %d", i))
			}
			for i := range 4 {
				y := 100 + float64(i)*12
				s.put(100, y-3, 90, fmt.Sprintf("name %d", i))
				s.put(300, y, 30, fmt.Sprintf("%d.50", i))
			}
		},
		"a word over the gap's edge": func(s *sheet) {
			for i := range 4 {
				y := 100 + float64(i)*12
				s.put(50, y, 90, fmt.Sprintf("left %d", i))
				s.put(200, y, 60, fmt.Sprintf("right %d", i))
			}
			for i := range 4 {
				s.put(130, 100+float64(i)*12, 100, fmt.Sprintf("over %d", i))
			}
		},
	} {
		var s sheet
		draw(&s)
		var got, want []string
		for _, r := range s {
			want = append(want, r.text)
		}
		for _, r := range cellsApart(s) {
			got = append(got, r.text)
		}
		check(t, what, got, want)
	}
}
