package extract

import (
	"io"
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
	j := Joiner{W: &b}
	for _, t := range texts {
		_ = j.Add(t)
	}
	_ = j.End()
	return b.String()
}

// Joiner writes the texts of pages to W as they come, parted by an empty line.
type Joiner struct {
	W     io.Writer
	begun bool
}

// Add writes the text of the next page.
func (j *Joiner) Add(text string) error {
	text = strings.TrimSpace(text)
	if text == "" {
		return nil
	}
	if j.begun {
		text = "\n\n" + text
	}
	j.begun = true
	_, err := io.WriteString(j.W, text)
	return err
}

// End ends the last line.
func (j *Joiner) End() error {
	if !j.begun {
		return nil
	}
	_, err := io.WriteString(j.W, "\n")
	return err
}
