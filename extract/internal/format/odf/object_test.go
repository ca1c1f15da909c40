package odf

import (
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/formattest"
)

func content(body string) string {
	return `<office:document-content><office:body>` + body + `</office:body></office:document-content>`
}

func row(cells ...string) string {
	return `<table:table-row><table:table-cell><text:p>` + strings.Join(cells, `</text:p></table:table-cell><table:table-cell><text:p>`) + `</text:p></table:table-cell><table:table-cell table:number-columns-repeated="900"/></table:table-row>`
}

// Documents in a document are read as themselves, files of other programs by their readers; each in its place.
func TestObjects(t *testing.T) {
	frame := func(kind, href string) string {
		return `<draw:frame><draw:` + kind + ` xlink:href="` + href + `"/></draw:frame>`
	}
	sheet := content(`<office:spreadsheet><table:table table:name="S">` + row("Item", "Sum") + row("Bridge", "7") + `<table:table-row table:number-rows-repeated="60"><table:table-cell/></table:table-row></table:table></office:spreadsheet>`)
	parts := map[string]string{
		"mimetype": "application/vnd.oasis.opendocument.text",
		"content.xml": content(`<office:text><text:p>before` + frame("object", "./Object 1") + `</text:p><text:p>between` + frame("object-ole", "./Object 2") + `</text:p>` +
			`<text:p>after` + frame("object", "./Object 3") + frame("object", "./Object 4") + frame("object", "../up") + frame("object-ole", "https://example.org/x") + `</text:p></office:text>`),
		"Object 1/content.xml": sheet,
		"Object 2":             "an old drawing",
		"Object 3/content.xml": content(`<office:text><text:p>inner words</text:p><text:p>` + frame("object", "./Object 3") + `</text:p></office:text>`),
		"Object 4/content.xml": content(`<office:chart><chart:chart><chart:title><text:p>Costs by year</text:p></chart:title></chart:chart></office:chart>`),
	}
	lim := formattest.Limits
	lim.Embedded = func(name string, data []byte) string { return "read: " + string(data) }
	s, err := OpenODF(formattest.Container(t, parts), "odt", "", lim)
	want := "before\n\n\x1dItem\tSum\n\x1dBridge\t7\n\nbetween\n\n# Object 2\n\nread: an old drawing\n\nafter\n\n" + strings.Repeat("inner words\n\n", maxLevel) + "Costs by year"
	if got := formattest.Pages(t, s, err); got != strings.ReplaceAll(want, "\x1d", "") {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	parts["mimetype"], parts["content.xml"] = "application/vnd.oasis.opendocument.presentation", content(`<office:presentation><draw:page><draw:g><draw:g>`+frame("object", "./Object 1")+`</draw:g></draw:g></draw:page></office:presentation>`)
	s, err = OpenODF(formattest.Container(t, parts), "odp", "", lim)
	if got := formattest.Pages(t, s, err); !strings.Contains(got, "Item\tSum\nBridge\t7") {
		t.Errorf("on a slide: %q", got)
	}
}

// A chart's numbers are a table where it stands in a text. On a sheet they are those of its cells, and its words stand below these.
func TestCharts(t *testing.T) {
	frame := `<draw:frame><draw:object xlink:href="./Object 1"/></draw:frame>`
	chart := content(`<office:chart><chart:chart><chart:title><text:p>Costs by year</text:p></chart:title><chart:plot-area><chart:axis><chart:title><text:p>Thousands</text:p></chart:title></chart:axis></chart:plot-area>` +
		`<table:table table:name="local-table"><table:table-header-rows>` + row("", "Cost") + `</table:table-header-rows><table:table-rows>` + row("2021", "40") + row("2022", "50") + `</table:table-rows></table:table></chart:chart></office:chart>`)
	cells := `<table:table table:name="S">` + row("Year", "Cost") + row("2021", "40") + row("2022", "50") + `<table:table-row><table:table-cell/><table:table-cell>` + frame + `</table:table-cell></table:table-row></table:table>`
	for format, c := range map[string]struct{ mime, body, want string }{
		"odt": {"text", `<office:text><text:p>before` + frame + `</text:p></office:text>`, "before\n\nCosts by year\nThousands\n\n\tCost\n2021\t40\n2022\t50"},
		"ods": {"spreadsheet", `<office:spreadsheet>` + cells + `</office:spreadsheet>`, "# S\n\nYear\tCost\n2021\t40\n2022\t50\n\nCosts by year\nThousands"},
	} {
		s, err := OpenODF(formattest.Container(t, map[string]string{"mimetype": "application/vnd.oasis.opendocument." + c.mime, "content.xml": content(c.body), "Object 1/content.xml": chart}), format, "", formattest.Limits)
		if got := formattest.Pages(t, s, err); got != c.want {
			t.Errorf("%s: got  %q\nwant %q", format, got, c.want)
		}
	}
}

// In a document that is one file its objects stand where they are shown, with their own styles and titles.
func TestObjectsOfFlatFiles(t *testing.T) {
	chart := `<draw:frame><draw:object><office:document><office:master-styles><style:header><text:p>???</text:p></style:header></office:master-styles><office:body><office:chart><chart:chart><chart:title><text:p>Turnover</text:p></chart:title>` +
		`<table:table table:name="local-table"><table:table-row><table:table-cell><text:p>North</text:p></table:table-cell><table:table-cell><text:p>41.5</text:p><draw:g><svg:desc>Costs.B2:Costs.B2</svg:desc></draw:g></table:table-cell></table:table-row></table:table></chart:chart></office:chart></office:body></office:document></draw:object></draw:frame>`
	for format, c := range map[string]struct{ body, want string }{
		"odp": {`<office:presentation><draw:page>` + chart + `</draw:page></office:presentation>`, "Turnover\n\nNorth\t41.5"},
		"odt": {`<office:text><text:p>Before` + chart + `</text:p></office:text>`, "Before\n\nTurnover\n\nNorth\t41.5"},
		"ods": {`<office:spreadsheet><table:table table:name="Costs"><table:shapes>` + chart + `</table:shapes></table:table></office:spreadsheet>`, "# Costs\n\nTurnover"},
	} {
		mime := map[string]string{"odp": "presentation", "odt": "text", "ods": "spreadsheet"}[format]
		s, err := OpenFlatODF([]byte(`<office:document><office:body>`+c.body+`</office:body></office:document>`), format, "application/vnd.oasis.opendocument."+mime, formattest.Limits)
		if got := formattest.Pages(t, s, err); got != c.want {
			t.Errorf("%s: %q, want %q", format, got, c.want)
		}
	}
}
