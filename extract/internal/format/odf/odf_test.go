package odf

import (
	"slices"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/formattest"
)

func TestMastersOfPresentations(t *testing.T) {
	master := func(name, text string) string {
		return `<style:master-page style:name="` + name + `"><draw:frame presentation:placeholder="true"><draw:text-box><text:p>Click to edit</text:p></draw:text-box></draw:frame><draw:frame presentation:class="title"><draw:text-box><text:p>Click to edit</text:p></draw:text-box></draw:frame>` +
			`<draw:frame presentation:class="footer"><draw:text-box><text:p>` + text + `</text:p></draw:text-box></draw:frame><presentation:notes><text:p>of the notes</text:p></presentation:notes></style:master-page>`
	}
	f := formattest.Container(t, map[string]string{
		"content.xml": `<office:document-content><office:body><office:presentation><presentation:footer-decl>Footer of a slide</presentation:footer-decl><draw:page draw:master-page-name="A"><text:p>Slide</text:p></draw:page></office:presentation></office:body></office:document-content>`,
		"styles.xml":  `<office:document-styles><office:styles><text:p>style</text:p></office:styles><office:master-styles>` + master("A", "shown") + master("B", "of no slide") + `</office:master-styles></office:document-styles>`,
	})
	s, err := OpenODF(f, "odp", "", formattest.Limits)
	if got := formattest.Pages(t, s, err); got != "Slide\n\nFooter of a slide\n\nshown" {
		t.Errorf("%q", got)
	}
}

func TestODTLists(t *testing.T) {
	item := func(s string) string { return `<text:list-item><text:p>` + s + `</text:p></text:list-item>` }
	f := formattest.Container(t, map[string]string{
		"mimetype": "application/vnd.oasis.opendocument.text",
		"content.xml": "<office:document-content><office:automatic-styles>\n<text:list-style style:name=\"L\">\n <text:list-level-style-number text:level=\"1\" style:num-format=\"I\" style:num-suffix=\".\" text:start-value=\"4\"/>\n</text:list-style></office:automatic-styles><office:body><office:text>" +
			`<text:tracked-changes><text:changed-region><text:deletion><text:p>gone</text:p></text:deletion></text:changed-region></text:tracked-changes>` +
			`<text:list xml:id="x" text:style-name="L">` + item("four") + item("five") + `</text:list><text:p>between<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>noted</text:p></text:note-body></text:note></text:p>` +
			`<text:list text:continue-list="x" text:style-name="L">` + item("six") + `</text:list><text:list text:style-name="L">` + item("new") + `</text:list></office:text></office:body></office:document-content>`,
	})
	s, err := OpenODF(f, "odt", "application/vnd.oasis.opendocument.text", formattest.Limits)
	got := formattest.Pages(t, s, err)
	want := "IV. four\nV. five\n\nbetween[1]\n\nVI. six\nIV. new\n\n[1] noted"
	if got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

// Fields of headers hold placeholders until a program prints; masters that stand behind no sheet are not shown.
func TestHeadersOfSheets(t *testing.T) {
	head := func(s string) string { return `<style:header><text:p>` + s + `</text:p></style:header>` }
	foot := `<style:footer><text:p>Page <text:page-number>1</text:page-number> / <text:page-count>99</text:page-count></text:p></style:footer>`
	f := formattest.Container(t, map[string]string{
		"mimetype": "application/vnd.oasis.opendocument.spreadsheet",
		"content.xml": `<office:document-content><office:automatic-styles><style:style style:name="ta1" style:master-page-name="Shown"/></office:automatic-styles><office:body><office:spreadsheet>` +
			`<table:table table:name="Costs" table:style-name="ta1"><table:table-row><table:table-cell><text:p>Bridge</text:p></table:table-cell></table:table-row></table:table></office:spreadsheet></office:body></office:document-content>`,
		"styles.xml": `<office:document-styles><office:master-styles>` +
			`<style:master-page style:name="Default">` + head(`<text:sheet-name>???</text:sheet-name>`) + foot + `</style:master-page>` +
			`<style:master-page style:name="Shown">` + head(`County of Example <text:date>00/00/0000</text:date>`) + foot + `</style:master-page>` +
			`<style:master-page style:name="Report">` + head(`Of no sheet at all`) + `</style:master-page></office:master-styles></office:document-styles>`,
	})
	s, err := OpenODF(f, "ods", "", formattest.Limits)
	if got := formattest.Pages(t, s, err); got != "County of Example\n---\n# Costs\n\nBridge" {
		t.Errorf("%q", got)
	}
}

// What stands in one column of a sheet stays in it, however wide the gap before it; empty columns and rows are not written.
func TestGapsOfSheets(t *testing.T) {
	row := func(gap, text string) string {
		return `<table:table-row>` + gap + `<table:table-cell><text:p>` + text + `</text:p></table:table-cell></table:table-row>`
	}
	gap := func(n string) string { return `<table:table-cell table:number-columns-repeated="` + n + `"/>` }
	f := formattest.Container(t, map[string]string{
		"mimetype": "application/vnd.oasis.opendocument.spreadsheet",
		"content.xml": `<office:document-content><office:body><office:spreadsheet><table:table table:name="S">` + row(gap("70"), "in 70") + row(gap("100"), "in 100") +
			`<table:table-row table:number-rows-repeated="1000000">` + gap("16384") + `</table:table-row>` + row(gap("30")+gap("40"), "in 70 too") +
			`</table:table></office:spreadsheet></office:body></office:document-content>`,
	})
	s, err := OpenODF(f, "ods", "", formattest.Limits)
	if got := formattest.Pages(t, s, err); got != "# S\n\nin 70\t\n\tin 100\nin 70 too\t" {
		t.Errorf("%q", got)
	}
}

func TestLinks(t *testing.T) {
	f := formattest.Container(t, map[string]string{
		"content.xml": `<office:document-content><office:body><office:text><text:p>See <text:a xlink:href="https://example.org/one">the <text:span>report</text:span></text:a>, <text:a xlink:href="#part">a part</text:a>.</text:p></office:text></office:body></office:document-content>`,
	})
	s, err := OpenODF(f, "odt", "", formattest.Limits)
	if got := formattest.Pages(t, s, err); got != "See the report, a part." {
		t.Errorf("%q", got)
	}
	if got := s.Info().Links; !slices.Equal(got, []doc.Link{{Text: "the report", Target: "https://example.org/one"}}) {
		t.Errorf("%q", got)
	}
}
