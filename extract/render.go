package extract

import (
	"slices"
	"strings"
)

// RenderText joins the pages of a document, parted by an empty line, for people and files.
func RenderText(_ Document, pages []Page) string {
	sorted := slices.Clone(pages)
	slices.SortStableFunc(sorted, func(a, b Page) int { return a.Number - b.Number })
	texts := make([]string, len(sorted))
	for i, p := range sorted {
		texts[i] = p.Text
	}
	return joinPages(texts)
}

// RenderMarkdown joins the pages, in the order of their numbers, as Markdown gives them.
func RenderMarkdown(pages []Page) string { return joinPages(Markdown(pages)) }

func joinPages(texts []string) string {
	var b strings.Builder
	for _, t := range texts {
		t = strings.TrimSpace(t)
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
