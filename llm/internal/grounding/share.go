package grounding

import (
	"unicode/utf8"

	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/prose"
)

// terms are the different words of the document that share a stem with what a text speaks of, by stem.
type terms [][]int32

func (x *Index) terms(text string) terms {
	var out terms
	for s := range content(text) {
		out = append(out, x.stems[s])
	}
	return out
}

// fewTerms says that a text says nothing much.
func (t terms) fewTerms() bool { return len(t) < 3 }

// share is how much of what text speaks of is spoken of in a run of the document, 0 to 1. A text that says nothing much is 1.
func (x *Index) share(text string, s span) float64 {
	t := x.terms(text)
	if t.fewTerms() {
		return 1
	}
	here := map[int32]bool{}
	for _, id := range x.ids[s.from:s.to] {
		here[id] = true
	}
	n := 0
	for _, same := range t {
		for _, id := range same {
			if here[id] {
				n++
				break
			}
		}
	}
	return float64(n) / float64(len(t))
}

// Windows of a page in which a text's words must stand together: each begins in the middle of the one before.
const (
	window = aroundQuote
	stride = window / 2
)

// bestShares are for each of x.runs the largest share of any window. They are counted from the places of the text's words: a long document
// is not read again for every claim.
func (x *Index) bestShares(text string) []float64 {
	best := make([]float64, len(x.runs))
	t := x.terms(text)
	if t.fewTerms() {
		for i := range best {
			best[i] = 1
		}
		return best
	}
	begin := x.windows()
	last, count := make([]int32, begin[len(x.runs)]), make([]int32, begin[len(x.runs)]) // of each window: the last term seen, and how many
	for i, same := range t {
		for _, id := range same {
			run := 0
			for _, at := range x.placesOf(id) {
				for int(at) >= x.runs[run].to {
					run++
				}
				k := begin[run] + (int(at)-x.runs[run].from)/stride
				for w := k; w >= max(k-1, begin[run]); w-- {
					if last[w] != int32(i+1) {
						last[w] = int32(i + 1)
						count[w]++
					}
				}
			}
		}
	}
	for run := range best {
		for w := begin[run]; w < begin[run+1]; w++ {
			best[run] = max(best[run], float64(count[w])/float64(len(t)))
		}
	}
	return best
}

// windows are where the windows of each run begin, counted over all runs, and at the end how many there are.
func (x *Index) windows() []int {
	begin := make([]int, len(x.runs)+1)
	for i, r := range x.runs {
		begin[i+1] = begin[i] + (r.to-r.from+stride-1)/stride
	}
	return begin
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
