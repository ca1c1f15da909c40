package extract

import "github.com/aidoc-pipeline/aidoc-agent/extract/internal/view"

type (
	// Margins remembers of a document's pages what stands in their margins, a few short lines each: with it pages that come one
	// after another are written as Markdown without holding them all.
	Margins = view.Margins
	// Joiner writes the texts of pages to W as they come, parted by an empty line.
	Joiner = view.Joiner
)

// Markdown gives the text of each page, in the order of pages, as a model should read it: tables and
// headings that were found by their looks in Markdown, lines that repeat in the margins of most
// pages left out, words cut at a page's end put together. Page borders stay, for citations.
func Markdown(pages []Page) []string { return view.Markdown(pages) }

// RenderText joins the pages of a document, in the order of their numbers, parted by an empty line, for people and files.
func RenderText(pages []Page) string { return view.Text(pages) }
