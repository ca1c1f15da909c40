// Package excel97 reads workbooks of Excel 5 to 2003 (BIFF).
package excel97

import (
	"slices"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/cfb"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/encodings"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/flow"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/le"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/numfmt"
)

// Sheet is one sheet of a workbook with its cells by row and column.
type Sheet struct {
	Name  string
	Rows  flow.Cells
	Extra []string // headers, comments, text boxes, chart titles
	Links doc.Links
}

// Types of records.
const (
	xBOF, xEOF, xContinue, xBoundSheet, xSST       = 0x809, 0x0a, 0x3c, 0x85, 0xfc
	xLabelSST, xLabel, xRString, xNumber, xRK      = 0xfd, 0x204, 0xd6, 0x203, 0x27e
	xMulRK, xFormula, xString, xBoolErr, xFormat   = 0xbd, 0x06, 0x207, 0x205, 0x41e
	xXF, xDateMode, xFilePass, xCodepage, xTXO     = 0xe0, 0x22, 0x2f, 0x42, 0x1b6
	xHyperlink, xRow, xColumns, xFilterMode        = 0x1b8, 0x208, 0x7d, 0x9b
	xHeader, xFooter, xSeriesText, xNote, xFormat5 = 0x14, 0x15, 0x100d, 0x1c, 0x1e
)

// maxXLSCells bounds the grid that is kept.
const maxXLSCells = 2 << 20

type workbook struct {
	b        []byte
	biff8    bool
	enc      encoding.Encoding
	sst      []string
	formats  numfmt.Formats
	xfs      []int
	date1904 bool
	names    []boundSheet
	cells    int
	unlocked bool
	links    int // looked at, for each may search a long row
	steps    int // records read so far: sheets that share an offset must not multiply the work
}

// maxSteps bounds the records read of one workbook, maxSheets its sheets.
const (
	maxSteps  = 16 << 20
	maxSheets = 2000
)

type boundSheet struct {
	name   string
	at     int
	hidden bool
}

// Excel reads a workbook of Excel 5 to 2003. It gives cfb.ErrFormat for another file and cfb.ErrEncrypted for one with a password.
func Excel(f *cfb.File) ([]Sheet, error) {
	b := f.Read("Workbook")
	if b == nil {
		b = f.Read("Book")
	}
	if b == nil {
		return nil, cfb.ErrFormat
	}
	return Biff(b)
}

// Biff reads the record stream of a workbook; its one error is cfb.ErrEncrypted.
func Biff(b []byte) ([]Sheet, error) {
	w := &workbook{b: b, enc: charmap.Windows1252, formats: numfmt.Formats{}}
	if err := w.globals(); err != nil {
		return nil, err
	}
	var out []Sheet
	if len(w.names) == 0 {
		w.names = []boundSheet{{}}
	}
	all := slices.IndexFunc(w.names, func(b boundSheet) bool { return !b.hidden }) < 0
	for _, n := range w.names {
		if n.hidden && !all {
			continue // nobody sees it
		}
		s := Sheet{Name: n.name, Rows: flow.Cells{}}
		w.sheet(n.at, &s)
		out = append(out, s)
	}
	return out, nil
}

// each walks records from offset at until visit says no; continued parts are given together.
func (w *workbook) each(at int, visit func(kind int, parts [][]byte) bool) {
	for at >= 0 && at+4 <= len(w.b) {
		if w.steps++; w.steps > min(maxSteps, 1000+4*len(w.b)) {
			return
		}
		kind, n := le.U16(w.b, at), le.U16(w.b, at+2)
		end := min(at+4+n, len(w.b))
		parts := [][]byte{w.b[at+4 : end]}
		at = end
		for kind != xContinue && at+4 <= len(w.b) && le.U16(w.b, at) == xContinue {
			end = min(at+4+le.U16(w.b, at+2), len(w.b))
			parts = append(parts, w.b[at+4:end])
			at = end
		}
		if !visit(kind, parts) {
			return
		}
	}
}

func (w *workbook) globals() error {
	var fail error
	first := true
	w.each(0, func(kind int, parts [][]byte) bool {
		d := parts[0]
		switch kind {
		case xBOF, 0x409, 0x209, 0x09:
			if first {
				w.biff8 = kind == xBOF && le.U16(d, 0) >= 0x600
			}
			first = false
		case xEOF:
			return false
		case xFilePass:
			if plain := unlockBiff(w.b, d); plain != nil && !w.unlocked {
				w.b, w.unlocked = plain, true
				return true
			}
			fail = cfb.ErrEncrypted
			return false
		case xCodepage:
			w.enc = encodings.Codepage(codepage(le.U16(d, 0)))
		case xDateMode:
			w.date1904 = le.U16(d, 0) == 1
		case xBoundSheet:
			if len(d) > 7 && len(w.names) < maxSheets {
				var name string
				if w.biff8 {
					name = shortUnicode(d[6:])
				} else {
					name = w.bytes(d[7:min(len(d), 7+int(d[6]))])
				}
				w.names = append(w.names, boundSheet{name, le.U32(d, 0), d[4]&3 != 0})
			}
		case xFormat, xFormat5:
			if w.biff8 && len(d) > 5 {
				w.formats[le.U16(d, 0)] = longUnicode(d[2:])
			} else if len(d) > 3 {
				w.formats[le.U16(d, 0)] = w.bytes(d[3:min(len(d), 3+int(d[2]))])
			}
		case xXF:
			w.xfs = append(w.xfs, le.U16(d, 2))
		case xSST:
			w.sst = sst(parts)
		}
		return true
	})
	return fail
}

// sheet reads one sheet's cells and attachments; embedded charts' texts are taken with it.
func (w *workbook) sheet(at int, s *Sheet) {
	depth := 0
	var out unseen
	var pending struct {
		row, col int
		on       bool
	}
	w.each(at, func(kind int, parts [][]byte) bool {
		d := parts[0]
		row, col, xf := le.U16(d, 0), le.U16(d, 2), le.U16(d, 4)
		// A chart on the sheet is a stream inside it with a copy of its numbers, which must not
		// overwrite the cells.
		if depth > 1 && isCell(kind) {
			return true
		}
		if isCell(kind) && out.cell(kind, row, col) {
			pending.on = false
			return true
		}
		switch kind {
		case xBOF, 0x409, 0x209, 0x09:
			depth++
		case xEOF:
			depth--
			return depth > 0
		case xLabelSST:
			if i := le.U32(d, 6); i < len(w.sst) {
				w.put(s, row, col, w.sst[i])
			}
		case xLabel, xRString, 0x04:
			if w.biff8 && len(d) > 6 {
				w.put(s, row, col, longUnicode(d[6:]))
			} else if len(d) > 8 {
				w.put(s, row, col, w.bytes(d[8:min(len(d), 8+le.U16(d, 6))]))
			}
		case xNumber:
			if len(d) >= 14 {
				w.put(s, row, col, w.number(le.Float64(d, 6), xf))
			}
		case xRK:
			w.put(s, row, col, w.number(numfmt.RK(uint32(le.U32(d, 6))), xf))
		case xMulRK:
			for i := 4; i+6 <= len(d)-2; i += 6 {
				if out.column(col) {
					col++
					continue
				}
				w.put(s, row, col, w.number(numfmt.RK(uint32(le.U32(d, i+2))), le.U16(d, i)))
				col++
			}
		case xFormula, 0x206, 0x406:
			pending.on = w.formula(s, d, row, col, xf)
			pending.row, pending.col = row, col
		case xString, 0x07:
			if pending.on {
				w.put(s, pending.row, pending.col, w.text(parts))
				pending.on = false
			}
		case xBoolErr:
			if len(d) >= 8 && d[7] == 0 {
				w.put(s, row, col, numfmt.Bool(d[6] != 0))
			}
		case xHyperlink:
			if target := hyperlink(d); target != "" && w.links < doc.MaxLinks {
				w.links++
				s.Links.Add(s.Rows.At(row, xf), target)
			}
		case xRow, xColumns, xFilterMode:
			if depth < 2 {
				out.note(kind, d)
			}
		case xTXO:
			s.extra(txo(parts))
		case xSeriesText:
			if len(d) > 3 && w.biff8 {
				s.extra(shortUnicode(d[2:]))
			}
		case xHeader, xFooter:
			if w.biff8 {
				s.extra(numfmt.HeaderText(longUnicode(d)))
			} else if len(d) > 1 {
				s.extra(numfmt.HeaderText(w.bytes(d[1:])))
			}
		case xFilePass:
			return w.unlocked
		}
		return true
	})
}
