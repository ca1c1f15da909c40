package ooxml

import (
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/formattest"
)

func TestVSDX(t *testing.T) {
	f := formattest.Container(t, map[string]string{
		"visio/document.xml":               `<VisioDocument/>`,
		"visio/_rels/document.xml.rels":    formattest.Rels("r1", "pages", "pages/pages.xml"),
		"visio/pages/pages.xml":            `<Pages><Page ID="0" Name="Plan"><Rel r:id="p2"/></Page><Page Name="Page-2"><Rel r:id="p1"/></Page></Pages>`,
		"visio/pages/_rels/pages.xml.rels": formattest.Rels("p1", "page", "page1.xml", "p2", "page", "page2.xml"),
		"visio/pages/page1.xml":            `<PageContents><Shapes><Shape><Text>second <fld>page</fld></Text></Shape></Shapes></PageContents>`,
		"visio/pages/page2.xml": `<PageContents><Shapes><Shape><Text><cp IX="0"/>Router here
</Text></Shape><Shape><Text>Router here</Text></Shape></Shapes></PageContents>`,
	})
	s, err := OpenVSDX(f, "visio/document.xml", formattest.Limits)
	if got, want := formattest.Pages(t, s, err), "# Plan\n\nRouter here\n---\nsecond page"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
