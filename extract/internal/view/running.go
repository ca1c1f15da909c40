package view

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
	"github.com/aidoc-pipeline/aidoc-agent/internal/pattern"
)

const (
	// runningPages is the least number of pages of a document that can have running headers.
	runningPages = 4
	// runningTimes is how often a line must repeat at least.
	runningTimes = 3
	// runningNeighbours is how many pages on each side the running header of a chapter is looked for.
	runningNeighbours = 4
	// anywhere is the place of a line that is the outermost of its page, wherever that ends.
	anywhere = -1
	// samePlace is how far apart, in per mille of the page's height, lines stand at the same place.
	samePlace = 6
)

// edge is a line in a page's margin.
type edge struct {
	page, line, y int
	shape         string
	outermost     bool
}

// Margins remembers of a document's pages what stands in their margins, a few short lines each: enough to know
// which of them are running headers without holding the pages.
type Margins struct {
	pages            int
	headers, footers [][]edge // by page, the outermost first
}

// Add takes the next page; pages come in order.
func (m *Margins) Add(p doc.Page) {
	lines, headings := []string(nil), map[int]doc.Mark(nil)
	if len(p.Marks) > 0 {
		lines, headings = strings.Split(p.Text, "\n"), blocks(p)
	}
	m.headers = append(m.headers, edgesOf(p, doc.MarkHeader, m.pages, lines, headings))
	m.footers = append(m.footers, edgesOf(p, doc.MarkFooter, m.pages, lines, headings))
	m.pages++
}

// running finds, by page, the lines that are running headers, running footers or page numbers: the
// same words, with other numbers at most, at the same place in the margin of many pages. Only lines
// between the page's edge and the first line that does not repeat are taken.
func (m *Margins) running() []map[int]bool {
	out := make([]map[int]bool, m.pages)
	if m.pages < runningPages {
		return out
	}
	for _, edges := range [][][]edge{m.headers, m.footers} {
		all := repeats{pages: m.pages, seen: map[at][]int{}, slots: map[int]int{}}
		for _, page := range edges {
			for _, e := range page {
				all.note(e)
			}
		}
		for i, page := range edges {
			for _, e := range page {
				if !all.running(e) {
					break
				}
				if out[i] == nil {
					out[i] = map[int]bool{}
				}
				out[i][e.line] = true
			}
		}
	}
	return out
}

// edgesOf gives the marked lines of one margin of page i, the outermost first.
func edgesOf(p doc.Page, kind string, i int, lines []string, headings map[int]doc.Mark) []edge {
	var out []edge
	for _, m := range p.Marks {
		if m.Kind != kind {
			continue
		}
		text := lines[m.From]
		// "Question 7" in large type at the top of its page is a heading, though all pages have one.
		if headings[m.From].Kind != doc.MarkHeading {
			text = shapeOn(p, text)
		}
		out = append(out, edge{page: i, line: m.From, y: m.Y, shape: strings.Clone(text)}) // the page must not stay for its sake
	}
	slices.SortStableFunc(out, func(a, b edge) int {
		if kind == doc.MarkFooter {
			a, b = b, a
		}
		return cmp.Compare(a.y, b.y)
	})
	if len(out) > 0 {
		out[0].outermost = true
	}
	return out
}

// at is a shape of line and its place on the page.
type at struct {
	shape string
	place int
}

// repeats knows where in the margins of a document which lines stand.
type repeats struct {
	pages int
	seen  map[at][]int // pages in order
	slots map[int]int  // by place: how many lines stand there
}

func (r *repeats) note(e edge) {
	k := at{e.shape, e.y / samePlace}
	r.seen[k] = append(r.seen[k], e.page)
	if e.outermost {
		r.seen[at{e.shape, anywhere}] = append(r.seen[at{e.shape, anywhere}], e.page)
	}
	r.slots[k.place]++
}

// running says that e repeats on many pages; or on those around it while other pages have another
// line at its place, as the running headers of chapters do. A line that ends its page, wherever that
// is, must end most pages, or be a number that counts the pages around.
func (r *repeats) running(e edge) bool {
	if e.outermost {
		all, near := r.count(e, anywhere)
		if all >= max(runningTimes, (r.pages+1)/2) || near >= runningTimes && strings.HasPrefix(e.shape, pageShape) {
			return true
		}
	}
	all, near, filled := 0, 0, 0
	for place := e.y/samePlace - 1; place <= e.y/samePlace+1; place++ {
		a, n := r.count(e, place)
		all, near, filled = all+a, near+n, filled+r.slots[place]
	}
	return all >= max(runningTimes, r.pages*2/5) || near >= runningTimes && 2*filled >= r.pages
}

// count says on how many pages e's shape stands at place, and on how many of those around e.
func (r *repeats) count(e edge, place int) (all, near int) {
	on := r.seen[at{e.shape, place}]
	from, _ := slices.BinarySearch(on, e.page-runningNeighbours)
	to, _ := slices.BinarySearch(on, e.page+runningNeighbours+1)
	return len(on), to - from
}

// pageShape begins the shape of a page number.
const pageShape = "page "

// leastLetters is how many letters of a recognised line are enough to know it by.
const leastLetters = 5

// shapeOn is by what a line of the page's margin is known again on other pages. Of a recognised one only
// the letters count: a full stop reads as a comma on the next page, and the page number changes sides.
func shapeOn(p doc.Page, s string) string {
	if p.Method != doc.MethodOCR || p.Scan == (doc.Scan{}) { // of the latter only pictures were recognised
		return shape(s, p.Number)
	}
	letters := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
	if utf8.RuneCountInString(letters) < leastLetters {
		return shape(s, p.Number)
	}
	return letters
}

// shape is a line with its numbers hidden, so that "Page 3" and "Page 12" have one. A number alone
// must count the pages: its shape is how far it is from the page's own number.
func shape(s string, page int) string {
	if n, err := strconv.Atoi(strings.Trim(s, " -–—|()[]")); err == nil {
		return pageShape + strconv.Itoa(n-page)
	}
	s = strings.ToLower(s)
	if strings.Trim(s, "ivxlc") == "" {
		return "roman"
	}
	return digits.ReplaceAllString(s, "#")
}

var digits = pattern.Lazily(`\p{Nd}+`)
