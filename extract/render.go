package extract

import (
	"slices"
	"strings"
)

// RenderText joins the pages of a document, parted by an empty line, for people and files.
func RenderText(_ Document, pages []Page) string {
	sorted := slices.Clone(pages)
	slices.SortStableFunc(sorted, func(a, b Page) int { return a.Number - b.Number })
	var b strings.Builder
	for _, p := range sorted {
		t := strings.TrimSpace(p.Text)
		if t == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteString("\n\n")
		}
		b.WriteString(t)
	}
	if b.Len() > 0 {
		b.WriteByte('\n')
	}
	return b.String()
}
