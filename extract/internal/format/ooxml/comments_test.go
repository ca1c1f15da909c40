package ooxml

import (
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/formattest"
)

// Comments of a sheet say who wrote them, and no numbers of where their boxes lie. A conversation is told once.
func TestCommentsOfSheets(t *testing.T) {
	box := `<mc:AlternateContent><mc:Choice><commentPr><anchor><xdr:from><xdr:col>2</xdr:col></xdr:from></anchor></commentPr></mc:Choice></mc:AlternateContent>`
	f := formattest.Container(t, map[string]string{
		"xl/workbook.xml":                 `<workbook><sheets><sheet name="S" r:id="r1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels":      formattest.Rels("r1", "worksheet", "worksheets/s1.xml"),
		"xl/worksheets/s1.xml":            `<worksheet><sheetData><row><c t="inlineStr"><is><t>a</t></is></c></row></sheetData></worksheet>`,
		"xl/worksheets/_rels/s1.xml.rels": formattest.Rels("c", "comments", "../comments1.xml", "t", "threadedComment", "../threadedComments/t1.xml"),
		"xl/comments1.xml": `<comments><authors><author>Ann</author><author>tc={1}</author><author></author></authors><commentList><comment ref="A1" authorId="0"><text><r><t>check this</t></r></text>` + box + `</comment>` +
			`<comment ref="A2" authorId="0"><text><r><t>Ann:</t></r><r><t> and that</t></r></text></comment><comment ref="A3" authorId="1"><text><t>[Threaded comment] Your version of Excel ... Comment: why?</t></text></comment><comment ref="A4" authorId="2"><text><t>nobody's</t></text></comment><comment authorId="9"/></commentList></comments>`,
		"xl/threadedComments/t1.xml": `<ThreadedComments><threadedComment ref="A3" personId="p"><text>why?</text></threadedComment></ThreadedComments>`,
	})
	s, err := OpenXLSX(f, "xl/workbook.xml", formattest.Limits)
	if got := formattest.Pages(t, s, err); got != "# S\n\na\n\n> Ann: check this\n\n> Ann: and that\n\n> nobody's\n\n> why?" {
		t.Errorf("%q", got)
	}
}
