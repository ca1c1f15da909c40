package ooxml

import (
	"errors"
	"io"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/le"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/numfmt"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/zipx"
)

const mimeXLSB = "application/vnd.ms-excel.sheet.binary.macroEnabled.12"

// Records of binary workbooks that matter here ([MS-XLSB] 2.3.1).
const (
	brtRow          = 0
	brtColumns      = 60
	brtSheetProp    = 147
	brtCellFirst    = 1 // blank; the next ones by kind up to brtFmlaError
	brtFmlaError    = 11
	brtShortFirst   = 12 // as brtCellFirst, right of the cell before
	brtShortLast    = 18
	brtSSTItem      = 19
	brtFmt          = 44
	brtXF           = 47
	brtCellRString  = 62
	brtWbProp       = 153
	brtBundleSheet  = 156
	brtHeaderFooter = 479
	brtBeginXFs     = 617
	brtEndXFs       = 618
	brtAuthor       = 632
	brtBeginComment = 635
	brtCommentText  = 637
)

// OpenXLSB reads a binary workbook: one page a sheet, as OpenXLSX.
func OpenXLSB(f *zipx.File, main string, lim doc.Limits) (doc.Source, error) {
	x := newXLSX(f, lim)
	rels := f.Rels(main)
	type sheet struct {
		name, id string
		hidden   bool
	}
	var sheets []sheet
	err := eachBrt(f, main, func(kind int, b []byte) error {
		switch {
		case kind == brtWbProp && len(b) > 0:
			x.date1904 = b[0]&1 != 0
		case kind == brtBundleSheet && len(sheets) < lim.MaxPages:
			id, at := brtString(b, 8)
			if _, ok := rels[id]; !ok { // the first Excel to write the format had one more field
				id, at = brtString(b, 12)
			}
			name, _ := brtString(b, at)
			sheets = append(sheets, sheet{name, id, le.U32(b, 0) != 0})
		}
		return nil
	})
	if err != nil && len(sheets) == 0 {
		return nil, zipx.OpenFail("Excel", err)
	}
	if err := x.loadBinary(rels); err != nil {
		return nil, zipx.OpenFail("Excel", err)
	}
	var texts []string
	for _, s := range shown(sheets, func(s sheet) bool { return s.hidden }) {
		r, ok := rels[s.id]
		if !ok {
			continue
		}
		inside := f.Rels(r.Target)
		t, err := x.binarySheet(s.name, r, inside)
		if err != nil && errors.Is(err, zipx.ErrBudget) && len(texts) == 0 {
			return nil, zipx.OpenFail("Excel", err)
		}
		texts = append(texts, withEmbedded(f, inside, t, lim))
		x.page = len(texts)
	}
	return x.workbook("xlsb", mimeXLSB, texts)
}

// loadBinary reads shared strings and cell styles.
func (x *xlsx) loadBinary(rels zipx.Rels) error {
	shared, styles := sharedParts(rels, ".bin")
	err := eachBrt(x.f, shared, func(kind int, b []byte) error {
		if kind != brtSSTItem {
			return nil
		}
		s, _ := brtString(b, 1)
		if x.text -= int64(len(s)) / 8; x.text < 0 {
			return zipx.ErrBudget
		}
		x.shared = append(x.shared, unescape(s))
		return nil
	})
	if errors.Is(err, zipx.ErrBudget) {
		return err
	}
	custom := numfmt.Formats{}
	in := false
	_ = eachBrt(x.f, styles, func(kind int, b []byte) error {
		switch {
		case kind == brtFmt && len(b) >= 6:
			custom[le.U16(b, 0)], _ = brtString(b, 2)
		case kind == brtBeginXFs || kind == brtEndXFs:
			in = kind == brtBeginXFs
		case kind == brtXF && in && len(b) >= 4 && len(x.formats) < 1<<16:
			x.formats = append(x.formats, custom.Of(le.U16(b, 2)))
		}
		return nil
	})
	return nil
}

// binarySheet writes one sheet with what hangs on it.
func (x *xlsx) binarySheet(name string, r zipx.Rel, rels zipx.Rels) (string, error) {
	g := binaryCells{x: x, hidden: hiddenCells{filtered: x.filteredTable(rels)}}
	err := eachBrt(x.f, r.Target, g.record)
	var out []string
	if name != "" {
		out = append(out, "# "+name)
	}
	if s := g.grid.table().Text(); s != "" {
		out = append(out, s)
	}
	out = append(out, g.extra...)
	out = append(out, x.attached(rels)...)
	for _, part := range rels.Targets("comments") {
		out = append(out, x.binaryComments(part)...)
	}
	return strings.Join(out, "\n\n"), err
}

// binaryComments gives the comments of a sheet with who wrote them.
func (x *xlsx) binaryComments(part string) []string {
	var out, authors []string
	author := ""
	_ = eachBrt(x.f, part, func(kind int, b []byte) error {
		switch kind {
		case brtAuthor:
			s, _ := brtString(b, 0)
			authors = append(authors, s)
		case brtBeginComment:
			author = ""
			if i := le.U32(b, 0); i < len(authors) {
				author = authors[i]
			}
		case brtCommentText:
			s, _ := brtString(b, 1)
			if s = strings.TrimSpace(s); s != "" {
				if author != "" && !strings.HasPrefix(s, author) {
					s = author + ": " + s
				}
				out = append(out, "> "+s)
			}
		}
		return nil
	})
	return out
}

// binaryCells reads the records of one sheet.
type binaryCells struct {
	x     *xlsx
	grid  grid
	col   int      // of the cell before
	extra []string // headers and footers

	hidden hiddenCells
	skip   bool // the row is not shown
}

func (g *binaryCells) record(kind int, b []byte) error {
	switch {
	case kind == brtRow:
		g.grid.endRow()
		g.col = -1
		g.skip = len(b) > 11 && g.hidden.row(b[11]&0x10 != 0, int(b[11]&7))
	case kind == brtSheetProp:
		g.hidden.filtered = g.hidden.filtered || len(b) > 2 && b[2]&1 != 0
	case kind == brtColumns:
		if flags := le.U16(b, 16); len(b) >= 18 && flags&1 != 0 && flags>>8&7 == 0 {
			g.hidden.columns.Add(le.U32(b, 0), le.U32(b, 4)+1)
		}
	case kind >= brtCellFirst && kind <= brtFmlaError || kind == brtCellRString:
		if len(b) < 8 {
			return nil
		}
		g.col = le.U32(b, 0)
		return g.put(g.col, g.x.binaryValue(kind, le.U32(b, 4)&0xffffff, b[8:]))
	case kind >= brtShortFirst && kind <= brtShortLast:
		if len(b) < 4 {
			return nil
		}
		g.col++
		return g.put(g.col, g.x.binaryValue(kind-brtShortFirst+brtCellFirst, le.U32(b, 0)&0xffffff, b[4:]))
	case kind == brtHeaderFooter:
		for at, i := 2, 0; i < 6; i++ {
			var s string
			s, at = brtString(b, at)
			if s = numfmt.HeaderText(s); s != "" {
				g.extra = append(g.extra, s)
			}
		}
	}
	return nil
}

// put keeps a cell that is shown.
func (g *binaryCells) put(col int, v string) error {
	if g.skip || g.hidden.columns.Has(col) {
		return nil
	}
	return g.grid.put(col, v, &g.x.text)
}

// binaryValue shows one cell: kind counts from a blank one (1) to an error of a formula (11).
func (x *xlsx) binaryValue(kind, style int, b []byte) string {
	switch kind {
	case 2:
		if len(b) >= 4 {
			return x.number(numfmt.RK(uint32(le.U32(b, 0))), style)
		}
	case 5, 9:
		if len(b) >= 8 {
			return x.number(le.Float64(b, 0), style)
		}
	case 4, 10:
		if len(b) >= 1 {
			return numfmt.Bool(b[0] != 0)
		}
	case 6, 8:
		s, _ := brtString(b, 0)
		return unescape(s)
	case 7:
		if i := le.U32(b, 0); len(b) >= 4 && i < len(x.shared) {
			return x.shared[i]
		}
	case brtCellRString:
		s, _ := brtString(b, 1)
		return unescape(s)
	}
	return ""
}

// isBinary says that a part is made of records and not of XML.
func isBinary(part string) bool { return strings.HasSuffix(strings.ToLower(part), ".bin") }

var errRecord = errors.New("record is damaged")

// maxRecord bounds a record that is kept; longer ones hold pictures or macros.
const maxRecord = 1 << 20

// eachBrt shows the records of a part that are not too long.
func eachBrt(f *zipx.File, part string, visit func(kind int, b []byte) error) error {
	r, err := f.Reader(part)
	if err != nil {
		return err
	}
	defer r.Close()
	in := newByteReader(r)
	var buf []byte
	for {
		kind, err := varint(in, 2)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		size, err := varint(in, 4)
		if err != nil {
			return errRecord
		}
		if size > maxRecord {
			if _, err := in.Discard(size); err != nil {
				return errRecord
			}
			continue
		}
		if size > cap(buf) {
			buf = make([]byte, size)
		}
		buf = buf[:size]
		if _, err := io.ReadFull(in, buf); err != nil {
			if errors.Is(err, zipx.ErrBudget) {
				return err
			}
			return errRecord
		}
		if err := visit(kind, buf); err != nil {
			return err
		}
	}
}
