package pdf

import (
	"bytes"
	"strings"
	"testing"
)

func TestTrailersThatAreLost(t *testing.T) {
	filler := strings.Repeat("9 0 obj<</A 1>>endobj\n", 100_000)
	for name, c := range map[string]struct{ file, want string }{
		"nothing is said":     {"1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n" + filler, "1 0 R/Info <</Lost true>>"},
		"behind the first MB": {filler + "71 2 obj\n<< /Pages 2 0 R /Type /Catalog>>endobj\n72 0 obj<</Producer(p)>>endobj\n" + filler, "71 2 R/Info 72 0 R"},
		"over a border":       {strings.Repeat(" ", 1<<20+4<<10-30) + "71 2 obj\n<< /Pages 2 0 R /Type /Catalog>>endobj\n" + filler, "71 2 R/Info <</Lost true>>"},
		"there is a trailer":  {"1 0 obj<</Type/Catalog>>endobj\n" + filler + "trailer<</Root 1 0 R>>", ""},
		"no catalogue":        {filler, ""},
	} {
		if got := lostTrailer(strings.NewReader(c.file)); c.want == "" && got != "" || !strings.Contains(got, c.want) {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// A file is opened so where it is large and has no table; it says the same as before, and its properties are found.
func TestALargeFileWithoutATable(t *testing.T) {
	whole := build("/Title(of it)/Producer(p)", show(50, 50, 12, "what is left"))
	lost := whole[:bytes.LastIndex(whole, []byte("xref\n0 "))]
	large := append(bytes.Clone(lost), strings.Repeat("90 0 obj<</A 1>>endobj\n", lostBytes/23+1)...)
	for name, c := range map[string]struct {
		file []byte
		lost bool
	}{"large": {large, true}, "small": {lost, false}, "with its table": {whole, false}} {
		path := save(t, c.file)
		d := openLost(path)
		if (d != nil) != c.lost {
			t.Errorf("%s: taken for lost: %t", name, d != nil)
		}
		if d != nil {
			d.Close()
		}
		src, err := Open(path, limits, nil, nil)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if p, err := src.Page(0); err != nil || p.Text != "what is left" || src.Info().Title != "of it" {
			t.Errorf("%s: %q of %q, %v", name, p.Text, src.Info().Title, err)
		}
		src.Close()
	}
}
