package grounding

import (
	"slices"
	"sort"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/prose"
)

// Claim is one statement of a summary.
type Claim struct {
	Text  string
	Quote string // the words of the document that it rests on; "" where none are given
	Pages []int  // that it names
	// Language of the text (BCP 47, or ""). Where it is another one than the document's, only figures, dates and names can be compared.
	Language string
}

// Status is what became of a claim.
type Status int

// What looking up may end in.
const (
	Found     Status = iota // on a page that the claim names, or that it names none
	Moved                   // on another page
	Missing                 // not in the document
	Unchecked               // there is nothing in it that could be looked up
)

// Finding is the outcome for one claim.
type Finding struct {
	Status  Status
	Pages   []int    // where it was found
	Missing []string // what of it the document does not hold, in its own words
}

// alien says whether a claim is in another language than the document. Where one of them is not known, a text of whose words, small ones
// included, hardly any stands in the document is.
func (x *Index) alien(c Claim) bool {
	if c.Language != "" && x.language != "" {
		return primary(c.Language) != primary(x.language)
	}
	words := prose.Fold(c.Text)
	known := 0
	for _, w := range words {
		if len(x.places(w)) > 0 {
			known++
		}
	}
	return known*4 < len(words)
}

func primary(tag string) string {
	base, _, _ := strings.Cut(strings.ToLower(strings.ReplaceAll(tag, "_", "-")), "-")
	return base
}

// Shares of a claim's words that must be near what it rests on.
const (
	nearQuote   = 0.2  // beside a quotation that was found
	withoutHint = 0.34 // where there is no quotation
	elsewhere   = 0.6
	muchBetter  = 0.3
	aroundQuote = 70 // words to each side
)

// Check looks a claim up.
func (x *Index) Check(c Claim) Finding {
	if len(prose.Fold(c.Quote)) >= 2 {
		return x.checkQuoted(c)
	}
	return x.checkWords(c)
}

// checkQuoted: the quotation is there, what the claim says in figures and names is on the same pages, and the words around speak of the
// same things.
func (x *Index) checkQuoted(c Claim) Finding {
	s, ok := x.find(c.Quote, x.language, c.Pages)
	if !ok {
		return Finding{Status: Missing, Missing: []string{c.Quote}}
	}
	pages := x.pagesOf(s)
	if missing := x.missing(x.read(c.Text, c.Language), append(pages, c.Pages...)); len(missing) > 0 {
		return Finding{Status: Missing, Missing: missing}
	}
	around := span{max(0, s.from-aroundQuote), min(len(x.ids), s.to+aroundQuote)}
	if !x.alien(c) && x.share(c.Text, around) < nearQuote {
		return Finding{Status: Missing}
	}
	if len(c.Pages) > 0 && !onPage(pages, c.Pages) {
		return Finding{Status: Moved, Pages: pages[:1]}
	}
	return Finding{Status: Found, Pages: pages[:1]}
}

// checkWords looks for the place of which a claim without quotation speaks: the page that it names, unless another one fits much better.
func (x *Index) checkWords(c Claim) Finding {
	if x.alien(c) {
		return x.checkFacts(c)
	}
	var named, best int
	var shareNamed, share float64
	for i, s := range x.bestShares(c.Text) {
		n := x.runs[i].page
		if s > share {
			best, share = n, s
		}
		if s > shareNamed && onPage([]int{n}, c.Pages) {
			named, shareNamed = n, s
		}
	}
	here := len(c.Pages) == 0 || shareNamed >= withoutHint && share-shareNamed < muchBetter
	if here && named > 0 {
		best, share = named, shareNamed
	}
	var where []int // a claim that names no page may speak of several
	if len(c.Pages) > 0 {
		where = append([]int{best}, c.Pages...)
	}
	missing := x.missing(x.read(c.Text, c.Language), where)
	switch {
	case len(missing) > 0:
		return Finding{Status: Missing, Missing: missing}
	case here && share >= withoutHint:
		return Finding{Status: Found, Pages: []int{best}}
	case share >= elsewhere:
		return Finding{Status: Moved, Pages: []int{best}}
	case len(content(c.Text)) < 3:
		return Finding{Status: Unchecked}
	}
	return Finding{Status: Missing}
}

// checkFacts is for a claim in another language.
func (x *Index) checkFacts(c Claim) Finding {
	t := x.read(c.Text, c.Language)
	if t.total() == 0 {
		return Finding{Status: Unchecked}
	}
	if len(c.Pages) > 0 && len(x.missing(t, c.Pages)) == 0 {
		return Finding{Status: Found, Pages: c.Pages}
	}
	for _, n := range x.numbers {
		if len(t.unknown) > 0 { // on no page
			break
		}
		if len(x.missing(t, []int{n})) == 0 {
			if len(c.Pages) == 0 {
				return Finding{Status: Found, Pages: []int{n}}
			}
			return Finding{Status: Moved, Pages: []int{n}}
		}
	}
	return Finding{Status: Missing, Missing: x.missing(t, nil)}
}

// Facts are the figures, dates and names of a text, each looked up in the whole document: how many there are, and which are not there.
func (x *Index) Facts(text, language string) (total int, missing []string) {
	t := x.read(text, language)
	return t.total(), x.missing(t, nil)
}

// told is what a text says that can be looked up literally.
type told struct {
	facts
	names   int
	unknown []string // names that the document holds nowhere, in their order
}

func (t told) total() int { return len(t.dates) + len(t.figures) + t.names }

func (x *Index) read(text, language string) told {
	proper := names(text, language)
	t := told{facts: factsOf(norm.NFKC.String(text)), names: len(proper)}
	for folded, written := range proper {
		if !x.knows(folded) && !slices.Contains(t.unknown, written) {
			t.unknown = append(t.unknown, written)
		}
	}
	sort.Slice(t.unknown, func(a, b int) bool { return strings.Index(text, t.unknown[a]) < strings.Index(text, t.unknown[b]) })
	return t
}

// missing are the figures and dates of t that none of pages (of the document where there are none) and none of their neighbours holds,
// and the names that the document holds nowhere.
func (x *Index) missing(t told, pages []int) []string {
	var out []string
	var near []facts
	if len(t.dates)+len(t.figures) > 0 {
		near = x.near(pages)
	}
	for _, d := range t.dates {
		if !slices.ContainsFunc(near, func(f facts) bool { return f.holdsDate(d) }) {
			out = append(out, d.text)
		}
	}
	for _, g := range t.figures {
		if !slices.ContainsFunc(near, func(f facts) bool { return f.holds(g) }) {
			out = append(out, g.text)
		}
	}
	return append(out, t.unknown...)
}

// near are the facts of pages and their neighbours, of the document where there are none.
func (x *Index) near(pages []int) []facts {
	if len(pages) == 0 {
		return []facts{x.all()}
	}
	seen := map[int]bool{}
	var have []facts
	for _, p := range pages {
		for _, n := range []int{p - 1, p, p + 1} {
			if !seen[n] {
				seen[n] = true
				have = append(have, x.factsOn(n))
			}
		}
	}
	return have
}

// knows says whether the document holds a name, inflected or with a letter that recognition got wrong.
func (x *Index) knows(name string) bool {
	x.mu.Lock()
	known, ok := x.known[name]
	x.mu.Unlock()
	if !ok {
		known = len(x.places(name)) > 0 || len(x.places(strings.TrimSuffix(name, "s"))) > 0 || x.joined(name) || x.resembles(name)
		x.mu.Lock()
		x.known[name] = known
		x.mu.Unlock()
	}
	return known
}

// resembles says whether a word of the document begins like a name of five letters and more, or holds it but for a letter in six.
func (x *Index) resembles(name string) bool {
	r := []rune(name)
	n := len(r)
	if n < 5 {
		return false
	}
	edits := n / 6
	var pieces []string // of a name with so many edits at least one is whole
	for i := range edits + 1 {
		pieces = append(pieces, string(r[i*n/(edits+1):(i+1)*n/(edits+1)]))
	}
	for _, w := range x.vocabulary {
		if !slices.ContainsFunc(pieces, func(p string) bool { return strings.Contains(w, p) }) && !strings.HasPrefix(w, string(r[:n-1])) {
			continue
		}
		m := utf8.RuneCountInString(w)
		if m >= n-2 && m <= n+4 && (strings.HasPrefix(w, string(r[:n-1])) || distanceWithin(r, []rune(w)) <= edits) {
			return true
		}
	}
	return false
}

// joined says whether a name is two words of the document in one ("BaumWelch"), or the initials of three and more ("SMT").
func (x *Index) joined(name string) bool {
	for i := 3; i+3 <= len(name); i++ {
		for _, at := range x.places(name[:i]) {
			if int(at)+1 < len(x.ids) && x.vocabulary[x.ids[at+1]] == name[i:] {
				return true
			}
		}
	}
	n := utf8.RuneCountInString(name)
	return n >= 3 && n <= 6 && strings.Contains(x.firsts(), name)
}

// initials are the first letters of all words.
func (x *Index) initials() string {
	var b strings.Builder
	for _, id := range x.ids {
		r, _ := utf8.DecodeRuneInString(x.vocabulary[id])
		b.WriteRune(r)
	}
	return b.String()
}
