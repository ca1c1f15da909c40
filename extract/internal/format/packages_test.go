package format

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/epub"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/formattest"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/odf"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/ooxml"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/text"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/zipx"
)

// guarded runs open and fails when it takes long or keeps much memory; refusals must carry a reason.
func guarded(t *testing.T, name string, open func() (doc.Source, error)) {
	t.Helper()
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	start := time.Now()
	s, err := open()
	d := time.Since(start)
	t.Logf("%s: %v", name, d)
	if d > 20*time.Second {
		t.Errorf("%s took %v", name, d)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if kept := int64(after.HeapAlloc) - int64(before.HeapAlloc); kept > 256<<20 {
		t.Errorf("%s keeps %d MB", name, kept>>20)
	}
	var f *doc.Fail
	if err != nil && (!errors.As(err, &f) || f.Message == "") {
		t.Errorf("%s: refused without a reason: %v", name, err)
	}
	runtime.KeepAlive(s)
}

func TestHostilePackagesAreBounded(t *testing.T) {
	wb := map[string]string{
		"xl/workbook.xml":            `<workbook><sheets><sheet name="S" r:id="r1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": formattest.Rels("r1", "worksheet", "worksheets/s1.xml", "r3", "sharedStrings", "sst.xml"),
	}
	sheet := func(data, sst string) *zipx.File {
		m := map[string]string{"xl/worksheets/s1.xml": `<worksheet><sheetData>` + data + `</sheetData></worksheet>`, "xl/sst.xml": "<sst>" + sst + "</sst>"}
		for k, v := range wb {
			m[k] = v
		}
		return formattest.Container(t, m)
	}
	var wide strings.Builder
	for i := range 20000 {
		fmt.Fprintf(&wide, `<row><c r="XFD%d"><v>1</v></c></row>`, i+1)
	}
	var shared strings.Builder
	shared.WriteString(`<si><t>` + strings.Repeat("long ", 20000) + `</t></si>`)
	same := strings.Repeat(`<row><c t="s"><v>0</v></c></row>`, 100000)
	deep := strings.Repeat(`<w:p>`, 200) + "x" + strings.Repeat(`</w:p>`, 200)
	docs := map[string]string{
		"deep tables":   strings.Repeat(`<w:tbl><w:tr><w:tc>`, 60) + formattest.Paragraph("x") + strings.Repeat(`</w:tc></w:tr></w:tbl>`, 60),
		"deep text":     deep,
		"unclosed":      strings.Repeat(`<w:tbl>`, 100000),
		"wide spans":    `<w:tbl>` + strings.Repeat(`<w:tr><w:tc><w:tcPr><w:gridSpan w:val="2000000000"/></w:tcPr>`+formattest.Paragraph("x")+`</w:tc></w:tr>`, 2000) + `</w:tbl>`,
		"one paragraph": `<w:p>` + strings.Repeat(`<w:r><w:t>word </w:t></w:r>`, 60000) + `</w:p>`,
	}
	for name, body := range docs {
		f := formattest.Container(t, map[string]string{"word/document.xml": `<w:document><w:body>` + body + `</w:body></w:document>`})
		guarded(t, name, func() (doc.Source, error) { return ooxml.OpenDOCX(f, "word/document.xml", formattest.Limits) })
	}
	f := sheet(wide.String(), "")
	guarded(t, "last column of many rows", func() (doc.Source, error) { return ooxml.OpenXLSX(f, "xl/workbook.xml", formattest.Limits) })
	f = sheet(same, shared.String())
	guarded(t, "one long string in many cells", func() (doc.Source, error) { return ooxml.OpenXLSX(f, "xl/workbook.xml", formattest.Limits) })
	f = sheet("<row/>", strings.Repeat(`<si><t>a</t></si>`, 1<<18))
	guarded(t, "many strings", func() (doc.Source, error) { return ooxml.OpenXLSX(f, "xl/workbook.xml", formattest.Limits) })
	rows := `<table:table table:name="S"><table:table-row table:number-rows-repeated="1048576"><table:table-cell table:number-columns-repeated="16384"><text:p>x</text:p></table:table-cell></table:table-row></table:table>`
	f = formattest.Container(t, map[string]string{"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": `<office:document-content><office:body><office:spreadsheet>` + strings.Repeat(rows, 50) + `</office:spreadsheet></office:body></office:document-content>`})
	guarded(t, "repeated cells", func() (doc.Source, error) { return odf.OpenODF(f, "ods", "", formattest.Limits) })
	f = formattest.Container(t, map[string]string{"word/document.xml": `<w:document><w:body>` + formattest.Paragraph(strings.Repeat("\x20", 24<<20)) + `</w:body></w:document>`})
	guarded(t, "unpacks to more than the limit", func() (doc.Source, error) {
		s, err := ooxml.OpenDOCX(f, "word/document.xml", formattest.Limits)
		if doc.AsFail(err).Code != doc.CodeTooLarge {
			t.Errorf("a part over the limit: %v", err)
		}
		return s, err
	})
}

func FuzzWordML(f *testing.F) {
	f.Add([]byte(`<?xml version="1.0"?><w:wordDocument><w:body><wx:sect><w:p><w:r><w:t>a</w:t></w:r></w:p></wx:sect></w:body></w:wordDocument>`))
	f.Add([]byte(`<pkg:package><pkg:part pkg:name="/word/document.xml"><pkg:xmlData><w:document><w:body><w:p><w:t>a</w:t></w:p></w:body></w:document></pkg:xmlData></pkg:part></pkg:package>`))
	f.Fuzz(func(_ *testing.T, in []byte) {
		_, _ = ooxml.OpenWordML(in)
		_, _ = ooxml.OpenFlatOPC(in, formattest.Limits)
		text.XML(in)
	})
}

func TestFlatFiles(t *testing.T) {
	s, err := ooxml.OpenWordML([]byte(`<?xml version="1.0"?><w:wordDocument><w:body><wx:sect><wx:sub-section>` + formattest.Paragraph("one") + `</wx:sub-section>` + formattest.Paragraph("two") + `</wx:sect></w:body></w:wordDocument>`))
	if got := formattest.Pages(t, s, err); got != "one\n\ntwo" {
		t.Errorf("WordML: %q", got)
	}
	s, err = ooxml.OpenFlatOPC([]byte(`<pkg:package><pkg:part pkg:name="/_rels/.rels"><pkg:xmlData>`+formattest.Rels("r", "officeDocument", "word/d.xml")+`</pkg:xmlData></pkg:part><pkg:part pkg:name="/word/d.xml"><pkg:xmlData><w:document><w:body>`+formattest.Paragraph("flat")+`</w:body></w:document></pkg:xmlData></pkg:part></pkg:package>`), formattest.Limits)
	if got := formattest.Pages(t, s, err); got != "flat" {
		t.Errorf("flat package: %q", got)
	}
	s, err = odf.OpenFlatODF([]byte(`<?xml version="1.0"?><office:document office:mimetype="application/vnd.oasis.opendocument.text"><office:meta><dc:title>Flat title</dc:title></office:meta><office:body><office:text><text:p>flat<draw:frame><svg:title>picture</svg:title></draw:frame></text:p></office:text></office:body></office:document>`), "odt", "application/vnd.oasis.opendocument.text", formattest.Limits)
	if got := formattest.Pages(t, s, err); got != "flat\n\n[picture]\n\nTitle: Flat title" {
		t.Errorf("flat OpenDocument: %q", got)
	}
	if got, _ := text.XML([]byte(`<a><b>one</b><c x="no">two <d>three</d></c></a>`)); got != "one\ntwo three" {
		t.Errorf("XML: %q", got)
	}
}

// fuzzSplit parts the two documents of one fuzz input: a main part and one that it refers to.
const fuzzSplit = "\x00\x00"

// FuzzPackage reads the same hostile XML as the main part, and as everything a main part refers to,
// of each format that is a zip of XML.
func FuzzPackage(f *testing.F) {
	for _, s := range []string{
		`<w:document><w:body><w:p><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:t>a</w:t><w:footnoteReference w:id="1"/></w:r></w:p><w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="3"/></w:tcPr><w:p/></w:tc></w:tr></w:tbl></w:body></w:document>` + fuzzSplit + `<w:numbering><w:abstractNum w:abstractNumId="3"><w:lvl w:ilvl="0"><w:numFmt w:val="upperRoman"/><w:lvlText w:val="%1."/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="3"/></w:num></w:numbering>`,
		`<workbook><sheets><sheet name="S" r:id="r"/></sheets></workbook>` + fuzzSplit + `<worksheet><sst><si><t>x</t></si></sst><numFmts><numFmt numFmtId="170" formatCode="0.0%"/></numFmts><cellXfs><xf numFmtId="170"/></cellXfs><sheetData><row><c r="B7" s="0"><v>1.5</v></c><c t="s"><v>0</v></c></row></sheetData></worksheet>`,
		`<p:presentation><p:sldIdLst><p:sldId r:id="r"/></p:sldIdLst></p:presentation>` + fuzzSplit + `<p:sld><p:sp><p:txBody><a:p><a:pPr lvl="2"/><a:r><a:t>x</a:t></a:r></a:p></p:txBody></p:sp><p:pic><p:blipFill><a:blip r:embed="r"/></p:blipFill></p:pic></p:sld>`,
		`<office:document-content><office:automatic-styles><text:list-style style:name="L"><text:list-level-style-number text:level="1" style:num-format="I"/></text:list-style></office:automatic-styles><office:body><office:text><text:list text:style-name="L"><text:list-item><text:p>a<text:note><text:note-body><text:p>n</text:p></text:note-body></text:note></text:p></text:list-item></text:list><table:table><table:table-row table:number-rows-repeated="9"><table:table-cell table:number-columns-repeated="9" office:value-type="float" office:value="1"/></table:table-row></table:table></office:text></office:body></office:document-content>` + fuzzSplit + `<office:document-styles/>`,
		`<FixedPage><Glyphs OriginX="1" OriginY="2" FontRenderingEmSize="3" UnicodeString="{}a"/></FixedPage>` + fuzzSplit + `<PageContents><Page Name="n"><Rel r:id="r"/></Page><Text>t</Text><m:oMath><m:f><m:num><m:r><m:t>1</m:t></m:r></m:num></m:f></m:oMath></PageContents>`,
		`<container><rootfile full-path="main"/></container>` + fuzzSplit + `<package><manifest><item id="1" href="main" media-type="application/xhtml+xml"/></manifest><spine><itemref idref="1"/></spine></package>`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(_ *testing.T, in []byte) {
		main, other := in, in
		for i := 0; i+len(fuzzSplit) <= len(in); i++ {
			if string(in[i:i+len(fuzzSplit)]) == fuzzSplit {
				main, other = in[:i], in[i+len(fuzzSplit):]
				break
			}
		}
		openAll(fuzzParts(main, other))
	})
}

// fuzzParts makes a package whose every relationship leads to other.
func fuzzParts(main, other []byte) map[string][]byte {
	kinds := []string{"worksheet", "sharedStrings", "styles", "slide", "notesSlide", "slideLayout", "slideMaster", "handoutMaster", "comments", "drawing", "chart", "diagramData", "header", "footer", "footnotes", "endnotes", "numbering", "image", "package", "pages", "commentAuthors"}
	var r []string
	for i, k := range kinds {
		r = append(r, string(rune('a'+i)), k, "/other")
	}
	r = append(r, "r", "worksheet", "/other", "r", "slide", "/other")
	return map[string][]byte{
		"main": main, "other": other, "content.xml": main, "styles.xml": other, "meta.xml": other,
		"META-INF/container.xml": main, "META-INF/manifest.xml": other, "docProps/core.xml": other,
		"main.fpage":      main,
		"_rels/main.rels": []byte(formattest.Rels(r...)), "_rels/other.rels": []byte(formattest.Rels(r...)),
	}
}

func openAll(parts map[string][]byte) {
	lim := formattest.Limits
	lim.Embedded = func(string, []byte) string { return "" }
	open := func() *zipx.File { return zipx.Parts(parts, formattest.Limits.MaxUnpacked) }
	_, _ = ooxml.OpenDOCX(open(), "main", lim)
	_, _ = ooxml.OpenXLSX(open(), "main", lim)
	_, _ = ooxml.OpenPPTX(open(), "main", lim)
	for _, k := range []string{"odt", "ods", "odp"} {
		_, _ = odf.OpenODF(open(), k, "", lim)
	}
	_, _ = epub.OpenEPUB(open(), lim)
	_, _ = ooxml.OpenVSDX(open(), "main", lim)
	_, _ = ooxml.OpenXPS(open(), lim)
}

func TestReadingsAboveWords(t *testing.T) {
	ruby := `<w:p><w:r><w:ruby><w:rt><w:r><w:t>とうきょう</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>東京</w:t></w:r></w:rubyBase></w:ruby></w:r></w:p>`
	f := formattest.Container(t, map[string]string{"word/document.xml": `<w:document><w:body>` + ruby + `</w:body></w:document>`})
	s, err := ooxml.OpenDOCX(f, "word/document.xml", formattest.Limits)
	if got := formattest.Pages(t, s, err); got != "東京 (とうきょう)" {
		t.Errorf("docx: %q", got)
	}
	f = formattest.Container(t, map[string]string{"content.xml": `<office:document-content><office:body><office:text><text:p><text:ruby><text:ruby-base>東京</text:ruby-base><text:ruby-text>とうきょう</text:ruby-text></text:ruby></text:p></office:text></office:body></office:document-content>`})
	s, err = odf.OpenODF(f, "odt", "", formattest.Limits)
	if got := formattest.Pages(t, s, err); got != "東京 (とうきょう)" {
		t.Errorf("odt: %q", got)
	}
}
