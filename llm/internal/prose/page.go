// Package prose knows running text: words, sentences, headings, languages, and the few words that a summary itself adds. It knows no
// model, no chunk and no summary.
package prose

// Page is the text of one page; Number starts at 1.
type Page struct {
	Number int
	Text   string
	// Confidence of the recognition, from above 0 to 1, where the page was recognised; 0 where its text was in the file.
	Confidence float64
}

// CountPages is the number of words on all pages.
func CountPages(pages []Page) int {
	n := 0
	for _, p := range pages {
		n += CountWords(p.Text)
	}
	return n
}
