package ooxml

import (
	"slices"
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/formattest"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/zipx"
)

// cache is what a chart keeps of a range of cells.
func cache(kind, head string, vals ...string) string {
	var b strings.Builder
	for i, v := range vals {
		b.WriteString(`<c:pt idx="` + string(rune('0'+i)) + `"><c:v>` + v + `</c:v></c:pt>`)
	}
	return "<c:" + kind + "Cache>" + head + b.String() + "</c:" + kind + "Cache>"
}

func TestCharts(t *testing.T) {
	title := func(s string) string {
		return `<c:title><c:tx><c:rich><a:p><a:r><a:t>` + s + `</a:t></a:r></a:p></c:rich></c:tx></c:title>`
	}
	ser := func(name, cat, val string) string {
		return `<c:ser><c:tx><c:strRef>` + cache("str", "", name) + `</c:strRef></c:tx>` + cat + val + `</c:ser>`
	}
	regions := `<c:cat><c:strRef>` + cache("str", "", "North", "South") + `</c:strRef></c:cat>`
	numbers := func(name, code string, vals ...string) string {
		return `<c:` + name + `><c:numRef>` + cache("num", "<c:formatCode>"+code+"</c:formatCode>", vals...) + `</c:numRef></c:` + name + `>`
	}
	chart := func(inner string) string {
		return `<c:chartSpace><c:chart>` + title("Shares") + `<c:plotArea><c:barChart>` + inner + `</c:barChart><c:valAx>` + title("Percent") + `</c:valAx></c:plotArea></c:chart></c:chartSpace>`
	}
	label := `<c:dLbls><c:dLbl><c:tx><c:rich><a:p><a:r><a:t>record: </a:t></a:r><a:fld type="VALUE"><a:t>[VALUE]</a:t></a:fld></a:p></c:rich></c:tx></c:dLbl></c:dLbls>`
	for name, c := range map[string]struct{ part, want string }{
		"series over the same categories": {
			chart(ser("2024", regions, numbers("val", "0.0%", "0.25", "0.75")) + ser("2025", regions, label+numbers("val", "0%", "0.5", "0.123"))),
			"Shares\nPercent\n\x1d\t2024\t2025\n\x1dNorth\t25.0%\t50%\n\x1dSouth\t75.0%\t12%\nrecord:",
		},
		"points": {
			chart(ser("One", numbers("xVal", "General", "1", "2"), numbers("yVal", "General", "10", "20")) + ser("Two", numbers("xVal", "General", "5"), numbers("yVal", "General", "50"))),
			"Shares\nPercent\n\x1d\tOne\n\x1d1\t10\n\x1d2\t20\n\x1d\tTwo\n\x1d5\t50",
		},
		"grouped categories, labels from cells": {
			chart(ser("Sales", `<c:cat><c:multiLvlStrRef><c:multiLvlStrCache><c:lvl><c:pt idx="0"><c:v>Q1</c:v></c:pt><c:pt idx="1"><c:v>Q2</c:v></c:pt></c:lvl><c:lvl><c:pt idx="0"><c:v>2024</c:v></c:pt></c:lvl></c:multiLvlStrCache></c:multiLvlStrRef></c:cat>`,
				numbers("val", "General", "3", "4")+`<c:extLst><c:ext><c15:datalabelsRange><c15:dlblRangeCache><c:pt idx="1"><c:v>best</c:v></c:pt></c15:dlblRangeCache></c15:datalabelsRange></c:ext></c:extLst>`)),
			"Shares\nPercent\n\x1d\t\tSales\t\n\x1d2024\tQ1\t3\t\n\x1d\tQ2\t4\tbest",
		},
		"a place far away": {
			chart(ser("Sales", "", `<c:val><c:numRef><c:numCache><c:pt idx="2000000000"><c:v>7</c:v></c:pt></c:numCache></c:numRef></c:val>`)),
			"Shares\nPercent\nSales\n7",
		},
		"a chart of Office 2016": {
			`<cx:chartSpace><cx:chartData><cx:data id="0"><cx:strDim type="cat"><cx:lvl><cx:pt idx="0">Wages</cx:pt><cx:pt idx="1">Rent</cx:pt></cx:lvl></cx:strDim><cx:numDim type="val"><cx:lvl formatCode="0.00"><cx:pt idx="0">100</cx:pt><cx:pt idx="1">-40</cx:pt></cx:lvl></cx:numDim></cx:data></cx:chartData>` +
				`<cx:chart><cx:title><cx:tx><cx:txData><cx:v>Waterfall</cx:v></cx:txData></cx:tx></cx:title><cx:plotArea><cx:plotAreaRegion><cx:series><cx:tx><cx:txData><cx:v>Euro</cx:v></cx:txData></cx:tx><cx:dataId val="0"/></cx:series></cx:plotAreaRegion></cx:plotArea></cx:chart></cx:chartSpace>`,
			"Waterfall\n\x1d\tEuro\n\x1dWages\t100.00\n\x1dRent\t-40.00",
		},
	} {
		f := formattest.Container(t, map[string]string{"charts/chart1.xml": c.part})
		if got := drawingText(f, "charts/chart1.xml"); got != c.want {
			t.Errorf("%s:\n%q, want\n%q", name, got, c.want)
		}
	}
}

// The points of a diagram come in the order in which somebody made them; what hangs together is told by connections, which may run in a circle.
func TestDiagrams(t *testing.T) {
	pt := func(id, s string) string {
		return `<dgm:pt modelId="` + id + `"><dgm:t><a:p><a:r><a:t>` + s + `</a:t></a:r></a:p></dgm:t></dgm:pt>`
	}
	cxn := func(from, to, order string) string {
		return `<dgm:cxn srcId="` + from + `" destId="` + to + `" srcOrd="` + order + `"/>`
	}
	f := formattest.Container(t, map[string]string{"data1.xml": `<dgm:dataModel><dgm:ptLst><dgm:pt modelId="0" type="doc"/>` +
		pt("c", "Clerk") + pt("b", "Board") + pt("d", "Director") + pt("x", "on an arrow") + `</dgm:ptLst><dgm:cxnLst>` +
		cxn("d", "c", "1") + cxn("0", "d", "1") + cxn("0", "b", "0") + cxn("c", "d", "0") + `<dgm:cxn type="presOf" srcId="0" destId="x" srcOrd="0"/></dgm:cxnLst></dgm:dataModel>`})
	if got, want := drawingText(f, "data1.xml"), "Board\nDirector\n  - Clerk\non an arrow"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// A drawing that only newer programs show has another in its place for older ones; it is none of the document's words.
func TestDrawingsForOlderPrograms(t *testing.T) {
	p := func(s string) string {
		return `<xdr:sp><xdr:txBody><a:p><a:r><a:t>` + s + `</a:t></a:r></a:p></xdr:txBody></xdr:sp>`
	}
	f := formattest.Container(t, map[string]string{"drawing1.xml": `<xdr:wsDr><mc:AlternateContent><mc:Choice Requires="cx1">` + p("shown") + `</mc:Choice><mc:Fallback>` + p("not available in your version") + `</mc:Fallback></mc:AlternateContent></xdr:wsDr>`})
	if got := drawingText(f, "drawing1.xml"); got != "shown" {
		t.Errorf("%q", got)
	}
}

// LibreOffice writes what stands for a header in angle brackets; a date with its words is text.
func TestPlaceholdersOfMasters(t *testing.T) {
	sp := func(kind, inner string) string {
		return `<p:sp><p:nvSpPr><p:nvPr><p:ph type="` + kind + `"/></p:nvPr></p:nvSpPr><p:txBody><a:p>` + inner + `</a:p></p:txBody></p:sp>`
	}
	r := func(s string) string { return `<a:r><a:t>` + s + `</a:t></a:r>` }
	f := formattest.Container(t, map[string]string{"notesMaster1.xml": `<p:notesMaster>` + sp("hdr", r("&lt;header&gt;")) + sp("dt", r("Printed on ")+`<a:fld>`+r("1/2/2026")+`</a:fld>`+r(" ")) + `</p:notesMaster>`})
	p := &pptx{f: f}
	if got := p.printed(zipx.Rels{"r": {Type: "notesMaster", Target: "notesMaster1.xml"}}, nil); !slices.Equal(got, []string{"Printed on 1/2/2026"}) {
		t.Errorf("%q", got)
	}
}
