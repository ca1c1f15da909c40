package excel97

import (
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/le"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/numfmt"
)

func (s *Sheet) extra(t string) {
	t = strings.TrimSpace(strings.NewReplacer("\r", "\n", "\x00", "").Replace(t))
	if t == "" || len(s.Extra) > 10000 {
		return
	}
	for _, e := range s.Extra {
		if e == t {
			return
		}
	}
	s.Extra = append(s.Extra, t)
}

func (w *workbook) put(s *Sheet, row, col int, v string) {
	if w.cells <= maxXLSCells && s.Rows.Put(row, col, v) {
		w.cells++
	}
}

// formula shows a cached result; true means that a string record follows.
func (w *workbook) formula(s *Sheet, d []byte, row, col, xf int) bool {
	if len(d) < 14 {
		return false
	}
	if d[12] != 0xff || d[13] != 0xff {
		w.put(s, row, col, w.number(le.Float64(d, 6), xf))
		return false
	}
	switch d[6] {
	case 0:
		return true
	case 1:
		w.put(s, row, col, numfmt.Bool(d[8] != 0))
	}
	return false
}

func isCell(kind int) bool {
	switch kind {
	case xLabelSST, xLabel, xRString, 0x04, xNumber, xRK, xMulRK, xFormula, 0x206, 0x406, xString, 0x07, xBoolErr:
		return true
	}
	return false
}
