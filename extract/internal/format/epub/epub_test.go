package epub

import (
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/formattest"
)

func TestEPUBFollowsTheSpine(t *testing.T) {
	parts := map[string]string{
		"META-INF/container.xml": `<container><rootfile full-path="o/b.opf"/></container>`,
		"o/b.opf":                `<package><metadata><dc:title>Book</dc:title><dc:creator>A. Writer</dc:creator><dc:creator>B. Other</dc:creator><dc:description>&lt;p&gt;About&lt;/p&gt;</dc:description></metadata><manifest><item id="1" href="a.xhtml" media-type="application/xhtml+xml"/><item id="2" href="b%20c.xhtml" media-type="application/xhtml+xml"/></manifest><spine><itemref idref="2"/><itemref idref="1"/></spine></package>`,
		"o/a.xhtml":              `<html><body><p>last</p></body></html>`,
		"o/b c.xhtml":            `<html><body><h1>first</h1><blockquote>said</blockquote></body></html>`,
	}
	s, err := OpenEPUB(formattest.Container(t, parts), formattest.Limits)
	if got, want := formattest.Pages(t, s, err), "# first\n\n> said\n---\nlast\n\nTitle: Book\nAuthors: A. Writer, B. Other\nDescription: About"; got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
	delete(parts, "o/b.opf")
	s, err = OpenEPUB(formattest.Container(t, parts), formattest.Limits)
	if got := formattest.Pages(t, s, err); !strings.Contains(got, "last") || !strings.Contains(got, "first") {
		t.Errorf("without its table of contents: %q", got)
	}
}
