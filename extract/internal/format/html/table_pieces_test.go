package html

import (
	"strings"
	"testing"
)

// A table of any number of cells is written whole, and its cells are not all held as a list.
func TestLargeTablesAreWrittenInPieces(t *testing.T) {
	for name, c := range map[string]struct {
		in    string
		cells int
	}{
		"many rows":    {"<table>" + strings.Repeat("<tr><td>cell<td>cell", mostCells) + "</table>after", 2 * mostCells},
		"one long row": {"<table><tr>" + strings.Repeat("<td>cell", 2*mostCells+5) + "</table>after", 2*mostCells + 5},
	} {
		got := HTMLText(c.in).Text
		if n := strings.Count(got, "cell"); n != c.cells || !strings.HasSuffix(got, "after") {
			t.Errorf("%s: %d cells of %d, ends in %q", name, n, c.cells, got[max(0, len(got)-20):])
		}
		w := &walker{}
		w.read(strings.TrimSuffix(c.in, "</table>after")) // finish closes it
		if len(w.tables) > 0 {
			t.Errorf("%s: the table is still open", name)
		}
	}
	var table htmlTable
	w := &walker{tables: []*htmlTable{&table}}
	for range mostCells + 10 {
		table.cell = true
		w.endCell()
	}
	if table.cells > 10 {
		t.Errorf("%d cells are held", table.cells)
	}
}
