package office

import (
	"encoding/binary"
	"strings"
	"testing"
	"unicode/utf16"
)

func TestXPS(t *testing.T) {
	glyphs := func(x, y, s string) string {
		return `<Glyphs OriginX="` + x + `" OriginY="` + y + `" FontRenderingEmSize="10" UnicodeString="` + s + `"/>`
	}
	// Windows writes pages in UTF-16.
	page := `<?xml version="1.0" encoding="utf-16"?><FixedPage>` + glyphs("10", "100", "First") + glyphs("60", "100", "{}line") + glyphs("10", "112", "second") + glyphs("10", "160", "a paragraph") + `</FixedPage>`
	wide := []byte{0xff, 0xfe}
	for _, c := range utf16.Encode([]rune(page)) {
		wide = binary.LittleEndian.AppendUint16(wide, c)
	}
	f := container(t, map[string]string{
		"FixedDocSeq.fdseq":         `<FixedDocumentSequence/>`,
		"Documents/1/FixedDoc.fdoc": `<FixedDocument><PageContent Source="Pages/2.fpage"/><PageContent Source="/Documents/1/Pages/1.fpage"/></FixedDocument>`,
		"Documents/1/Pages/1.fpage": `<FixedPage><Canvas>` + glyphs("1", "1", "last") + `</Canvas></FixedPage>`,
		"Documents/1/Pages/2.fpage": string(wide),
	})
	s, err := OpenXPS(f, limits)
	if got, want := pages(t, s, err), "First line\nsecond\n\na paragraph\n---\nlast"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if _, err := OpenXPS(container(t, map[string]string{"a.fdseq": ""}), limits); err == nil || !strings.Contains(err.Error(), "no pages") {
		t.Errorf("%v", err)
	}
}

func TestVSDX(t *testing.T) {
	f := container(t, map[string]string{
		"visio/document.xml":               `<VisioDocument/>`,
		"visio/_rels/document.xml.rels":    rels("r1", "pages", "pages/pages.xml"),
		"visio/pages/pages.xml":            `<Pages><Page ID="0" Name="Plan"><Rel r:id="p2"/></Page><Page Name="Page-2"><Rel r:id="p1"/></Page></Pages>`,
		"visio/pages/_rels/pages.xml.rels": rels("p1", "page", "page1.xml", "p2", "page", "page2.xml"),
		"visio/pages/page1.xml":            `<PageContents><Shapes><Shape><Text>second <fld>page</fld></Text></Shape></Shapes></PageContents>`,
		"visio/pages/page2.xml": `<PageContents><Shapes><Shape><Text><cp IX="0"/>Router here
</Text></Shape><Shape><Text>Router here</Text></Shape></Shapes></PageContents>`,
	})
	s, err := OpenVSDX(f, "visio/document.xml", limits)
	if got, want := pages(t, s, err), "# Plan\n\nRouter here\n---\nsecond page"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
