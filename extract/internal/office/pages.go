// Package office reads the zip formats of word processors, spreadsheets and presentations into
// Markdown-like text, page by page.
package office

import (
	"strings"
	"unicode/utf8"
)

// pageChars is where a text without pages of its own is cut, at the next paragraph border: about
// a printed page, so that progress, resumption and citations have something to hold on to.
const pageChars = 3000

// pager collects paragraphs and cuts them into pages.
type pager struct {
	pages []string
	cur   strings.Builder
	hard  bool // the file names its page borders
}

// add appends a paragraph or a table, parted by sep from what stands before.
func (p *pager) add(text, sep string) {
	if strings.TrimSpace(text) == "" {
		return
	}
	if !p.hard && p.cur.Len() > pageChars && sep != "\n" || p.cur.Len() > 20*pageChars {
		p.cut()
	}
	if p.cur.Len() > 0 {
		p.cur.WriteString(sep)
	}
	p.cur.WriteString(text)
}

// cut ends the page; an empty one is dropped.
func (p *pager) cut() {
	if s := strings.TrimRight(p.cur.String(), " \n\t"); strings.TrimSpace(s) != "" {
		p.pages = append(p.pages, s)
	}
	p.cur.Reset()
}

func (p *pager) done() []string {
	p.cut()
	return p.pages
}

// Paginate cuts running text at form feeds, else at paragraph borders after about a page.
func Paginate(text string) []string {
	var p pager
	if strings.Contains(strings.Trim(text, "\f\n "), "\f") {
		p.hard = true
		for _, s := range strings.Split(text, "\f") {
			p.add(s, "\n\n")
			p.cut()
		}
		return p.done()
	}
	if utf8.RuneCountInString(text) <= pageChars*4/3 {
		p.add(text, "")
		return p.done()
	}
	for _, s := range splitParagraphs(text) {
		p.add(s, "\n\n")
	}
	return p.done()
}

// splitParagraphs cuts at empty lines, and overlong pieces at lines, then at spaces.
func splitParagraphs(text string) []string {
	var out []string
	for _, s := range strings.Split(text, "\n\n") {
		for len(s) > 2*pageChars {
			i := strings.LastIndexByte(s[:2*pageChars], '\n')
			if i < pageChars/2 {
				i = strings.LastIndexByte(s[:2*pageChars], ' ')
			}
			if i < pageChars/2 {
				for i = 2 * pageChars; i > 0 && !utf8.RuneStart(s[i]); i-- {
				}
			}
			out = append(out, s[:i])
			s = strings.TrimLeft(s[i:], " \n")
		}
		out = append(out, strings.Trim(s, "\n"))
	}
	return out
}
