package ooxml

import (
	"strings"
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

// Of a page with more elements than are held at a time there is what comes before the limit, and the person who uploaded it hears of the rest.
func TestAVeryLongPartIsSaidToBeCut(t *testing.T) {
	page := func(text string, more int) string {
		return `<PageContents><Shapes><Shape><Text>` + text + `</Text></Shape>` + strings.Repeat("<x/>", more) + `<Shape><Text>the end</Text></Shape></Shapes></PageContents>`
	}
	for more, want := range map[int]string{10: "", 1100000: "too long to be read to its end"} {
		f := formattest.Container(t, map[string]string{
			"visio/document.xml":               `<VisioDocument/>`,
			"visio/_rels/document.xml.rels":    formattest.Rels("r1", "pages", "pages/pages.xml"),
			"visio/pages/pages.xml":            `<Pages><Page Name="Page-1"><Rel r:id="p1"/></Page><Page Name="Page-2"><Rel r:id="p2"/></Page></Pages>`,
			"visio/pages/_rels/pages.xml.rels": formattest.Rels("p1", "page", "page1.xml", "p2", "page", "page2.xml"),
			"visio/pages/page1.xml":            page("first", more),
			"visio/pages/page2.xml":            page("second", 0),
		})
		s, err := OpenVSDX(f, "visio/document.xml", formattest.Limits)
		if err != nil {
			t.Fatal(err)
		}
		if said := strings.Join(s.Info().Warnings, " "); !strings.Contains(said, want) || (said == "") != (want == "") {
			t.Errorf("%d elements: warned %q", more, said)
		}
		if got := formattest.Pages(t, s, nil); !strings.HasPrefix(got, "first") || strings.Count(got, "the end") != map[bool]int{true: 2, false: 1}[want == ""] {
			t.Errorf("%d elements: %q", more, got)
		}
	}
}
