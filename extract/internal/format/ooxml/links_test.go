package ooxml

import (
	"slices"
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/formattest"
)

// external writes the relationships of a part that lead out of the package.
func external(kind string, targets ...string) string {
	s := `<Relationships>`
	for i, t := range targets {
		s += `<Relationship Id="h` + string(rune('0'+i)) + `" Type="x/` + kind + `" Target="` + t + `" TargetMode="External"/>`
	}
	return s + `</Relationships>`
}

func TestLinksOfDocuments(t *testing.T) {
	w := func(s string) string { return `<w:r><w:t>` + s + `</w:t></w:r>` }
	field := func(code, text string) string {
		return `<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>` + code + `</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>` + w(text) + `<w:r><w:fldChar w:fldCharType="end"/></w:r>`
	}
	docx := formattest.Container(t, map[string]string{
		"word/document.xml": `<w:document><w:body><w:p>` + w("See ") + `<w:hyperlink r:id="h0">` + w("the report") + `</w:hyperlink>` + w(", ") + field(` HYPERLINK "https://example.org/two" \o "tip" `, "the other") +
			field(` HYPERLINK \l "_Toc1" `, "a chapter") + `<w:hyperlink r:id="h1">` + w("bad") + `</w:hyperlink><w:hyperlink w:anchor="x">` + w("inside") + `</w:hyperlink><w:r><w:footnoteReference w:id="1"/></w:r></w:p></w:body></w:document>`,
		"word/_rels/document.xml.rels":  strings.Replace(external("hyperlink", "https://example.org/one?a=1", "javascript:alert(1)"), "</", `<Relationship Id="n" Type="x/footnotes" Target="footnotes.xml"/><Relationship Id="t" Type="x/header" Target="header1.xml"/></`, 1),
		"word/footnotes.xml":            `<w:footnotes><w:footnote w:id="1"><w:p><w:hyperlink r:id="h0">` + w("a note") + `</w:hyperlink></w:p></w:footnote></w:footnotes>`,
		"word/_rels/footnotes.xml.rels": external("hyperlink", "https://example.org/noted"),
		"word/header1.xml":              `<w:hdr><w:p><w:hyperlink r:id="h0">` + w("our site") + `</w:hyperlink></w:p></w:hdr>`,
		"word/_rels/header1.xml.rels":   external("hyperlink", "https://example.org/"),
	})
	pptx := formattest.Container(t, map[string]string{
		"ppt/presentation.xml":            `<p:presentation><p:sldIdLst><p:sldId id="1" r:id="a"/></p:sldIdLst></p:presentation>`,
		"ppt/_rels/presentation.xml.rels": formattest.Rels("a", "slide", "slides/slide1.xml"),
		"ppt/slides/slide1.xml": `<p:sld><p:cSld><p:spTree><p:sp><p:txBody><a:p><a:r><a:rPr><a:hlinkClick r:id="h0"/></a:rPr><a:t>the </a:t></a:r><a:r><a:rPr b="1"><a:hlinkClick r:id="h0"/></a:rPr><a:t>slides</a:t></a:r><a:r><a:t>; </a:t></a:r><a:r><a:rPr><a:hlinkClick r:id="h0"/></a:rPr><a:t>again</a:t></a:r></a:p></p:txBody></p:sp>` +
			`<p:sp><p:nvSpPr><p:cNvPr id="3"><a:hlinkClick r:id="h1"/></p:cNvPr></p:nvSpPr><p:txBody><a:p><a:r><a:t>a button</a:t></a:r></a:p></p:txBody></p:sp></p:spTree></p:cSld></p:sld>`,
		"ppt/slides/_rels/slide1.xml.rels": external("hyperlink", "https://example.org/slides", "https://example.org/button"),
	})
	xlsx := formattest.Container(t, map[string]string{
		"xl/workbook.xml":            `<workbook><sheets><sheet name="S" r:id="a"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": formattest.Rels("a", "worksheet", "worksheets/sheet1.xml"),
		"xl/worksheets/sheet1.xml": `<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>shown</t></is></c><c r="B1" t="str"><f>HYPERLINK("https://example.org/f?a=1","made")</f><v>made</v></c></row></sheetData>` +
			`<hyperlinks><hyperlink ref="A1:A2" r:id="h0"/><hyperlink ref="C7" r:id="h0" display="as shown"/><hyperlink ref="C8" location="S!A1"/></hyperlinks></worksheet>`,
		"xl/worksheets/_rels/sheet1.xml.rels": external("hyperlink", "mailto:a@example.org"),
		"xl/worksheets/_rels/unused.xml.rels": external("hyperlink", "https://example.org/unused"),
		"xl/externalLinks/_rels/one.xml.rels": external("externalLinkPath", "https://example.org/book.xlsx"),
	})
	for name, c := range map[string]struct {
		open func() (doc.Source, error)
		text string
		want []doc.Link
	}{
		"docx": {func() (doc.Source, error) { return OpenDOCX(docx, "word/document.xml", formattest.Limits) }, "our site\n\nSee the report, the othera chapterbadinside[1]\n\n[1] a note",
			[]doc.Link{{Text: "a note", Target: "https://example.org/noted"}, {Text: "our site", Target: "https://example.org/"}, {Text: "the report", Target: "https://example.org/one?a=1"}, {Text: "the other", Target: "https://example.org/two"}}},
		"pptx": {func() (doc.Source, error) { return OpenPPTX(pptx, "ppt/presentation.xml", formattest.Limits) }, "the slides; again\n\na button", []doc.Link{{Text: "the slides", Target: "https://example.org/slides"}, {Text: "again", Target: "https://example.org/slides"}, {Text: "a button", Target: "https://example.org/button"}}},
		"xlsx": {func() (doc.Source, error) { return OpenXLSX(xlsx, "xl/workbook.xml", formattest.Limits) }, "# S\n\nshown\tmade", []doc.Link{{Text: "made", Target: "https://example.org/f?a=1"}, {Text: "shown", Target: "mailto:a@example.org"}, {Text: "as shown", Target: "mailto:a@example.org"}}},
	} {
		s, err := c.open()
		if err != nil {
			t.Fatal(err)
		}
		if got := s.Info().Links; !slices.Equal(got, c.want) {
			t.Errorf("%s: %q", name, got)
		}
		if got := strings.TrimSpace(formattest.Pages(t, s, nil)); got != c.text {
			t.Errorf("%s: %q", name, got)
		}
	}
}
