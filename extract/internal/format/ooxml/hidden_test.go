package ooxml

import (
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/formattest"
)

// What nobody sees is not read: deleted, moved away, hidden by a run, its styles, or as a drawing. What only looks so is.
func TestHiddenTextOfDocuments(t *testing.T) {
	p := func(ppr, rpr, text string) string {
		return `<w:p><w:pPr>` + ppr + `</w:pPr><w:r><w:rPr>` + rpr + `</w:rPr><w:t>` + text + `</w:t></w:r></w:p>`
	}
	item := `<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>`
	drawing := func(hidden, text string) string {
		return `<w:p><w:r><w:drawing><wp:anchor><wp:docPr id="1" ` + hidden + `/><wps:txbx><w:txbxContent>` + p("", "", text) + `</w:txbxContent></wps:txbx></wp:anchor></w:drawing></w:r></w:p>`
	}
	body := p("", "", "seen") + p("", `<w:vanish/>`, "NO") + p("", `<w:vanish w:val="0"/>`, "not hidden") + p("", `<w:rStyle w:val="secret"/>`, "NO") +
		p(`<w:pStyle w:val="hidden"/>`, "", "NO") + p(`<w:pStyle w:val="hidden"/>`, `<w:vanish w:val="false"/>`, "shown after all") + p(`<w:pStyle w:val="hidden"/>`, `<w:rStyle w:val="secret"/>`, "hidden twice is shown") +
		p(`<w:pStyle w:val="below"/>`, "", "NO") + p(`<w:rPr><w:vanish/></w:rPr>`, "", "its end alone is hidden") +
		`<w:p><w:r><w:t>a </w:t></w:r><w:del><w:r><w:delText>NO</w:delText></w:r></w:del><w:moveFrom><w:r><w:t>NO</w:t></w:r></w:moveFrom><w:ins><w:r><w:t>new</w:t></w:r></w:ins></w:p>` +
		`<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:instrText>HYPERLINK "https://example.org/"</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>a link</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>` +
		p(item, "", "one") + p(item+`<w:rPr><w:del/></w:rPr>`, `<w:vanish/>`, "NO") + p(item, "", "two") +
		`<w:tbl><w:tr><w:tc>` + p("", "", "x") + `</w:tc><w:tc>` + p("", "", "y") + `</w:tc></w:tr><w:tr><w:trPr><w:del/></w:trPr><w:tc>` + p("", "", "NO") + `</w:tc></w:tr><w:tr><w:trPr><w:hidden/></w:trPr><w:tc>` + p("", "", "NO") + `</w:tc></w:tr></w:tbl>` +
		drawing("", "in a box") + drawing(`hidden="1"`, "NO") + drawing(`hidden="0"`, "in another")
	f := formattest.Container(t, map[string]string{
		"word/document.xml": `<w:document><w:body>` + body + `</w:body></w:document>`,
		"word/styles.xml": `<w:styles><w:style w:type="character" w:styleId="secret"><w:rPr><w:vanish/></w:rPr></w:style><w:style w:type="paragraph" w:styleId="hidden"><w:rPr><w:vanish/></w:rPr></w:style>` +
			`<w:style w:type="paragraph" w:styleId="below"><w:basedOn w:val="hidden"/></w:style></w:styles>`,
		"word/numbering.xml": `<w:numbering><w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num></w:numbering>`,
	})
	s, err := OpenDOCX(f, "word/document.xml", formattest.Limits)
	want := "seen\n\nnot hidden\n\nshown after all\n\nhidden twice is shown\n\nits end alone is hidden\n\na new\n\na link\n\n1. one\n2. two\n\nx\ty\n\nin a box\n\nin another"
	if got := formattest.Pages(t, s, err); got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

// A file whose usual style is hidden, as one of the corpus is: what its runs and other styles show is seen.
func TestHiddenByTheUsualStyle(t *testing.T) {
	f := formattest.Container(t, map[string]string{
		"word/document.xml": `<w:document><w:body><w:p><w:r><w:t>NO</w:t></w:r></w:p><w:p><w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>one</w:t></w:r></w:p><w:p><w:pPr><w:pStyle w:val="Body"/></w:pPr><w:r><w:t>two</w:t></w:r></w:p></w:body></w:document>`,
		"word/styles.xml": `<w:styles><w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:rPr><w:vanish/></w:rPr></w:style>` +
			`<w:style w:type="paragraph" w:styleId="Body"><w:basedOn w:val="Normal"/><w:rPr><w:vanish w:val="0"/></w:rPr></w:style></w:styles>`,
	})
	s, err := OpenDOCX(f, "word/document.xml", formattest.Limits)
	if got := formattest.Pages(t, s, err); got != "one\n\ntwo" {
		t.Errorf("%q", got)
	}
}

func TestHiddenCells(t *testing.T) {
	row := func(attr string, cells ...string) string {
		out := `<row ` + attr + `>`
		for i, c := range cells {
			out += `<c r="` + string(rune('A'+i)) + `1" t="inlineStr"><is><t>` + c + `</t></is></c>`
		}
		return out + `</row>`
	}
	cols := `<cols><col min="2" max="2" hidden="1"/><col min="3" max="3" hidden="1" outlineLevel="1"/><col min="4" max="4" hidden="0"/></cols>`
	rows := row("", "a", "B", "c", "d") + row(`hidden="1"`, "HIDDEN", "B", "c", "d") + row(`hidden="true" outlineLevel="1"`, "folded", "B", "c", "d") + row("", "e", "B", "f", "g")
	for name, c := range map[string]struct{ sheets, before, table, want string }{
		"rows and columns": {`<sheet name="S" r:id="r1"/>`, cols, "", "# S\n\na\tc\td\nfolded\tc\td\ne\tf\tg"},
		"a filter":         {`<sheet name="S" r:id="r1"/>`, `<sheetPr filterMode="1"/>` + cols, "", "# S\n\na\tc\td\nHIDDEN\tc\td\nfolded\tc\td\ne\tf\tg"},
		"a filtered table": {`<sheet name="S" r:id="r1"/>`, "", `<table><autoFilter><filterColumn colId="0"/></autoFilter></table>`, "# S\n\na\tB\tc\td\nHIDDEN\tB\tc\td\nfolded\tB\tc\td\ne\tB\tf\tg"},
		"sheets":           {`<sheet name="T" state="hidden" r:id="r1"/><sheet name="S" state="visible" r:id="r1"/><sheet name="U" state="veryHidden" r:id="r1"/>`, cols, "", "# S\n\na\tc\td\nfolded\tc\td\ne\tf\tg"},
		"all sheets":       {`<sheet name="S" state="hidden" r:id="r1"/>`, cols, "", "# S\n\na\tc\td\nfolded\tc\td\ne\tf\tg"},
	} {
		parts := map[string]string{
			"xl/workbook.xml":            `<workbook><sheets>` + c.sheets + `</sheets></workbook>`,
			"xl/_rels/workbook.xml.rels": formattest.Rels("r1", "worksheet", "worksheets/s1.xml"),
			"xl/worksheets/s1.xml":       `<worksheet>` + c.before + `<sheetData>` + rows + `</sheetData></worksheet>`,
		}
		if c.table != "" {
			parts["xl/tables/t.xml"], parts["xl/worksheets/_rels/s1.xml.rels"] = c.table, formattest.Rels("t", "table", "../tables/t.xml")
		}
		s, err := OpenXLSX(formattest.Container(t, parts), "xl/workbook.xml", formattest.Limits)
		if got := formattest.Pages(t, s, err); strings.TrimSpace(got) != c.want {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestHiddenShapes(t *testing.T) {
	shape := func(attr, text string) string {
		return `<p:sp><p:nvSpPr><p:cNvPr id="1" ` + attr + `/></p:nvSpPr><p:txBody><a:p><a:r><a:t>` + text + `</a:t></a:r></a:p></p:txBody></p:sp>`
	}
	f := formattest.Container(t, map[string]string{
		"ppt/presentation.xml":            `<p:presentation><p:sldIdLst><p:sldId id="1" r:id="a"/></p:sldIdLst></p:presentation>`,
		"ppt/_rels/presentation.xml.rels": formattest.Rels("a", "slide", "slides/slide1.xml"),
		"ppt/slides/slide1.xml": `<p:sld show="0"><p:cSld><p:spTree>` + shape("", "on a hidden slide, which is printed") + shape(`hidden="1"`, "NO") +
			`<p:grpSp><p:nvGrpSpPr><p:cNvPr id="2"/></p:nvGrpSpPr>` + shape("", "in a group") + shape(`hidden="true"`, "NO") + `</p:grpSp><p:grpSp><p:nvGrpSpPr><p:cNvPr id="3" hidden="1"/></p:nvGrpSpPr>` + shape("", "NO") + `</p:grpSp></p:spTree></p:cSld></p:sld>`,
	})
	s, err := OpenPPTX(f, "ppt/presentation.xml", formattest.Limits)
	if got := formattest.Pages(t, s, err); got != "on a hidden slide, which is printed\n\nin a group" {
		t.Errorf("%q", got)
	}
}
