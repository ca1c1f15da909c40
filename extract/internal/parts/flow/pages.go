// Package flow is what documents without pages of their own are put together from: pages cut out of running text, grids of cells,
// pictures in their places, embedded files.
package flow

import (
	"iter"
	"strings"
	"unicode/utf8"
)

// pageChars is where a text without pages of its own is cut, at the next paragraph border: about
// a printed page, so that progress, resumption and citations have something to hold on to.
const pageChars = 3000

// PageMark stands for a page border inside collected text; XML cannot contain it.
const PageMark = "\x00"

// Pager collects paragraphs and cuts them into pages.
type Pager struct {
	Pages []string
	Cur   strings.Builder
	Hard  bool // the file names its page borders

	inList bool // the paragraph before was an item of a list
}

// Add appends a paragraph or a table, parted by sep from what stands before. Without page borders of its own a full page ends first,
// unless sep is one line end.
func (p *Pager) Add(text, sep string) {
	if strings.TrimSpace(text) == "" {
		return
	}
	if !p.Hard && p.Cur.Len() > pageChars && sep != "\n" || p.Cur.Len() > 20*pageChars {
		p.Cut()
	}
	if p.Cur.Len() > 0 {
		p.Cur.WriteString(sep)
	}
	p.Cur.WriteString(text)
}

// Paragraph adds a paragraph that page borders cut into pieces; prefix is its heading mark or list number. Items of a list that
// follow each other stand on lines of their own without an empty one between.
func (p *Pager) Paragraph(prefix string, pieces []string, list bool) {
	for i, s := range pieces {
		if i > 0 {
			p.Cut()
		}
		if s == "" {
			continue
		}
		sep := "\n\n"
		if list && p.inList {
			sep = "\n"
		}
		p.Add(prefix+s, sep)
		p.inList, prefix = list, "" // a paragraph that begins with a page border has its words in the second piece
	}
}

// Table adds a table.
func (p *Pager) Table(t Table) {
	p.Add(t.Text(), "\n\n")
	p.inList = false
}

// Cut ends the page; an empty one is dropped.
func (p *Pager) Cut() {
	if s := strings.TrimRight(p.Cur.String(), " \n\t"); strings.TrimSpace(s) != "" {
		if p.Cur.Cap() > len(s)*5/4 {
			s = strings.Clone(s) // what grew by doubling holds twice the page
		}
		p.Pages = append(p.Pages, s)
	}
	p.Cur.Reset()
}

// Done ends the last page and returns all.
func (p *Pager) Done() []string {
	p.Cut()
	return p.Pages
}

// Paginate cuts running text at form feeds, else at paragraph borders after about a page.
func Paginate(text string) []string {
	var p Pager
	if strings.Contains(strings.Trim(text, "\f\n "), "\f") {
		p.Hard = true
		for s := range strings.SplitSeq(text, "\f") {
			p.Add(s, "\n\n")
			p.Cut()
		}
		return p.Done()
	}
	if utf8.RuneCountInString(text) <= pageChars*4/3 {
		p.Add(text, "")
		return p.Done()
	}
	for s := range paragraphs(text) {
		p.Add(s, "\n\n")
	}
	return p.Done()
}

// paragraphs cuts at empty lines, and overlong pieces at lines, then at spaces. They are given one by one: of a text that is nothing but
// line ends a list of them is several times as large.
func paragraphs(text string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for s := range strings.SplitSeq(text, "\n\n") {
			for len(s) > 2*pageChars {
				i := strings.LastIndexByte(s[:2*pageChars], '\n')
				if i < pageChars/2 {
					i = strings.LastIndexByte(s[:2*pageChars], ' ')
				}
				if i < pageChars/2 {
					for i = 2 * pageChars; i > 0 && !utf8.RuneStart(s[i]); i-- {
					}
				}
				if !yield(s[:i]) {
					return
				}
				s = strings.TrimLeft(s[i:], " \n")
			}
			if !yield(strings.Trim(s, "\n")) {
				return
			}
		}
	}
}
