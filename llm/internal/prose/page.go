// Package prose knows running text: words, sentences, headings, languages, and the few words that a summary itself adds. It knows no
// model, no chunk and no summary.
package prose

import "strings"

// Page is the text of one page; Number starts at 1.
type Page struct {
	Number int
	Text   string
}

// CountPages is the number of words on all pages.
func CountPages(pages []Page) int {
	n := 0
	for _, p := range pages {
		n += CountWords(p.Text)
	}
	return n
}

// Language is the language of the pages' text; the hint (BCP 47) is used where the text does not tell.
func Language(pages []Page, hint string) string {
	var b strings.Builder
	step := 1 + len(pages)/24
	for i := 0; i < len(pages); i += step {
		t := pages[i].Text
		if len(t) > 6000 {
			t = strings.ToValidUTF8(t[:6000], "")
		}
		b.WriteString(t)
		b.WriteByte('\n')
	}
	if l := DetectLanguage(b.String()); l != "" {
		return l
	}
	return hint
}
