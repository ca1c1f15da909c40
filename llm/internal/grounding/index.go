// Package grounding looks up in a document what a summary says about it: quotations, figures, dates and names. It knows no model and
// decides nothing about a summary; it says what was found, and where.
package grounding

import (
	"sort"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/prose"
)

// Index is a document prepared for looking up. It is safe for concurrent use.
type Index struct {
	*words
	pages   map[int]*page
	numbers []int // of pages that hold text, in order

	language string // BCP 47, "" where it is not known

	mu     sync.Mutex
	facts  map[int]facts   // of pages that were asked for: reading them takes longer than all else
	known  map[string]bool // names that were asked for
	all    func() facts    // of the whole document
	firsts func() string   // letters of all words: see joined
}

// page is one page of the document.
type page struct {
	text string
	runs []span // its words
}

// New prepares pages in a language (BCP 47, or "").
func New(pages []prose.Page, language string) *Index {
	x := &Index{words: wordsOf(pages), language: language, facts: map[int]facts{}, known: map[string]bool{}, pages: map[int]*page{}}
	for _, p := range pages {
		if before := x.pages[p.Number]; before != nil {
			before.text += "\n" + p.Text
		} else {
			x.pages[p.Number] = &page{text: p.Text} // not a copy of it
		}
		x.numbers = append(x.numbers, p.Number)
	}
	for _, r := range x.runs {
		x.pages[r.page].runs = append(x.pages[r.page].runs, r.span)
	}
	x.all, x.firsts = sync.OnceValue(x.allFacts), sync.OnceValue(x.initials)
	return x
}

// HasPage says whether the document has text on page n.
func (x *Index) HasPage(n int) bool { return x.pages[n] != nil }

// factsOn are the facts of a page, which may be none of the document.
func (x *Index) factsOn(number int) facts {
	x.mu.Lock()
	defer x.mu.Unlock()
	f, ok := x.facts[number]
	if p := x.pages[number]; !ok && p != nil {
		f = factsNearDigits(norm.NFKC.String(p.text))
		for _, r := range p.runs {
			f.figures = append(f.figures, x.spelled(r)...)
		}
		f = f.distinct()
		x.facts[number] = f
	}
	return f
}

// spelled are the figures that are written in letters: a document's "three" answers for a claim's 3.
func (x *Index) spelled(r span) (out []figure) {
	for _, id := range x.ids[r.from:r.to] {
		if v, ok := x.letters[id]; ok {
			out = append(out, figure{value: v, unit: 1})
		}
	}
	return out
}

// allFacts are those of the whole document.
func (x *Index) allFacts() (all facts) {
	for n := range x.pages {
		f := x.factsOn(n)
		all.figures, all.dates = append(all.figures, f.figures...), append(all.dates, f.dates...)
	}
	return all.distinct()
}

// Pages is how many pages hold text.
func (x *Index) Pages() int { return len(x.numbers) }

// Knows says whether the document holds the words of an entity, its dates and figures in whatever form.
func (x *Index) Knows(entity string) bool {
	words := prose.Fold(entity)
	if len(words) == 0 || len(x.missing(x.read(entity, ""), nil)) > 0 {
		return false
	}
	for _, w := range words {
		if !hasDigit(w) && months[w] == 0 && scales[w] == 0 && utf8.RuneCountInString(w) > 3 && !x.knows(w) {
			return false
		}
	}
	return true
}

const (
	slack       = 3  // words that a passage may be shifted by within the document
	maxTried    = 24 // places where a quotation is looked for closely
	shortQuote  = 3  // words: a quotation of fewer must be there exactly
	looseLetter = 7  // one letter in so many may differ: recognition errors
)

// find looks for a quotation: exactly or with the letters that recognition confuses, never with another figure or name. Of several places
// the first on one of the named pages is taken, else the first.
func (x *Index) find(quote, language string, named []int) (span, bool) {
	var whole span
	for i, part := range parts(quote) {
		q := prose.Fold(part)
		if len(q) == 0 {
			continue
		}
		s, ok := x.findPart(q, names(part, language), named)
		if !ok {
			return span{}, false
		}
		if i == 0 || whole == (span{}) {
			whole = s
		}
	}
	return whole, whole != span{}
}

// parts are the pieces of a quotation that leaves words out.
func parts(quote string) []string {
	return strings.Split(strings.NewReplacer("[…]", "…", "[...]", "…", "(...)", "…", "...", "…").Replace(quote), "…")
}

func (x *Index) findPart(q []string, proper map[string]string, named []int) (span, bool) {
	var hits []span
	for _, start := range x.starts(q) {
		s := span{max(0, start-slack), min(len(x.ids), start+len(q)+slack)}
		if at := x.exactly(q, s); at >= 0 {
			hits = append(hits, span{at, at + len(q)})
		} else if len(q) >= shortQuote && x.nearly(q, proper, s) {
			hits = append(hits, span{max(0, start), min(len(x.ids), start+len(q))})
		}
		if len(hits) > 0 && (len(named) == 0 || onPage(x.pagesOf(hits[len(hits)-1]), named)) {
			return hits[len(hits)-1], true
		}
	}
	if len(hits) == 0 {
		return span{}, false
	}
	return hits[0], true
}

// starts are the places where the most words of q stand in their order, best first.
func (x *Index) starts(q []string) []int {
	votes := map[int]int{}
	for k, w := range q {
		at := x.places(w)
		if len(at) > 400 { // a word that is everywhere names no place
			continue
		}
		for _, i := range at {
			votes[int(i)-k]++
		}
	}
	if len(votes) == 0 { // nothing but common words
		for k, w := range q {
			for _, i := range x.places(w) {
				votes[int(i)-k]++
			}
		}
	}
	out := make([]int, 0, len(votes))
	for s := range votes {
		out = append(out, s)
	}
	sort.Slice(out, func(a, b int) bool {
		if votes[out[a]] != votes[out[b]] {
			return votes[out[a]] > votes[out[b]]
		}
		return out[a] < out[b]
	})
	return out[:min(len(out), maxTried)]
}

// exactly is where q stands within s, or -1.
func (x *Index) exactly(q []string, s span) int {
	for at := s.from; at+len(q) <= s.to; at++ {
		if x.standsAt(q, at) {
			return at
		}
	}
	return -1
}

func (x *Index) standsAt(q []string, at int) bool {
	for i, w := range q {
		if x.vocabulary[x.ids[at+i]] != w {
			return false
		}
	}
	return true
}

// nearly says whether q stands within s but for letters that recognition confuses and for spaces. Figures and names must be there.
func (x *Index) nearly(q []string, proper map[string]string, s span) bool {
	text := []rune(x.joinedWords(s))
	quote := []rune(strings.Join(q, ""))
	if distanceWithin(quote, text) > len(quote)/looseLetter+1 {
		return false
	}
	missing := 0
	for _, w := range q {
		n := utf8.RuneCountInString(w)
		allowed := n / 4
		if hasDigit(w) {
			allowed = 0
		} else if n <= 3 {
			continue
		}
		if distanceWithin([]rune(w), text) <= allowed {
			continue
		}
		if hasDigit(w) || proper[w] != "" {
			return false
		}
		missing++
	}
	return missing*8 <= len(q)
}

// distanceWithin is the least number of edits that make needle a part of text.
func distanceWithin(needle, text []rune) int {
	prev := make([]int, len(text)+1)
	cur := make([]int, len(text)+1)
	for i, n := range needle {
		cur[0] = i + 1
		for j, t := range text {
			cost := 1
			if n == t {
				cost = 0
			}
			cur[j+1] = min(prev[j]+cost, prev[j+1]+1, cur[j]+1)
		}
		prev, cur = cur, prev
	}
	best := len(needle)
	for _, d := range prev {
		best = min(best, d)
	}
	return best
}

func (x *Index) pagesOf(s span) []int {
	if s.from >= len(x.ids) || s.to <= s.from {
		return nil
	}
	first, last := x.pageAt(s.from), x.pageAt(s.to-1)
	if first == last {
		return []int{first}
	}
	return []int{first, last}
}

func onPage(pages, named []int) bool {
	for _, p := range pages {
		for _, n := range named {
			if p == n {
				return true
			}
		}
	}
	return false
}

func hasDigit(w string) bool { return strings.IndexFunc(w, unicode.IsDigit) >= 0 }
