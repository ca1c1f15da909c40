package odf

import (
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/formattest"
)

func TestHidden(t *testing.T) {
	styles := `<office:automatic-styles><style:style style:name="T1" style:family="text"><style:text-properties text:display="none"/></style:style>` +
		`<style:style style:name="T2" style:family="text" style:parent-style-name="T1"/><style:style style:name="T3" style:family="text"><style:text-properties text:display="true"/></style:style>` +
		`<style:style style:name="P1" style:family="paragraph"><style:text-properties text:display="none"/></style:style><style:style style:name="T1" style:family="paragraph"/>` +
		`<style:style style:name="L" style:family="text" style:parent-style-name="L"/><style:style style:name="shut" style:family="table"><style:table-properties table:display="false"/></style:style></office:automatic-styles>`
	document := func(kind, body string) string {
		return `<office:document-content>` + styles + `<office:body><office:` + kind + `>` + body + `</office:` + kind + `></office:body></office:document-content>`
	}
	span := func(style, text string) string {
		return `<text:span text:style-name="` + style + `">` + text + `</text:span>`
	}
	cells := func(texts ...string) (out string) {
		for _, s := range texts {
			out += `<table:table-cell><text:p>` + s + `</text:p></table:table-cell>`
		}
		return out
	}
	line := func(attr string, texts ...string) string {
		return `<table:table-row ` + attr + `>` + cells(texts...) + `</table:table-row>`
	}
	sheet := func(name, style, inner string) string {
		return `<table:table table:name="` + name + `" table:style-name="` + style + `">` + inner + `</table:table>`
	}
	for name, c := range map[string]struct{ kind, body, want string }{
		"letters": {"text", `<text:p>a ` + span("T1", "NO") + span("T2", "NO") + span("L", "b") + `</text:p><text:p text:style-name="P1">NO` + span("T3", "shown") + `</text:p><text:p text:style-name="T1">c</text:p>`, "a b\n\nshown\n\nc"},
		"sections": {"text", `<text:section text:display="none"><text:p>NO</text:p></text:section><text:section text:display="condition" text:is-hidden="true"><text:p>NO</text:p></text:section>` +
			`<text:section text:display="condition"><text:p>a</text:p></text:section><text:p>b <text:hidden-text text:is-hidden="true">NO</text:hidden-text><text:hidden-text>c</text:hidden-text></text:p>` +
			`<text:p>NO<text:hidden-paragraph text:is-hidden="true"/></text:p><text:p>d<text:hidden-paragraph text:is-hidden="false"/><text:variable-set text:display="none">NO</text:variable-set></text:p>`, "a\n\nb c\n\nd"},
		"deleted": {"text", `<text:tracked-changes><text:changed-region><text:deletion><text:p>NO</text:p></text:deletion></text:changed-region></text:tracked-changes><text:p>a<text:change text:change-id="x"/>b</text:p>`, "ab"},
		"shapes":  {"text", `<text:p>a<draw:frame draw:display="none"><draw:text-box><text:p>NO</text:p></draw:text-box></draw:frame><draw:frame><draw:text-box><text:p>b</text:p></draw:text-box></draw:frame></text:p>`, "a\n\nb"},
		"a sheet": {"spreadsheet", sheet("S", "open", `<table:table-column/><table:table-column table:visibility="collapse" table:number-columns-repeated="2"/><table:table-column-group><table:table-column table:visibility="collapse"/></table:table-column-group><table:table-column table:visibility="filter"/>`+
			line("", "a", "B", "C", "d", "e")+line(`table:visibility="collapse"`, "HIDDEN", "1", "1", "1", "1")+`<table:table-row-group table:display="false">`+line(`table:visibility="collapse"`, "folded", "B", "C", "d", "e")+`</table:table-row-group>`+
			line(`table:visibility="filter"`, "filtered", "B", "C", "d", "e")) + sheet("T", "shut", line("", "NO")), "# S\n\na\td\te\nfolded\td\te\nfiltered\td\te"},
	} {
		s, err := OpenODF(formattest.Container(t, map[string]string{"mimetype": "application/vnd.oasis.opendocument." + c.kind, "content.xml": document(c.kind, c.body)}), map[string]string{"text": "odt", "spreadsheet": "ods"}[c.kind], "", formattest.Limits)
		if got := formattest.Pages(t, s, err); got != c.want {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// Comments say who wrote them, wherever they hang; letters that show only where a line ends are none of a word.
func TestCommentsAndHyphens(t *testing.T) {
	note := `<office:annotation><dc:creator>Ann</dc:creator><dc:date>2024-01-01</dc:date><text:p>check</text:p><text:p>this</text:p></office:annotation>`
	for kind, c := range map[string]struct{ body, want string }{
		"text":         {`<text:p>a` + note + ` soft` + "\u00ad" + `hyphen and non` + "\u2011" + `breaking` + `</text:p>`, "a softhyphen and non-breaking\n\n> Ann: check this"},
		"spreadsheet":  {`<table:table table:name="S"><table:table-row><table:table-cell>` + note + `<text:p>a</text:p></table:table-cell></table:table-row></table:table>`, "# S\n\na\n\n> Ann: check this"},
		"presentation": {`<draw:page><draw:frame><draw:text-box><text:p>a</text:p></draw:text-box></draw:frame>` + note + `<office:annotation/></draw:page>`, "a\n\n> Ann: check this"},
	} {
		s, err := OpenODF(formattest.Container(t, map[string]string{"mimetype": "application/vnd.oasis.opendocument." + kind, "content.xml": content(`<office:` + kind + `>` + c.body + `</office:` + kind + `>`)}), "od"+kind[:1], "", formattest.Limits)
		if got := formattest.Pages(t, s, err); got != c.want {
			t.Errorf("%s: %q", kind, got)
		}
	}
}
