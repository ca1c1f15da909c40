package mupdf

import (
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/formattest"
)

// A page of nothing but long straight lines is told from any on which something may be to read.
func TestPagesOfLinesAlone(t *testing.T) {
	const lines = "10 10 m 500 800 l S 0 0 200 300 re f 10 20 m 400 20 l S\n"
	for content, want := range map[string]bool{
		"":                          false,
		lines:                       true,
		lines + "50 50 m 60 60 l S": false, // short enough for a stroke of a letter
		lines + "0.05 0 0 0.05 0 0 cm 10 10 m 500 800 l S": false,
		lines + "10 10 m 500 800 l 20 700 l S":             false, // two of them may be a letter, however large
		lines + "10 10 m 100 200 300 400 500 800 c S":      false,
		lines + "BT /F1 9 Tf (a) Tj ET":                    false,
		lines + "BI /W 1 /H 1 /CS /G /BPC 8 ID x EI":       false,
		"10 10 200 200 re W n " + lines:                    true,
	} {
		d, err := Open(formattest.Save(t, "f.pdf", onePage(content)))
		if err != nil {
			t.Fatal(err)
		}
		if l, err := d.Lines(0); err != nil || l.Ruled != want {
			t.Errorf("%q: lines alone: %v, %v", content, !want, err)
		}
		d.Close()
	}
}
