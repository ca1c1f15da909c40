package html

import (
	"bytes"
	"strings"

	"golang.org/x/net/html/atom"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/flow"
)

// cell says that text goes into a table cell.
func (w *walker) cell() bool { return len(w.tables) > 0 && w.tables[len(w.tables)-1].cell }

// A table of more than cutCells cells is written in pieces, between two rows, and anywhere at mostCells: a list of cells takes several times
// their text.
const cutCells, mostCells = 400_000, 600_000

// spill writes the rows that there are and begins anew.
func (t *htmlTable) spill() {
	if s := t.text(); s != "" {
		t.saved.WriteString(s)
		t.saved.WriteString("\n\n")
	}
	t.rows, t.cells = nil, 0
}

// openTable diverts output into cells until the table ends.
func (w *walker) openTable(a atom.Atom) {
	switch a {
	case atom.Table:
		w.para(2)
		if len(w.tables) >= 16 {
			return
		}
		w.endCell()
		t := &htmlTable{}
		w.flushGap()
		t.saved, w.out = w.out, bytes.Buffer{}
		w.tables = append(w.tables, t)
	case atom.Tr:
		if n := len(w.tables); n > 0 {
			w.endCell()
			if w.tables[n-1].cells > cutCells {
				w.tables[n-1].spill()
			}
			w.tables[n-1].rows = append(w.tables[n-1].rows, nil)
		}
	case atom.Td, atom.Th:
		if n := len(w.tables); n > 0 {
			w.endCell()
			if len(w.tables[n-1].rows) == 0 {
				w.tables[n-1].rows = append(w.tables[n-1].rows, nil)
			}
			w.tables[n-1].cell = true
		} else {
			w.space = true
		}
	}
}

func (w *walker) flushGap() {
	if w.out.Len() > 0 && w.gap > 0 {
		w.out.WriteString(strings.Repeat("\n", w.gap))
	}
	w.gap, w.space = 0, false
}

// endCell moves collected text into the open cell.
func (w *walker) endCell() {
	n := len(w.tables)
	if n == 0 {
		return
	}
	t := w.tables[n-1]
	text := strings.TrimSpace(w.out.String())
	if !t.cell && text == "" {
		return
	}
	w.out.Reset()
	w.gap, w.space = 0, false
	if len(t.rows) == 0 {
		t.rows = append(t.rows, nil)
	}
	r := len(t.rows) - 1
	t.rows[r] = append(t.rows[r], text)
	t.cell = false
	if t.cells++; t.cells > mostCells {
		t.spill()
	}
}

func (w *walker) closeTable(a atom.Atom) {
	switch a {
	case atom.Td, atom.Th, atom.Tr:
		w.endCell()
	case atom.Table:
		n := len(w.tables)
		if n == 0 {
			return
		}
		w.endCell()
		t := w.tables[n-1]
		w.tables = w.tables[:n-1]
		w.out = t.saved
		w.out.WriteString(t.text())
		w.para(2)
	}
}

// text writes a real table as rows; cells with several lines mean a layout, written as text.
func (t *htmlTable) text() string {
	layout := false
	var rows flow.Table
	for _, r := range t.rows {
		if strings.TrimSpace(strings.Join(r, "")) == "" {
			continue
		}
		rows = append(rows, r)
		for _, c := range r {
			layout = layout || strings.Contains(c, "\n\n") || len(c) > 600
		}
	}
	width := rows.Width()
	if width < 2 || layout || len(rows) < 2 {
		return rows.Lines()
	}
	return doc.TableText(rows, width)
}
