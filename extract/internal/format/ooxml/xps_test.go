package ooxml

import (
	"encoding/binary"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/formattest"
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
	f := formattest.Container(t, map[string]string{
		"FixedDocSeq.fdseq":         `<FixedDocumentSequence/>`,
		"Documents/1/FixedDoc.fdoc": `<FixedDocument><PageContent Source="Pages/2.fpage"/><PageContent Source="/Documents/1/Pages/1.fpage"/></FixedDocument>`,
		"Documents/1/Pages/1.fpage": `<FixedPage><Canvas>` + glyphs("1", "1", "last") + `</Canvas></FixedPage>`,
		"Documents/1/Pages/2.fpage": string(wide),
	})
	s, err := OpenXPS(f, formattest.Limits)
	if got, want := formattest.Pages(t, s, err), "First line\nsecond\n\na paragraph\n---\nlast"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if _, err := OpenXPS(formattest.Container(t, map[string]string{"a.fdseq": ""}), formattest.Limits); err == nil || !strings.Contains(err.Error(), "no pages") {
		t.Errorf("%v", err)
	}
}
