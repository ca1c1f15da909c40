package office

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/source"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/zipx"
)

var limits = source.Limits{MaxBytes: 64 << 20, MaxPages: 1000, MaxPixels: 1 << 20, MaxUnpacked: 16 << 20, MaxText: 1 << 20}

// container opens a generated office file.
func container(t testing.TB, parts map[string]string) *zipx.File {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for name, s := range parts {
		p, err := w.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.WriteString(p, s)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "f.zip")
	if err := os.WriteFile(name, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := zipx.Open(name, limits.MaxUnpacked)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.Close)
	return f
}

func rels(r ...string) string {
	var b strings.Builder
	b.WriteString(`<Relationships>`)
	for i := 0; i+2 < len(r); i += 3 {
		b.WriteString(`<Relationship Id="` + r[i] + `" Type="http://x/` + r[i+1] + `" Target="` + r[i+2] + `"/>`)
	}
	return b.String() + `</Relationships>`
}

func pages(t *testing.T, s source.Source, err error) string {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for i := range s.Info().Pages {
		p, err := s.Page(i)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, p.Text)
	}
	return strings.Join(out, "\n---\n")
}

func p(s string) string { return `<w:p><w:r><w:t xml:space="preserve">` + s + `</w:t></w:r></w:p>` }

func TestDOCX(t *testing.T) {
	body := `<w:p><w:pPr><w:pStyle w:val="H"/></w:pPr><w:r><w:t>Head</w:t></w:r></w:p>` +
		`<w:p><w:r><w:t>kept </w:t></w:r><w:ins><w:r><w:t>new</w:t></w:r></w:ins><w:del><w:r><w:delText>old</w:delText></w:r></w:del><w:r><w:footnoteReference w:id="2"/></w:r><w:r><w:commentReference w:id="0"/></w:r></w:p>` +
		`<w:p><w:r><w:fldChar w:fldCharType="begin"/><w:instrText>PAGEREF x</w:instrText><w:fldChar w:fldCharType="separate"/><w:t>field</w:t></w:r></w:p>` +
		`<w:p><w:r><mc:AlternateContent><mc:Choice><w:drawing><wp:docPr descr="C:\pics\photo.jpg"/><wps:txbx><w:txbxContent>` + p("in the box") + `</w:txbxContent></wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:t>twice</w:t></mc:Fallback></mc:AlternateContent></w:r></w:p>` +
		`<w:tbl><w:tr><w:tc>` + p("a") + `</w:tc><w:tc>` + p("b|c") + `</w:tc></w:tr><w:tr><w:tc>` + p("1") + `</w:tc><w:tc>` + p("2") + `</w:tc></w:tr></w:tbl>` +
		`<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:t>item</w:t></w:r></w:p>` +
		`<w:p><w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:t>below</w:t></w:r></w:p>`
	f := container(t, map[string]string{
		"word/document.xml":            `<w:document><w:body>` + body + `</w:body></w:document>`,
		"word/styles.xml":              `<w:styles><w:style w:styleId="H"><w:name w:val="heading 2"/></w:style></w:styles>`,
		"word/numbering.xml":           `<w:numbering><w:abstractNum w:abstractNumId="3"><w:lvl w:ilvl="0"><w:start w:val="4"/><w:numFmt w:val="upperRoman"/><w:lvlText w:val="%1."/></w:lvl><w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:isLgl/><w:lvlText w:val="%1.%2"/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="3"/></w:num></w:numbering>`,
		"word/footnotes.xml":           `<w:footnotes><w:footnote w:type="separator" w:id="0">` + p("no") + `</w:footnote><w:footnote w:id="2">` + p("the note") + `</w:footnote></w:footnotes>`,
		"word/comments.xml":            `<w:comments><w:comment w:id="0" w:author="Ann">` + p("why?") + `</w:comment></w:comments>`,
		"word/header1.xml":             `<w:hdr>` + p("Letter head") + `</w:hdr>`,
		"word/embeddings/x.bin":        "object bytes",
		"word/_rels/document.xml.rels": rels("r1", "header", "header1.xml", "r2", "oleObject", "embeddings/x.bin"),
		"docProps/core.xml":            `<cp:coreProperties><dc:title>The report</dc:title><cp:keywords>lake</cp:keywords><dc:creator>pc7</dc:creator></cp:coreProperties>`,
	})
	lim := limits
	lim.Embedded = func(name string, data []byte) string { return "embedded:" + name + ":" + string(data) }
	s, err := OpenDOCX(f, "word/document.xml", lim)
	got := pages(t, s, err)
	want := strings.Join([]string{"Letter head", "## Head", "kept new[1]", "field", "[photo.jpg]", "in the box", "a\tb|c\n1\t2", "IV. item\n  4.1 below", "[1] the note", "> Ann: why?", "embedded:x.bin:object bytes", "Title: The report\nKeywords: lake"}, "\n\n")
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
		"xl/_rels/workbook.xml.rels":        rels("r1", "worksheet", "worksheets/s1.xml", "r2", "worksheet", "worksheets/s2.xml", "r3", "sharedStrings", "sst.xml", "r4", "styles", "st.xml"),
		"xl/sst.xml":                        `<sst><si><t>name</t></si><si><r><t>two </t></r><r><t>runs</t></r><rPh><t>no</t></rPh></si></sst>`,
		"xl/st.xml":                         `<styleSheet><numFmts><numFmt numFmtId="170" formatCode="0.00%"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="170"/></cellXfs></styleSheet>`,
		"xl/worksheets/s1.xml":              `<worksheet><sheetData><row><c r="A1" t="s"><v>0</v></c><c r="C1" t="inlineStr"><is><t>date</t></is></c></row><row><c r="A2" t="s"><v>1</v></c><c r="B2" s="2"><v>0.125</v></c><c r="C2" s="1"><v>43363</v></c></row></sheetData><headerFooter><oddHeader>&amp;CConfidential&amp;P</oddHeader></headerFooter></worksheet>`,
		"xl/worksheets/_rels/s1.xml.rels":   rels("c", "comments", "../c1.xml"),
		"xl/c1.xml":                         `<comments><commentList><comment ref="A1"><text><t>check this</t></text></comment></commentList></comments>`,
		"xl/worksheets/s2.xml":              `<worksheet><sheetData><row><c t="b"><v>1</v></c></row></sheetData></worksheet>`,
		"docProps/app.xml":                  `<Properties/>`,
		"xl/worksheets/_rels/other.xml.rel": ``,
	}
	s, err := OpenXLSX(container(t, parts), "xl/workbook.xml", limits)
	got := pages(t, s, err)
	want := "# Data\n\nname\t\tdate\ntwo runs\t12.50%\t2018-09-20\n\nConfidential\n\n> check this\n---\n# Gone\n\nTRUE"
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
	f := container(t, map[string]string{
		"ppt/presentation.xml":             `<p:presentation><p:sldIdLst><p:sldId id="1" r:id="b"/><p:sldId id="2" r:id="a"/></p:sldIdLst></p:presentation>`,
		"ppt/_rels/presentation.xml.rels":  rels("a", "slide", "slides/slide1.xml", "b", "slide", "slides/slide2.xml", "h", "handoutMaster", "h.xml"),
		"ppt/slides/slide1.xml":            `<p:sld>` + sp("", r("body")) + sp("title", r("Last")) + `</p:sld>`,
		"ppt/slides/slide2.xml":            `<p:sld>` + sp("title", r("First")) + `<p:graphicFrame><a:tbl><a:tr><a:tc><a:txBody><a:p>` + r("x") + `</a:p></a:txBody></a:tc><a:tc><a:txBody><a:p>` + r("y") + `</a:p></a:txBody></a:tc></a:tr></a:tbl></p:graphicFrame></p:sld>`,
		"ppt/slides/_rels/slide2.xml.rels": rels("n", "notesSlide", "../n.xml"),
		"ppt/n.xml":                        `<p:notes>` + sp("body", r("say this")) + sp("sldNum", `<a:fld><a:t>4</a:t></a:fld>`) + `</p:notes>`,
		"ppt/h.xml":                        `<p:handoutMaster>` + sp("hdr", r("Course 7")) + sp("dt", `<a:fld type="datetime"><a:t>1/1/2020</a:t></a:fld>`) + sp("body", r("Click to edit")) + sp("", r("Room 3")) + `</p:handoutMaster>`,
	})
	s, err := OpenPPTX(f, "ppt/presentation.xml", limits)
	got := pages(t, s, err)
	want := "# First\n\nx\ty\n\n> say this\n---\n# Last\n\nbody\n\nCourse 7\n\nRoom 3"
	if got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

func TestODTLists(t *testing.T) {
	item := func(s string) string { return `<text:list-item><text:p>` + s + `</text:p></text:list-item>` }
	f := container(t, map[string]string{
		"mimetype": "application/vnd.oasis.opendocument.text",
		"content.xml": `<office:document-content><office:automatic-styles><text:list-style style:name="L"><text:list-level-style-number text:level="1" style:num-format="I" style:num-suffix="." text:start-value="4"/></text:list-style></office:automatic-styles><office:body><office:text>` +
			`<text:tracked-changes><text:changed-region><text:deletion><text:p>gone</text:p></text:deletion></text:changed-region></text:tracked-changes>` +
			`<text:list xml:id="x" text:style-name="L">` + item("four") + item("five") + `</text:list><text:p>between<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>noted</text:p></text:note-body></text:note></text:p>` +
			`<text:list text:continue-list="x" text:style-name="L">` + item("six") + `</text:list><text:list text:style-name="L">` + item("new") + `</text:list></office:text></office:body></office:document-content>`,
	})
	s, err := OpenODF(f, "odt", "application/vnd.oasis.opendocument.text", limits)
	got := pages(t, s, err)
	want := "IV. four\nV. five\n\nbetween[1]\n\nVI. six\nIV. new\n\n[1] noted"
	if got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

func TestEPUBFollowsTheSpine(t *testing.T) {
	parts := map[string]string{
		"META-INF/container.xml": `<container><rootfile full-path="o/b.opf"/></container>`,
		"o/b.opf":                `<package><metadata><dc:title>Book</dc:title><dc:creator>A. Writer</dc:creator><dc:creator>B. Other</dc:creator><dc:description>&lt;p&gt;About&lt;/p&gt;</dc:description></metadata><manifest><item id="1" href="a.xhtml" media-type="application/xhtml+xml"/><item id="2" href="b%20c.xhtml" media-type="application/xhtml+xml"/></manifest><spine><itemref idref="2"/><itemref idref="1"/></spine></package>`,
		"o/a.xhtml":              `<html><body><p>last</p></body></html>`,
		"o/b c.xhtml":            `<html><body><h1>first</h1><blockquote>said</blockquote></body></html>`,
	}
	s, err := OpenEPUB(container(t, parts), limits)
	if got, want := pages(t, s, err), "# first\n\n> said\n---\nlast\n\nTitle: Book\nAuthors: A. Writer, B. Other\nDescription: About"; got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
	delete(parts, "o/b.opf")
	s, err = OpenEPUB(container(t, parts), limits)
	if got := pages(t, s, err); !strings.Contains(got, "last") || !strings.Contains(got, "first") {
		t.Errorf("without its table of contents: %q", got)
	}
}
