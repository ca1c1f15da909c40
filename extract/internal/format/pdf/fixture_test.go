package pdf

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
)

// build writes a PDF whose pages have the given content streams, in Helvetica as /F1, on A4 in points.
// info is put into the document information dictionary.
func build(info string, pages ...string) []byte {
	var b bytes.Buffer
	var at []int
	obj := func(s string) {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", len(at), s)
	}
	b.WriteString("%PDF-1.7\n")
	kids := make([]string, len(pages))
	for i := range pages {
		kids[i] = fmt.Sprintf("%d 0 R", 5+2*i)
	}
	obj("<</Type/Catalog/Pages 2 0 R>>")
	obj(fmt.Sprintf("<</Type/Pages/Count %d/Kids[%s]>>", len(pages), strings.Join(kids, " ")))
	obj("<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>")
	obj("<<" + info + ">>")
	for i, p := range pages {
		obj(fmt.Sprintf("<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 3 0 R>>>>/Contents %d 0 R>>", 6+2*i))
		obj(fmt.Sprintf("<</Length %d>>stream\n%s\nendstream", len(p), p))
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, n := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", n)
	}
	fmt.Fprintf(&b, "trailer<</Size %d/Root 1 0 R/Info 4 0 R/ID[<0123456789abcdef0123456789abcdef><0123456789abcdef0123456789abcdef>]>>\nstartxref\n%d\n%%%%EOF\n", len(at)+1, start)
	return b.Bytes()
}

// show is a content stream that shows s at x, y from the top left corner.
func show(x, y, size float64, s string) string {
	s = strings.NewReplacer(`\`, `\\`, "(", `\(`, ")", `\)`).Replace(s)
	return fmt.Sprintf("BT /F1 %g Tf 1 0 0 1 %g %g Tm (%s) Tj ET\n", size, x, 842-y, s)
}

func save(t testing.TB, data []byte) string {
	t.Helper()
	p := filepath.Join(t.TempDir(), "in.pdf")
	if err := os.WriteFile(p, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return p
}

var limits = doc.Limits{MaxBytes: 1 << 30, MaxPages: 1000, MaxPixels: 1 << 26, MaxUnpacked: 1 << 30, MaxText: 1 << 24}

// read gives the texts of all pages, read without recognition.
func read(t testing.TB, path string) (doc.Info, []string) {
	t.Helper()
	s, err := Open(path, limits, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var out []string
	for i := range s.Info().Pages {
		p, err := s.Page(i)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, p.Text)
	}
	return s.Info(), out
}
