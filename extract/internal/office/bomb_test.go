package office

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/source"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/zipx"
)

// guarded runs open and fails when it takes long or keeps much memory; refusals must carry a reason.
func guarded(t *testing.T, name string, open func() (source.Source, error)) {
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
	var f *source.Fail
	if err != nil && (!errors.As(err, &f) || f.Message == "") {
		t.Errorf("%s: refused without a reason: %v", name, err)
	}
	runtime.KeepAlive(s)
}

func TestBombs(t *testing.T) {
	wb := map[string]string{
		"xl/workbook.xml":            `<workbook><sheets><sheet name="S" r:id="r1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": rels("r1", "worksheet", "worksheets/s1.xml", "r3", "sharedStrings", "sst.xml"),
	}
	sheet := func(data, sst string) *zipx.File {
		m := map[string]string{"xl/worksheets/s1.xml": `<worksheet><sheetData>` + data + `</sheetData></worksheet>`, "xl/sst.xml": "<sst>" + sst + "</sst>"}
		for k, v := range wb {
			m[k] = v
		}
		return container(t, m)
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
		"deep tables":   strings.Repeat(`<w:tbl><w:tr><w:tc>`, 60) + p("x") + strings.Repeat(`</w:tc></w:tr></w:tbl>`, 60),
		"deep text":     deep,
		"unclosed":      strings.Repeat(`<w:tbl>`, 100000),
		"wide spans":    `<w:tbl>` + strings.Repeat(`<w:tr><w:tc><w:tcPr><w:gridSpan w:val="2000000000"/></w:tcPr>`+p("x")+`</w:tc></w:tr>`, 2000) + `</w:tbl>`,
		"one paragraph": `<w:p>` + strings.Repeat(`<w:r><w:t>word </w:t></w:r>`, 60000) + `</w:p>`,
	}
	for name, body := range docs {
		f := container(t, map[string]string{"word/document.xml": `<w:document><w:body>` + body + `</w:body></w:document>`})
		guarded(t, name, func() (source.Source, error) { return OpenDOCX(f, "word/document.xml", limits) })
	}
	f := sheet(wide.String(), "")
	guarded(t, "last column of many rows", func() (source.Source, error) { return OpenXLSX(f, "xl/workbook.xml", limits) })
	f = sheet(same, shared.String())
	guarded(t, "one long string in many cells", func() (source.Source, error) { return OpenXLSX(f, "xl/workbook.xml", limits) })
	f = sheet("<row/>", strings.Repeat(`<si><t>a</t></si>`, 1<<18))
	guarded(t, "many strings", func() (source.Source, error) { return OpenXLSX(f, "xl/workbook.xml", limits) })
	rows := `<table:table table:name="S"><table:table-row table:number-rows-repeated="1048576"><table:table-cell table:number-columns-repeated="16384"><text:p>x</text:p></table:table-cell></table:table-row></table:table>`
	f = container(t, map[string]string{"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": `<office:document-content><office:body><office:spreadsheet>` + strings.Repeat(rows, 50) + `</office:spreadsheet></office:body></office:document-content>`})
	guarded(t, "repeated cells", func() (source.Source, error) { return OpenODF(f, "ods", "", limits) })
	f = container(t, map[string]string{"word/document.xml": `<w:document><w:body>` + p(strings.Repeat("\x20", 24<<20)) + `</w:body></w:document>`})
	guarded(t, "unpacks to more than the limit", func() (source.Source, error) {
		s, err := OpenDOCX(f, "word/document.xml", limits)
		if source.AsFail(err).Code != source.CodeTooLarge {
			t.Errorf("a part over the limit: %v", err)
		}
		return s, err
	})
}

func FuzzWordML(f *testing.F) {
	f.Add([]byte(`<?xml version="1.0"?><w:wordDocument><w:body><wx:sect><w:p><w:r><w:t>a</w:t></w:r></w:p></wx:sect></w:body></w:wordDocument>`))
	f.Add([]byte(`<pkg:package><pkg:part pkg:name="/word/document.xml"><pkg:xmlData><w:document><w:body><w:p><w:t>a</w:t></w:p></w:body></w:document></pkg:xmlData></pkg:part></pkg:package>`))
	f.Fuzz(func(_ *testing.T, in []byte) {
		_, _ = OpenWordML(in)
		_, _ = OpenFlatOPC(in, limits)
		XMLText(in)
	})
}

func TestFlatFiles(t *testing.T) {
	s, err := OpenWordML([]byte(`<?xml version="1.0"?><w:wordDocument><w:body><wx:sect><wx:sub-section>` + p("one") + `</wx:sub-section>` + p("two") + `</wx:sect></w:body></w:wordDocument>`))
	if got := pages(t, s, err); got != "one\n\ntwo" {
		t.Errorf("WordML: %q", got)
	}
	s, err = OpenFlatOPC([]byte(`<pkg:package><pkg:part pkg:name="/_rels/.rels"><pkg:xmlData>`+rels("r", "officeDocument", "word/d.xml")+`</pkg:xmlData></pkg:part><pkg:part pkg:name="/word/d.xml"><pkg:xmlData><w:document><w:body>`+p("flat")+`</w:body></w:document></pkg:xmlData></pkg:part></pkg:package>`), limits)
	if got := pages(t, s, err); got != "flat" {
		t.Errorf("flat package: %q", got)
	}
	s, err = OpenFlatODF([]byte(`<?xml version="1.0"?><office:document office:mimetype="application/vnd.oasis.opendocument.text"><office:meta><dc:title>Flat title</dc:title></office:meta><office:body><office:text><text:p>flat</text:p></office:text></office:body></office:document>`), "odt", "application/vnd.oasis.opendocument.text", limits)
	if got := pages(t, s, err); got != "flat\n\nTitle: Flat title" {
		t.Errorf("flat OpenDocument: %q", got)
	}
	if got := XMLText([]byte(`<a><b>one</b><c x="no">two <d>three</d></c></a>`)); got != "one\ntwo\nthree" {
		t.Errorf("XML: %q", got)
	}
}
