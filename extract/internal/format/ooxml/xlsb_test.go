package ooxml

import (
	"encoding/binary"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/formattest"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/flow"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/zipx"
)

// brt writes one record of a binary workbook.
func brt(kind int, b []byte) string {
	var head []byte
	for v := kind; ; v >>= 7 {
		if v < 0x80 {
			head = append(head, byte(v))
			break
		}
		head = append(head, byte(v)|0x80)
	}
	for v := len(b); ; v >>= 7 {
		if v < 0x80 {
			head = append(head, byte(v))
			break
		}
		head = append(head, byte(v)|0x80)
	}
	return string(head) + string(b)
}

func num(v uint32) []byte { return binary.LittleEndian.AppendUint32(nil, v) }

func wideStr(s string) []byte {
	u := utf16.Encode([]rune(s))
	b := num(uint32(len(u)))
	for _, c := range u {
		b = binary.LittleEndian.AppendUint16(b, c)
	}
	return b
}

// longRecord is one that is skipped: no sheet needs one so long.
var longRecord = brt(1000, make([]byte, 2*maxRecord))

func binaryWorkbook() map[string]string {
	cell := func(col, style uint32, rest ...byte) []byte { return append(append(num(col), num(style)...), rest...) }
	real64 := binary.LittleEndian.AppendUint64(nil, math.Float64bits(43363))
	return map[string]string{
		"xl/workbook.bin":            brt(brtWbProp, make([]byte, 12)) + brt(brtBundleSheet, slices.Concat(make([]byte, 8), wideStr("r1"), wideStr("Größen"))),
		"xl/_rels/workbook.bin.rels": formattest.Rels("r1", "worksheet", "worksheets/sheet1.bin", "r2", "sharedStrings", "sharedStrings.bin", "r3", "styles", "styles.bin"),
		"xl/sharedStrings.bin":       brt(brtSSTItem, slices.Concat([]byte{0}, wideStr("shared"))),
		"xl/styles.bin": brt(brtFmt, slices.Concat([]byte{164, 0}, wideStr("yyyy\\-mm\\-dd"))) + brt(brtXF, []byte{0, 0, 9, 0}) + brt(brtBeginXFs, nil) +
			brt(brtXF, []byte{0, 0, 0, 0}) + brt(brtXF, []byte{0, 0, 164, 0}) + brt(brtEndXFs, nil),
		"xl/worksheets/sheet1.bin": brt(brtRow, make([]byte, 17)) + brt(7, cell(0, 0, 0, 0, 0, 0)) + brt(5, cell(2, 1, real64...)) + brt(14+2, append(num(0), real64...)) +
			longRecord + brt(brtRow, make([]byte, 17)) + brt(2, cell(0, 0, num(7<<2|2)...)) + brt(8, cell(2, 0, wideStr("of a formula")...)) + brt(4, cell(3, 0, 1)) +
			brt(brtHeaderFooter, slices.Concat([]byte{0, 0}, wideStr("&LSecret"), num(0xffffffff), num(0xffffffff), num(0xffffffff), num(0xffffffff), num(0xffffffff))),
		"xl/worksheets/_rels/sheet1.bin.rels": formattest.Rels("c", "comments", "../comments1.bin"),
		"xl/comments1.bin":                    brt(brtAuthor, wideStr("Ann")) + brt(brtBeginComment, num(0)) + brt(brtCommentText, slices.Concat([]byte{0}, wideStr("why?"))),
	}
}

func TestBinaryWorkbook(t *testing.T) {
	s, err := OpenXLSB(formattest.Container(t, binaryWorkbook()), "xl/workbook.bin", formattest.Limits)
	want := "# Größen\n\nshared\t2018-09-20\t43363\n7\tof a formula\tTRUE\n\nSecret\n\n> Ann: why?"
	if got := formattest.Pages(t, s, err); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// A few bytes claim a cell far to the right in each of many rows.
func TestBinaryWorkbookIsBounded(t *testing.T) {
	parts := binaryWorkbook()
	row := brt(brtRow, nil) + brt(4, append(append(num(maxColumns-1), num(0)...), 1))
	parts["xl/worksheets/sheet1.bin"] = strings.Repeat(row, 20000)
	f := formattest.Container(t, parts)
	x := &xlsx{f: f, text: 1 << 20}
	g := binaryCells{x: x}
	if err := eachBrt(f, "xl/worksheets/sheet1.bin", g.record); !errors.Is(err, errFull) {
		t.Errorf("%v", err)
	}
	if g.grid.size > flow.MaxCells+maxColumns {
		t.Errorf("%d cells", g.grid.size)
	}
}

func FuzzBinaryWorkbook(f *testing.F) {
	w := binaryWorkbook()
	// Without the record of two megabytes: of a seed that long the fuzzer makes nothing in hours.
	sheet := strings.Replace(w["xl/worksheets/sheet1.bin"], longRecord, "", 1)
	f.Add(w["xl/workbook.bin"], sheet, w["xl/sharedStrings.bin"], w["xl/styles.bin"])
	f.Fuzz(func(t *testing.T, book, sheet, shared, styles string) {
		parts := binaryWorkbook()
		parts["xl/workbook.bin"], parts["xl/worksheets/sheet1.bin"], parts["xl/sharedStrings.bin"], parts["xl/styles.bin"] = book, sheet, shared, styles
		parts["xl/comments1.bin"] = sheet
		m := map[string][]byte{}
		for k, v := range parts {
			m[k] = []byte(v)
		}
		_, _ = OpenXLSB(zipx.Parts(m, 1<<20), "xl/workbook.bin", formattest.Limits)
	})
}
