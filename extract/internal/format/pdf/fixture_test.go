package pdf

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/formattest"
)

// build writes a PDF whose pages have the given content streams, in Helvetica as /F1, on A4 in points.
// info is put into the document information dictionary.
func build(info string, pages ...string) []byte {
	kids := make([]string, len(pages))
	for i := range pages {
		kids[i] = fmt.Sprintf("%d 0 R", 5+2*i)
	}
	objects := []string{
		"<</Type/Catalog/Pages 2 0 R>>",
		fmt.Sprintf("<</Type/Pages/Count %d/Kids[%s]>>", len(pages), strings.Join(kids, " ")),
		"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
		"<<" + info + ">>",
	}
	for i, p := range pages {
		objects = append(objects,
			fmt.Sprintf("<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 3 0 R>>>>/Contents %d 0 R>>", 6+2*i),
			fmt.Sprintf("<</Length %d>>stream\n%s\nendstream", len(p), p))
	}
	return formattest.PDF("/Info 4 0 R/ID[<0123456789abcdef0123456789abcdef><0123456789abcdef0123456789abcdef>]", objects...)
}

// show is a content stream that shows s at x, y from the top left corner.
func show(x, y, size float64, s string) string {
	s = strings.NewReplacer(`\`, `\\`, "(", `\(`, ")", `\)`).Replace(s)
	return fmt.Sprintf("BT /F1 %g Tf 1 0 0 1 %g %g Tm (%s) Tj ET\n", size, x, 842-y, s)
}

func save(t testing.TB, data []byte) string { return formattest.Save(t, "in.pdf", data) }

var limits = doc.Limits{MaxBytes: 1 << 30, MaxPages: 1000, MaxPixels: 1 << 26, MaxUnpacked: 1 << 30, MaxText: 1 << 24}

// read gives the texts of all pages, read without recognition.
func read(t testing.TB, path string) (doc.Info, []string) {
	t.Helper()
	s, err := Open(path, limits, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	return s.Info(), formattest.Texts(t, s)
}
