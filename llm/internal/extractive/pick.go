package extractive

import (
	"cmp"
	"iter"
	"math"
	"slices"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/prose"
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
	s      *scored
	chosen []int
	seen   map[int32]float64
	words  int
	loose  bool // take repetitions too, as long as they are not word for word
}

func newPicker(s *scored) *picker { return &picker{s: s, seen: map[int32]float64{}} }

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

func (p *picker) value(i int) float64 {
	r := p.redundancy(i)
	if r > 0.92 && len(p.chosen) > 0 && (!p.loose || p.repeats(i)) {
		return 0
	}
	return p.s.score[i] * (1 - 0.5*r*r)
}

// repeats says whether a chosen sentence has the same content terms.
func (p *picker) repeats(i int) bool {
	own := slices.Collect(sortedUnique(p.s.sentences[i].terms))
	for _, j := range p.chosen {
		if slices.Equal(own, slices.Collect(sortedUnique(p.s.sentences[j].terms))) {
			return true
		}
	}
	return false
}

func (p *picker) take(i int) {
	p.chosen = append(p.chosen, i)
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

// fill chooses sentences up to about the given number of words, in document order.
func (s *scored) fill(words int) []int {
	p := newPicker(s)
	cands := s.candidates()
	slack := max(3, int(math.Round(float64(words)*0.12)))
	for p.words < words-slack {
		if !p.best(cands, words+slack-p.words) {
			break
		}
	}
	if len(p.chosen) == 0 && len(cands) > 0 {
		p.take(cands[0])
	}
	return p.ordered()
}

// titleFrom is the length in words from which an extract begins with the document's title.
const titleFrom = 60

// Extract returns the sentences of text that say most about it, in their order and in about
// the given number of words. It is what ROUGE measures; Extractive builds on the same choice.
func Extract(text string, words int) string {
	pages := []prose.Page{{Number: 1, Text: text}}
	s := scoreReading(read(pages), prose.Language(pages, ""), "")
	var out []string
	// A title is the shortest summary there is: where there is room for sentences, it comes first.
	if n := prose.CountWords(s.reading.title); words >= titleFrom && n > 2 && n <= words/5 {
		out = append(out, s.reading.title)
		words -= n
	}
	for _, i := range s.fill(words) {
		out = append(out, s.tidy(i))
	}
	return strings.Join(out, "\n")
}
