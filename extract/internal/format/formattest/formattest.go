// Package formattest makes small files of zipped formats for the tests of their readers.
package formattest

import (
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/zipx"
)

// Limits are roomy for a test and small for an attack.
var Limits = doc.Limits{MaxBytes: 64 << 20, MaxPages: 1000, MaxPixels: 1 << 20, MaxUnpacked: 16 << 20, MaxText: 1 << 20}

// Container opens a generated office file.
func Container(t testing.TB, parts map[string]string) *zipx.File {
	t.Helper()
	var pairs []string
	for name, s := range parts {
		pairs = append(pairs, name, s)
	}
	f, err := zipx.Open(Save(t, "f.zip", Zip(t, pairs...)), Limits.MaxUnpacked)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.Close)
	return f
}

// Rels writes a part of relationships out of triples: id, last word of the type, target.
func Rels(r ...string) string {
	var b strings.Builder
	b.WriteString(`<Relationships>`)
	for i := 0; i+2 < len(r); i += 3 {
		b.WriteString(`<Relationship Id="` + r[i] + `" Type="http://x/` + r[i+1] + `" Target="` + r[i+2] + `"/>`)
	}
	return b.String() + `</Relationships>`
}

// Pages are the texts of all pages, joined.
func Pages(t *testing.T, s doc.Source, err error) string {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(Texts(t, s), "\n---\n")
}

// Paragraph is a paragraph of WordprocessingML.
func Paragraph(s string) string {
	return `<w:p><w:r><w:t xml:space="preserve">` + s + `</w:t></w:r></w:p>`
}
