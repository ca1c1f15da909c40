package grounding

import (
	"slices"
	"sort"
	"strings"
	"unicode/utf8"

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
		if len(x.at[w]) > 0 {
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
	if missing := x.missing(c.Text, c.Language, append(pages, c.Pages...)); len(missing) > 0 {
		return Finding{Status: Missing, Missing: missing}
	}
	around := span{max(0, s.from-aroundQuote), min(len(x.words), s.to+aroundQuote)}
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
	for _, n := range x.numbers {
		s := x.bestShare(c.Text, n)
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
	missing := x.missing(c.Text, c.Language, where)
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
	if total, _ := x.Facts(c.Text, c.Language); total == 0 {
		return Finding{Status: Unchecked}
	}
	if len(c.Pages) > 0 && len(x.missing(c.Text, c.Language, c.Pages)) == 0 {
		return Finding{Status: Found, Pages: c.Pages}
	}
	for _, n := range x.numbers {
		if len(x.missing(c.Text, c.Language, []int{n})) == 0 {
			if len(c.Pages) == 0 {
				return Finding{Status: Found, Pages: []int{n}}
			}
			return Finding{Status: Moved, Pages: []int{n}}
		}
	}
	return Finding{Status: Missing, Missing: x.missing(c.Text, c.Language, nil)}
}

// Facts are the figures, dates and names of a text, each looked up in the whole document: how many there are, and which are not there.
func (x *Index) Facts(text, language string) (total int, missing []string) {
	f := factsOf(text)
	total = len(f.dates) + len(names(text, language))
	for _, g := range f.figures {
		if !g.word {
			total++
		}
	}
	return total, x.missing(text, language, nil)
}

// missing are the figures and dates of text that none of pages (of the document where there are none) and none of their neighbours holds,
// and the names that the document holds nowhere.
func (x *Index) missing(text, language string, pages []int) []string {
	var out []string
	f := factsOf(text)
	var have facts
	if len(f.dates)+len(f.figures) > 0 {
		have = x.near(pages)
	}
	for _, d := range f.dates {
		if !have.holdsDate(d) {
			out = append(out, d.text)
		}
	}
	for _, g := range f.figures {
		if !g.word && !have.holds(g) {
			out = append(out, g.text)
		}
	}
	var unknown []string
	for folded, written := range names(text, language) {
		if !x.knows(folded) && !slices.Contains(unknown, written) {
			unknown = append(unknown, written)
		}
	}
	sort.Slice(unknown, func(a, b int) bool { return strings.Index(text, unknown[a]) < strings.Index(text, unknown[b]) })
	return append(out, unknown...)
}

// near are the facts of pages and their neighbours, of the document where there are none.
func (x *Index) near(pages []int) facts {
	if len(pages) == 0 {
		return x.allFacts()
	}
	seen := map[int]bool{}
	var have facts
	for _, p := range pages {
		for _, n := range []int{p - 1, p, p + 1} {
			if !seen[n] {
				seen[n] = true
				f := x.factsOn(n)
				have.figures, have.dates = append(have.figures, f.figures...), append(have.dates, f.dates...)
			}
		}
	}
	return have
}

// knows says whether the document holds a name, inflected or with a letter that recognition got wrong.
func (x *Index) knows(name string) bool {
	if len(x.at[name]) > 0 || len(x.at[strings.TrimSuffix(name, "s")]) > 0 || x.joined(name) {
		return true
	}
	n := utf8.RuneCountInString(name)
	if n < 5 {
		return false
	}
	r := []rune(name)
	for w := range x.at {
		m := utf8.RuneCountInString(w)
		if m < n-2 || m > n+4 {
			continue
		}
		if strings.HasPrefix(w, string(r[:n-1])) || distanceWithin(r, []rune(w)) <= n/6 {
			return true
		}
	}
	return false
}

// joined says whether a name is two words of the document in one ("BaumWelch"), or the initials of three and more ("SMT").
func (x *Index) joined(name string) bool {
	for i := 3; i+3 <= len(name); i++ {
		for _, at := range x.at[name[:i]] {
			if int(at)+1 < len(x.words) && x.words[at+1] == name[i:] {
				return true
			}
		}
	}
	n := utf8.RuneCountInString(name)
	return n >= 3 && n <= 6 && strings.Contains(x.initials(), name)
}

// initials are the first letters of all words.
func (x *Index) initials() string {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.firsts == "" {
		var b strings.Builder
		for _, w := range x.words {
			r, _ := utf8.DecodeRuneInString(w)
			b.WriteRune(r)
		}
		x.firsts = b.String()
	}
	return x.firsts
}

// share is how much of what text speaks of is spoken of in a run of the document, 0 to 1. A text that says nothing much is 1.
func (x *Index) share(text string, s span) float64 {
	words := content(text)
	if len(words) < 3 {
		return 1
	}
	here := map[string]bool{}
	for _, w := range x.words[s.from:s.to] {
		here[stem(w)] = true
	}
	n := 0
	for w := range words {
		if here[w] {
			n++
		}
	}
	return float64(n) / float64(len(words))
}

// bestShare is the largest share of any run of a page.
func (x *Index) bestShare(text string, page int) float64 {
	from := sort.Search(len(x.pageAt), func(i int) bool { return int(x.pageAt[i]) >= page })
	if from == len(x.pageAt) || int(x.pageAt[from]) != page { // pages out of order
		from = 0
		for from < len(x.pageAt) && int(x.pageAt[from]) != page {
			from++
		}
	}
	to := from
	for to < len(x.pageAt) && int(x.pageAt[to]) == page {
		to++
	}
	const window = aroundQuote
	best := 0.0
	for at := from; at < to; at += window / 2 {
		best = max(best, x.share(text, span{at, min(to, at+window)}))
	}
	return best
}

// content are the stems of the words that carry a text's sense.
func content(text string) map[string]bool {
	out := map[string]bool{}
	for _, w := range prose.Fold(text) {
		n := utf8.RuneCountInString(w)
		if first, _ := utf8.DecodeRuneInString(w); prose.IsCJK(first) || n >= 4 && !common[w] {
			out[stem(w)] = true
		}
	}
	return out
}

// common are words of four letters and more that every English text holds; the words of other languages are few enough in a claim.
var common = prose.SetOf(`that this with from have been were will would could should they their there which when what where while than then them these those
into onto over under after before between about also only each such some most more many much other because during through without within must being does made make
document says states report describes explains shows gives according`)
