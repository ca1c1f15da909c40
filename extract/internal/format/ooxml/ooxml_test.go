package ooxml

import (
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/formattest"
)

func TestCommentsOfSlidesNameTheirAuthor(t *testing.T) {
	f := formattest.Container(t, map[string]string{
		"ppt/presentation.xml":             `<p:presentation><p:sldId id="256" r:id="s"/></p:presentation>`,
		"ppt/_rels/presentation.xml.rels":  formattest.Rels("s", "slide", "slides/slide1.xml", "a", "commentAuthors", "commentAuthors.xml"),
		"ppt/commentAuthors.xml":           `<p:cmAuthorLst><p:cmAuthor id="7" name="Ann Example"/></p:cmAuthorLst>`,
		"ppt/slides/slide1.xml":            `<p:sld/>`,
		"ppt/slides/_rels/slide1.xml.rels": formattest.Rels("c", "comments", "../comments/comment1.xml"),
		"ppt/comments/comment1.xml":        `<p:cmLst><p:cm authorId="7"><p:text>too long</p:text></p:cm></p:cmLst>`,
	})
	s, err := OpenPPTX(f, "ppt/presentation.xml", formattest.Limits)
	if got := formattest.Pages(t, s, err); got != "> Ann Example: too long" {
		t.Errorf("%q", got)
	}
}

func TestDOCX(t *testing.T) {
	body := `<w:p><w:pPr><w:pStyle w:val="H"/></w:pPr><w:r><w:t>Head</w:t></w:r></w:p>` +
		`<w:p><w:r><w:t>kept </w:t></w:r><w:ins><w:r><w:t>new</w:t></w:r></w:ins><w:del><w:r><w:delText>old</w:delText></w:r></w:del><w:r><w:footnoteReference w:id="2"/></w:r><w:r><w:commentReference w:id="0"/></w:r></w:p>` +
		`<w:p><w:r><w:fldChar w:fldCharType="begin"/><w:instrText>PAGEREF x</w:instrText><w:fldChar w:fldCharType="separate"/><w:t>field</w:t></w:r></w:p>` +
		`<w:p><w:r><mc:AlternateContent><mc:Choice><w:drawing><wp:docPr descr="C:\pics\photo.jpg"/><wps:txbx><w:txbxContent>` + formattest.Paragraph("in the box") + `</w:txbxContent></wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:t>twice</w:t></mc:Fallback></mc:AlternateContent></w:r></w:p>` +
		`<w:tbl><w:tr><w:tc>` + formattest.Paragraph("a") + `</w:tc><w:tc>` + formattest.Paragraph("b|c") + `</w:tc></w:tr><w:tr><w:tc>` + formattest.Paragraph("1") + `</w:tc><w:tc>` + formattest.Paragraph("2") + `</w:tc></w:tr></w:tbl>` +
		`<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:t>item</w:t></w:r></w:p>` +
		`<w:p><w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:t>below</w:t></w:r></w:p>`
	f := formattest.Container(t, map[string]string{
		"word/document.xml":            `<w:document><w:body>` + body + `</w:body></w:document>`,
		"word/styles.xml":              `<w:styles><w:style w:styleId="H"><w:name w:val="heading 2"/></w:style></w:styles>`,
		"word/numbering.xml":           `<w:numbering><w:abstractNum w:abstractNumId="3"><w:lvl w:ilvl="0"><w:start w:val="4"/><w:numFmt w:val="upperRoman"/><w:lvlText w:val="%1."/></w:lvl><w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:isLgl/><w:lvlText w:val="%1.%2"/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="3"/></w:num></w:numbering>`,
		"word/footnotes.xml":           `<w:footnotes><w:footnote w:type="separator" w:id="0">` + formattest.Paragraph("no") + `</w:footnote><w:footnote w:id="2">` + formattest.Paragraph("the note") + `</w:footnote></w:footnotes>`,
		"word/comments.xml":            `<w:comments><w:comment w:id="0" w:author="Ann">` + formattest.Paragraph("why?") + `</w:comment></w:comments>`,
		"word/header1.xml":             `<w:hdr>` + formattest.Paragraph("Letter head") + `</w:hdr>`,
		"word/embeddings/x.bin":        "object bytes",
		"word/_rels/document.xml.rels": formattest.Rels("r1", "header", "header1.xml", "r2", "oleObject", "embeddings/x.bin"),
		"docProps/core.xml":            `<cp:coreProperties><dc:title>The report</dc:title><cp:keywords>lake</cp:keywords><dc:creator>pc7</dc:creator></cp:coreProperties>`,
	})
	lim := formattest.Limits
	lim.Embedded = func(name string, data []byte) string { return "embedded:" + name + ":" + string(data) }
	s, err := OpenDOCX(f, "word/document.xml", lim)
	got := formattest.Pages(t, s, err)
	want := strings.Join([]string{"Letter head", "## Head", "kept new[1]", "field", "[photo.jpg]", "in the box", "a\tb|c\n1\t2", "IV. item\n  4.1 below", "[1] the note", "> Ann: why?", "# x.bin", "embedded:x.bin:object bytes", "Title: The report\nKeywords: lake"}, "\n\n")
	if got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
	if i := s.Info(); i.Title != "The report" || i.Author != "pc7" {
		t.Errorf("info %+v", i)
	}
}

func TestXLSX(t *testing.T) {
	parts := map[string]string{
		"xl/workbook.xml":                   `<workbook><sheets><sheet name="Data" r:id="r1"/><sheet name="Gone" state="hidden" r:id="r2"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels":        formattest.Rels("r1", "worksheet", "worksheets/s1.xml", "r2", "worksheet", "worksheets/s2.xml", "r3", "sharedStrings", "sst.xml", "r4", "styles", "st.xml"),
		"xl/sst.xml":                        `<sst><si><t>name</t></si><si><r><t>two </t></r><r><t>runs</t></r><rPh><t>no</t></rPh></si></sst>`,
		"xl/st.xml":                         `<styleSheet><numFmts><numFmt numFmtId="170" formatCode="0.00%"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="170"/></cellXfs></styleSheet>`,
		"xl/worksheets/s1.xml":              `<worksheet><sheetData><row><c r="A1" t="s"><v>0</v></c><c r="C1" t="inlineStr"><is><t>date</t></is></c></row><row><c r="A2" t="s"><v>1</v></c><c r="B2" s="2"><v>0.125</v></c><c r="C2" s="1"><v>43363</v></c></row></sheetData><headerFooter><oddHeader>&amp;CConfidential&amp;P</oddHeader></headerFooter></worksheet>`,
		"xl/worksheets/_rels/s1.xml.rels":   formattest.Rels("c", "comments", "../c1.xml"),
		"xl/c1.xml":                         `<comments><commentList><comment ref="A1"><text><t>check this</t></text></comment></commentList></comments>`,
		"xl/worksheets/s2.xml":              `<worksheet><sheetData><row><c t="b"><v>1</v></c></row></sheetData></worksheet>`,
		"docProps/app.xml":                  `<Properties/>`,
		"xl/worksheets/_rels/other.xml.rel": ``,
	}
	s, err := OpenXLSX(formattest.Container(t, parts), "xl/workbook.xml", formattest.Limits)
	got := formattest.Pages(t, s, err)
	want := "# Data\n\nname\t\tdate\ntwo runs\t12.50%\t2018-09-20\n\nConfidential\n\n> check this"
	if got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

func TestPPTX(t *testing.T) {
	sp := func(ph, text string) string {
		if ph != "" {
			ph = `<p:ph type="` + ph + `"/>`
		}
		return `<p:sp><p:nvSpPr><p:nvPr>` + ph + `</p:nvPr></p:nvSpPr><p:txBody><a:p>` + text + `</a:p></p:txBody></p:sp>`
	}
	r := func(s string) string { return `<a:r><a:t>` + s + `</a:t></a:r>` }
	f := formattest.Container(t, map[string]string{
		"ppt/presentation.xml":             `<p:presentation><p:sldIdLst><p:sldId id="1" r:id="b"/><p:sldId id="2" r:id="a"/></p:sldIdLst></p:presentation>`,
		"ppt/_rels/presentation.xml.rels":  formattest.Rels("a", "slide", "slides/slide1.xml", "b", "slide", "slides/slide2.xml", "h", "handoutMaster", "h.xml"),
		"ppt/slides/slide1.xml":            `<p:sld>` + sp("", r("body")) + sp("title", r("Last")) + `</p:sld>`,
		"ppt/slides/slide2.xml":            `<p:sld>` + sp("title", r("First")) + `<p:graphicFrame><a:tbl><a:tr><a:tc><a:txBody><a:p>` + r("x") + `</a:p></a:txBody></a:tc><a:tc><a:txBody><a:p>` + r("y") + `</a:p></a:txBody></a:tc></a:tr></a:tbl></p:graphicFrame></p:sld>`,
		"ppt/slides/_rels/slide2.xml.rels": formattest.Rels("n", "notesSlide", "../n.xml"),
		"ppt/n.xml":                        `<p:notes>` + sp("body", r("say this")) + sp("sldNum", `<a:fld><a:t>4</a:t></a:fld>`) + `</p:notes>`,
		"ppt/h.xml":                        `<p:handoutMaster>` + sp("hdr", r("Course 7")) + sp("dt", `<a:fld type="datetime"><a:t>1/1/2020</a:t></a:fld>`) + sp("body", r("Click to edit")) + sp("", r("Room 3")) + `</p:handoutMaster>`,
	})
	s, err := OpenPPTX(f, "ppt/presentation.xml", formattest.Limits)
	got := formattest.Pages(t, s, err)
	want := "# First\n\nx\ty\n\n> say this\n---\n# Last\n\nbody\n\nCourse 7\n\nRoom 3"
	if got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

// A slide is read shape by shape: its title first wherever it stands, a group in pieces, and what stands beside the shapes too.
func TestSlidesOfAnySize(t *testing.T) {
	shape := func(kind, text string) string {
		return `<p:sp><p:nvSpPr><p:nvPr><p:ph type="` + kind + `"/></p:nvPr></p:nvSpPr><p:txBody><a:p><a:r><a:t>` + text + `</a:t></a:r></a:p></p:txBody></p:sp>`
	}
	const n = 120_000 // shapes of some seven nodes, more than are held at a time
	f := formattest.Container(t, map[string]string{
		"ppt/presentation.xml":            `<p:presentation><p:sldIdLst><p:sldId id="256" r:id="r1"/></p:sldIdLst></p:presentation>`,
		"ppt/_rels/presentation.xml.rels": formattest.Rels("r1", "slide", "slides/slide1.xml"),
		"ppt/slides/slide1.xml":           `<p:sld><p:cSld><p:spTree>` + shape("body", "first") + `<p:grpSp>` + strings.Repeat(shape("body", "x"), n) + `</p:grpSp>` + shape("title", "The title") + `</p:spTree></p:cSld></p:sld>`,
	})
	lim := formattest.Limits
	lim.MaxUnpacked = 1 << 30
	f2, err := OpenPPTX(f, "ppt/presentation.xml", lim)
	got := formattest.Pages(t, f2, err)
	if !strings.HasPrefix(got, "# The title\n\nfirst\n\nx\n\nx") || strings.Count(got, "x") != n {
		t.Errorf("%d shapes, beginning with %.40q", strings.Count(got, "x"), got)
	}
}

// Boxes and lists of older forms keep their state and no text; a text field has one.
func TestOlderFormFields(t *testing.T) {
	field := func(data, result string) string {
		return `<w:p><w:r><w:fldChar w:fldCharType="begin"><w:ffData>` + data + `</w:ffData></w:fldChar></w:r><w:r><w:instrText> FORM </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>` + result +
			`<w:r><w:fldChar w:fldCharType="end"/></w:r><w:r><w:t> behind</w:t></w:r></w:p>`
	}
	list := `<w:ddList>%s<w:listEntry w:val="Mon"/><w:listEntry w:val="Tue"/></w:ddList>`
	f := formattest.Container(t, map[string]string{"word/document.xml": `<w:document><w:body>` +
		field(`<w:checkBox><w:default w:val="1"/></w:checkBox>`, "") +
		field(`<w:checkBox><w:default w:val="1"/><w:checked w:val="0"/></w:checkBox>`, "") +
		field(`<w:checkBox><w:default w:val="0"/><w:checked/></w:checkBox>`, "") +
		field(`<w:checkBox><w:sizeAuto/></w:checkBox>`, "") +
		field(strings.Replace(list, "%s", `<w:result w:val="1"/>`, 1), "") +
		field(strings.Replace(list, "%s", ``, 1), "") +
		field(strings.Replace(list, "%s", `<w:result w:val="99"/>`, 1), "") +
		field(strings.Replace(list, "%s", `<w:result w:val="1"/>`, 1), `<w:r><w:t>written</w:t></w:r>`) +
		field(`<w:textInput/>`, `<w:r><w:t>typed</w:t></w:r>`) + `</w:body></w:document>`})
	s, err := OpenDOCX(f, "word/document.xml", formattest.Limits)
	want := "☒ behind\n\n☐ behind\n\n☒ behind\n\n☐ behind\n\nTue behind\n\nMon behind\n\nbehind\n\nwritten behind\n\ntyped behind"
	if got := formattest.Pages(t, s, err); got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
