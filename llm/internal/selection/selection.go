// Package selection chooses which passages of a document a model reads when it cannot be paid to read them all: those that say most of
// what the document is about, that do not say the same, and that come from all of its parts.
package selection

import (
	"cmp"
	"math"
	"slices"

	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/prose"
)

// relevance against novelty in maximal marginal relevance (Carbonell and Goldstein, 1998).
const lambda = 0.65

// Space is where passages lie by what they say: what is close there says much the same.
type Space struct {
	vectors []vector
	// alike is the likeness to a chosen passage from which one hardly adds anything: forms, repeated pages, boilerplate. Such a one is read
	// only with what is left of the budget: words that are the same may still tell of other figures.
	alike float64
}

// Likenesses from which passages say the same. Embeddings of any two texts of one document are much alike.
const (
	alikeWords      = 0.9
	alikeEmbeddings = 0.97
)

// ByWords places passages by the words they use (TF-IDF). language (BCP 47, may be empty) decides stop words and stems.
func ByWords(passages []string, language string) Space {
	return Space{vectors: vectorsOf(passages, language), alike: alikeWords}
}

// ByEmbeddings places passages by what a model says of each; embeddings are of one length, none is zero.
func ByEmbeddings(embeddings [][]float32) Space {
	out := make([]vector, len(embeddings))
	for i, e := range embeddings {
		out[i] = make(vector, len(e))
		for id, w := range e {
			out[i][id] = term{int32(id), float64(w)}
		}
		normalise(out[i])
	}
	return Space{vectors: out, alike: alikeEmbeddings}
}

// term is one weight of a vector.
type term struct {
	id     int32
	weight float64
}

// vector is a passage's TF-IDF weights in the order of their terms, of length 1. Sums in a fixed order make the choice the same every
// time, which the cache of paid answers needs.
type vector []term

// Choose returns the indexes of the passages to read, ascending. costs are tokens, budget is how many may be read together. The first
// passage is always among them where it fits: it says what the document is.
//
// The document is cut into as many consecutive parts of equal cost as passages fit; first each part gives its best passage, then
// what is left of the budget goes to the best of the rest. So a thick appendix cannot take the place of a chapter. A passage that was
// chosen word for word is not read again.
func Choose(passages []string, in Space, costs []int, budget int) []int {
	total := 0
	for _, n := range costs {
		total += n
	}
	if total <= budget {
		return sequence(len(passages))
	}
	c := &chooser{passages: passages, vectors: in.vectors, about: mean(in.vectors), costs: costs, left: budget,
		taken: make([]bool, len(passages)), nearest: make([]float64, len(passages)), read: map[string]bool{}}
	if costs[0] <= budget {
		c.take(0)
	}
	for _, limit := range []float64{in.alike, math.Inf(1)} {
		for _, part := range c.parts(total, budget) {
			c.takeBest(part, limit)
		}
		for c.takeBest(sequence(len(passages)), limit) {
		}
	}
	return c.chosen()
}

type chooser struct {
	passages []string
	read     map[string]bool // texts of those that were taken
	vectors  []vector
	about    vector // what the whole document is about
	nearest  []float64
	costs    []int
	left     int
	taken    []bool
}

// parts cuts the document into as many runs of about equal cost as passages of mean cost fit the budget. Those that say more of the
// matter come first: where the budget ends early, it is the least telling part that is left out.
func (c *chooser) parts(total, budget int) [][]int {
	mean := max(1, total/len(c.costs))
	n := max(1, budget/mean)
	out := make([][]int, n)
	at := 0
	for i, cost := range c.costs {
		part := min(n-1, at*n/total)
		out[part] = append(out[part], i)
		at += cost
	}
	out = slices.DeleteFunc(out, func(p []int) bool {
		return len(p) == 0 || slices.ContainsFunc(p, func(i int) bool { return c.taken[i] })
	})
	slices.SortStableFunc(out, func(a, b []int) int { return cmp.Compare(c.bestScore(b), c.bestScore(a)) })
	return out
}

func (c *chooser) bestScore(part []int) float64 {
	best := math.Inf(-1)
	for _, i := range part {
		best = max(best, dot(c.vectors[i], c.about))
	}
	return best
}

// takeBest takes the best passage of part that is affordable and not more than limit like a chosen one. It reports whether there was one.
func (c *chooser) takeBest(part []int, limit float64) bool {
	best, score := -1, math.Inf(-1)
	for _, i := range part {
		if c.taken[i] || c.costs[i] > c.left || len(c.vectors[i]) == 0 || c.nearest[i] > limit || c.read[c.passages[i]] {
			continue
		}
		if s := lambda*dot(c.vectors[i], c.about) - (1-lambda)*c.nearest[i]; s > score {
			best, score = i, s
		}
	}
	if best < 0 {
		return false
	}
	c.take(best)
	return true
}

func (c *chooser) take(i int) {
	c.taken[i], c.read[c.passages[i]] = true, true
	c.left -= c.costs[i]
	for j := range c.vectors {
		c.nearest[j] = max(c.nearest[j], dot(c.vectors[i], c.vectors[j]))
	}
}

func (c *chooser) chosen() []int {
	var out []int
	for i, t := range c.taken {
		if t {
			out = append(out, i)
		}
	}
	return out
}

// vectorsOf weighs each passage's terms: (1 + log tf) · log((N + 1) / df). A passage without terms (figures, rules) has an empty vector and is
// not chosen.
func vectorsOf(passages []string, language string) []vector {
	ids := map[string]int32{}
	var df []int
	counts := make([]map[int32]int, len(passages))
	for i, p := range passages {
		counts[i] = map[int32]int{}
		for _, t := range terms(p, language) {
			id, ok := ids[t]
			if !ok {
				id = int32(len(df))
				ids[t], df = id, append(df, 0)
			}
			if counts[i][id]++; counts[i][id] == 1 {
				df[id]++
			}
		}
	}
	out := make([]vector, len(passages))
	for i, count := range counts {
		for id, n := range count {
			out[i] = append(out[i], term{id, (1 + math.Log(float64(n))) * math.Log(float64(len(passages)+1)/float64(df[id]))})
		}
		slices.SortFunc(out[i], func(a, b term) int { return cmp.Compare(a.id, b.id) })
		normalise(out[i])
	}
	return out
}

// terms are the stems of the words that are no stop words; pairs of characters in scripts without spaces.
func terms(s, language string) []string {
	var out []string
	add := func(t string) {
		if t != "" {
			out = append(out, t)
		}
	}
	prose.Terms(s, func(w string) { add(prose.Term(language, w)) }, add)
	return out
}

func normalise(v vector) {
	sum := 0.0
	for _, t := range v {
		sum += t.weight * t.weight
	}
	for i := range v {
		v[i].weight /= math.Sqrt(sum)
	}
}

func mean(vs []vector) vector {
	var sums []float64
	for _, v := range vs {
		for _, t := range v {
			if n := int(t.id) + 1 - len(sums); n > 0 {
				sums = append(sums, make([]float64, n)...)
			}
			sums[t.id] += t.weight
		}
	}
	m := make(vector, len(sums))
	for id, w := range sums {
		m[id] = term{int32(id), w}
	}
	normalise(m)
	return m
}

// dot is the cosine of two vectors: 0 nothing in common, 1 the same.
func dot(a, b vector) float64 {
	sum := 0.0
	for len(a) > 0 && len(b) > 0 {
		switch {
		case a[0].id < b[0].id:
			a = a[1:]
		case a[0].id > b[0].id:
			b = b[1:]
		default:
			sum += a[0].weight * b[0].weight
			a, b = a[1:], b[1:]
		}
	}
	return sum
}

func sequence(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}
