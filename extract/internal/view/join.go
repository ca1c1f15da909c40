package view

import (
	"io"
	"slices"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
)

// Text joins the pages of a document, in the order of their numbers, parted by an empty line.
func Text(pages []doc.Page) string {
	sorted := slices.Clone(pages)
	slices.SortStableFunc(sorted, func(a, b doc.Page) int { return a.Number - b.Number })
	var b strings.Builder
	j := Joiner{W: &b}
	for _, p := range sorted {
		_ = j.Add(p.Text)
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
