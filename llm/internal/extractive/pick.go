package extractive

import (
	"cmp"
	"iter"
	"slices"
)

// sortedUnique yields the distinct terms of ids in ascending order, so that sums of floats come
// out the same in every run.
func sortedUnique(ids []int32) iter.Seq[int32] {
	return func(yield func(int32) bool) {
		c := slices.Clone(ids)
		slices.Sort(c)
		for i, id := range c {
			if i > 0 && c[i-1] == id {
				continue
			}
			if !yield(id) {
				return
			}
		}
	}
}

// maxCandidates bounds the sentences that selection compares with each other.
const maxCandidates = 400

// candidates are the best sentences, best first.
func (s *scored) candidates() []int {
	var c []int
	for i, v := range s.score {
		if v > 0 {
			c = append(c, i)
		}
	}
	slices.SortStableFunc(c, func(a, b int) int { return cmp.Compare(s.score[b], s.score[a]) })
	if len(c) > maxCandidates {
		c = c[:maxCandidates]
	}
	return c
}

// picker chooses sentences one by one: the best score, less what the chosen ones already say.
type picker struct {
	s       *scored
	chosen  []int
	seen    map[int32]float64
	words   int
	same    float64 // the overlap of terms from which two sentences say the same
	perPage int     // most sentences of one page and of one part of the document, 0 without a bound
	pages   map[int]int
	parts   map[int]int
}

func newPicker(s *scored) *picker { return &picker{s: s, seen: map[int32]float64{}, same: sameTerms} }

// redundancy is the share of t's weight that the chosen sentences already hold.
func (p *picker) redundancy(i int) float64 {
	had, all := 0.0, 0.0
	for id := range sortedUnique(p.s.sentences[i].terms) {
		w := p.s.weight[id] + 0.1
		all += w
		if p.seen[id] > 0 {
			had += w
		}
	}
	if all == 0 {
		return 1
	}
	return had / all
}

// repetition is how much a sentence loses that says what was said.
const repetition = 0.3

// alone is what is left of a sentence that needs the one before it, where that is not quoted.
const alone = 0.6

// sameTerms is the overlap of terms from which two sentences say the same.
const (
	sameTerms  = 0.5
	nearlySame = 0.85 // in a document that repeats itself: forms, reports by the month
)

// value is the score of i for the choice so far, 0 where it says what was said or its page has had its share.
func (p *picker) value(i int) float64 {
	r := p.redundancy(i)
	if len(p.chosen) > 0 && (r > 0.92 && p.same == sameTerms || p.repeats(i)) || p.full(i) {
		return 0
	}
	v := p.s.score[i] * (1 - repetition*r*r)
	if p.s.dangling[i] && (i == 0 || !slices.Contains(p.chosen, i-1)) {
		v *= alone
	}
	return v
}

// repeats says whether a chosen sentence says the same: most of the terms of the shorter one are in both.
func (p *picker) repeats(i int) bool {
	own := uniqueTerms(p.s.sentences[i].terms)
	for _, j := range p.chosen {
		other := uniqueTerms(p.s.sentences[j].terms)
		both := 0
		for id := range own {
			if other[id] {
				both++
			}
		}
		if both > 1 && float64(both) >= p.same*float64(len(own)+len(other)-both) || both == len(own) {
			return true
		}
	}
	return false
}

// spread bounds how many of the next n sentences come from one page and from one part of the document.
func (p *picker) spread(n int) {
	p.perPage = max(1, (n+1)/2)
	p.pages, p.parts = map[int]int{}, map[int]int{}
}

// partsOf is the number of parts of a document without sections that get a share each.
const partsOf = 4

// part is the section of sentence i, of long sections and documents without any the quarter of the document it stands in.
func (p *picker) part(i int) int {
	if len(p.s.sections) > partsOf {
		return p.s.sentences[i].section
	}
	return -1 - i*partsOf/len(p.s.sentences)
}

func (p *picker) full(i int) bool {
	if p.perPage == 0 {
		return false
	}
	manyPages := p.s.sentences[len(p.s.sentences)-1].page > p.s.sentences[0].page
	return manyPages && p.pages[p.s.sentences[i].page] >= p.perPage || p.parts[p.part(i)] >= p.perPage
}

func (p *picker) take(i int) {
	p.chosen = append(p.chosen, i)
	if p.perPage > 0 {
		p.pages[p.s.sentences[i].page]++
		p.parts[p.part(i)]++
	}
	p.words += p.s.sentences[i].words
	for _, id := range p.s.sentences[i].terms {
		p.seen[id]++
	}
}

// best takes the best of the candidates that fits and reports whether there was one.
func (p *picker) best(cands []int, room int) bool {
	top, at := 0.0, -1
	for _, i := range cands {
		t := &p.s.sentences[i]
		if slices.Contains(p.chosen, i) || t.words > room {
			continue
		}
		if v := p.value(i); v > top+1e-12 {
			top, at = v, i
		}
	}
	if at >= 0 {
		p.take(at)
	}
	return at >= 0
}

// ordered returns the chosen sentences in document order.
func (p *picker) ordered() []int {
	out := slices.Clone(p.chosen)
	slices.Sort(out)
	return out
}
