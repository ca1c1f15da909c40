package pdf

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/formattest"
)

// damagedTree writes a PDF of two pages, the second one level down, without a cross-reference table.
func damagedTree(t *testing.T, catalog, count string) string {
	t.Helper()
	page := func(parent, content int) string {
		return fmt.Sprintf("<</Type/Page/Parent %d 0 R/MediaBox[0 0 300 300]/Resources<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>/Contents %d 0 R>>", parent, content)
	}
	stream := func(text string) string {
		s := "BT /F 12 Tf 20 200 Td (" + text + ") Tj ET"
		return fmt.Sprintf("<</Length %d>>stream\n%s\nendstream", len(s), s)
	}
	objs := []string{catalog, "<</Type/Pages/Count " + count + "/Kids[3 0 R 4 0 R 2 0 R]>>", page(2, 6),
		"<</Type/Pages/Parent 2 0 R/Count 1/Kids[5 0 R]>>", page(4, 7), stream("first leaf"), stream("second leaf")}
	var b strings.Builder
	b.WriteString("%PDF-1.4\n")
	for i, o := range objs {
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	b.WriteString("trailer<</Size 8/Root 1 0 R>>\n%%EOF\n")
	return save(t, []byte(b.String()))
}

func TestPageTreeWithAWrongCount(t *testing.T) {
	const catalog = "<</Type/Catalog/Pages 2 0 R>>"
	for name, c := range map[string][2]string{
		"none counted": {catalog, "0"}, "negative": {catalog, "-7"}, "too few": {catalog, "1"}, "too many": {catalog, "2000000000"},
		"no number": {catalog, "(x)"}, "tree lost": {"<</Type/Catalog>>", "2"},
	} {
		s, err := Open(damagedTree(t, c[0], c[1]), doc.Limits{MaxPages: 100, MaxPixels: 1 << 20}, nil, nil)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		got := formattest.Texts(t, s)
		s.Close()
		if strings.Join(got, "|") != "first leaf|second leaf" {
			t.Errorf("%s: %q", name, got)
		}
	}
}
