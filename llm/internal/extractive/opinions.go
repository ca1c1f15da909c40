package extractive

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/markdown"
	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/prose"
)

// Numbers of things said that are told, and of statements from which there are more of them.
const (
	fewOpinions  = 2
	moreOpinions = 3
	manyOpinions = 200
)

// opinionBlocks count what is said: "12 of 40 mention it: The buttons are easy to press."
func (s *scored) opinionBlocks() []markdown.Block {
	type said struct {
		i     int
		about []int32
		count int
	}
	var all []said
	p := newPicker(s)
	cands := s.candidates()
	most := fewOpinions
	if len(s.sentences) > manyOpinions {
		most = moreOpinions
	}
	for len(all) < most && p.best(cands, 30) {
		i := p.chosen[len(p.chosen)-1]
		about := s.subject(i)
		if slices.ContainsFunc(all, func(o said) bool { return slices.Equal(o.about, about) }) {
			continue // said already, in other words
		}
		if n := s.mentions(about); n > 1 || len(all) == 0 {
			all = append(all, said{i, about, n})
		}
	}
	slices.SortStableFunc(all, func(a, b said) int { return cmp.Compare(b.count, a.count) })
	l := markdown.Block{Type: "list"}
	total := strconv.Itoa(len(s.sentences))
	for _, o := range all {
		l.Items = append(l.Items, []markdown.Run{{Text: prose.Fill(s.lang, "mention", strconv.Itoa(o.count), total), Bold: true}, {Text: ": " + s.tidy(o.i)}})
	}
	return []markdown.Block{l}
}

// subject is what statement i is about: its two commonest terms, in ascending order.
func (s *scored) subject(i int) []int32 {
	own := slices.Collect(sortedUnique(s.sentences[i].terms))
	slices.SortStableFunc(own, func(a, b int32) int { return cmp.Compare(s.sf[b], s.sf[a]) })
	own = own[:min(2, len(own))]
	slices.Sort(own)
	return own
}

// mentions is the number of statements that hold all the terms.
func (s *scored) mentions(terms []int32) int {
	n := 0
	for j := range s.sentences {
		if !slices.ContainsFunc(terms, func(id int32) bool { return !slices.Contains(s.sentences[j].terms, id) }) {
			n++
		}
	}
	return n
}

// rateOpinion rates a statement by how many others say the same: the mean frequency of its
// content terms, with a preference for short ones.
func (s *scored) rateOpinion(i int) float64 {
	t := &s.sentences[i]
	sum, n := 0.0, 0
	for id := range sortedUnique(t.terms) {
		sum += s.weight[id]
		n++
	}
	if n < 2 || strings.HasSuffix(t.text, "?") || strings.Count(t.text, ",")*3 > t.words {
		return 0
	}
	return sum / float64(n+2)
}
