package extractive

import (
	"slices"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/markdown"
	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/prose"
)

// outlineFrom is the number of words from which a summary gets a line for each section: a document that nobody reads in one go.
const outlineFrom = 20_000

// plan is the length of a summary.
type plan struct {
	abstract int // sentences
	room     int // words that they may have together, of a writer's own abstract
	points   int
}

// leastWords is the length below which one sentence does not make a summary.
const leastWords = 10

// planFor gives a document the summary that people write of one of its length: a sentence for an abstract, a page for a book.
func planFor(words int) plan {
	switch {
	case words < 300:
		return plan{1, 40, 0}
	case words < 700:
		return plan{2, 60, 0}
	case words < 1500:
		return plan{2, 80, 2}
	case words < outlineFrom:
		return plan{3, 140, 3}
	}
	return plan{3, 120, 5}
}

// What is told beside a writer's own abstract: it leaves little out, and the longer it is the less.
const (
	besideAbstract = 2
	fullAbstract   = 100 // words
)

// articleBlocks are an abstract, key points and, for long documents, an outline. A filing's figures come first.
func (s *scored) articleBlocks(words int, cite bool) []markdown.Block {
	abstract, points := s.choose(planFor(words))
	out := s.figureBlocks(cite)
	if len(abstract) > 0 {
		out = append(out, s.quoted(abstract, cite))
	}
	if len(points) == 1 && len(abstract) > 0 {
		out = append(out, s.quoted(points, cite)) // a list of one is none
	} else {
		out = append(out, s.listed("points", points, cite)...)
	}
	if words >= outlineFrom && s.genre == genreArticle {
		out = append(out, s.outline(append(slices.Clone(abstract), points...), cite)...)
	}
	return out
}

// choose picks abstract and key points, both in document order.
func (s *scored) choose(n plan) (abstract, points []int) {
	p := newPicker(s)
	cands := s.candidates()
	if own := s.ownAbstract(n); len(own) > 1 && s.genre != genreFiling {
		for _, i := range own {
			p.take(i)
		}
		n.points = min(n.points, besideAbstract)
		if p.words >= fullAbstract {
			n.points = min(n.points, 1)
		}
	}
	for (len(p.chosen) < n.abstract || p.words < leastWords) && p.best(cands, 60) {
	}
	abstract = p.ordered()
	p.spread(n.points)
	for len(p.chosen) < len(abstract)+n.points && p.best(cands, 55) {
	}
	for p.same = nearlySame; len(p.chosen) < len(abstract)+n.points && p.best(cands, 55); {
	}
	for _, i := range p.ordered() {
		if !slices.Contains(abstract, i) {
			points = append(points, i)
		}
	}
	return abstract, points
}

// ownAbstract is the beginning of the writer's own abstract, empty where there is none.
func (s *scored) ownAbstract(n plan) []int {
	var out []int
	words := 0
	for i := range s.sentences {
		t := &s.sentences[i]
		if s.sections[t.section].kind != prose.SectionAbstract || s.score[i] == 0 {
			continue
		}
		if words += t.words; words > n.room && len(out) > 0 {
			break
		}
		out = append(out, i)
	}
	return out
}

// Bounds of an outline.
const (
	maxOutline    = 12
	outlineQuote  = 40 // words
	leastSections = 3
)

// outline is a line for each section of the deepest level that still gives a readable number.
func (s *scored) outline(used []int, cite bool) []markdown.Block {
	l := markdown.Block{Type: "list"}
	p := newPicker(s)
	p.same = nearlySame // chapters may say alike things of different subjects
	for _, i := range used {
		p.take(i)
	}
	for _, sec := range s.topSections() {
		best, at := 0.0, -1
		for i := sec.first; i < min(sec.first+sec.span, len(s.sentences)); i++ {
			v := s.score[i] / (1 + 0.03*float64(i-sec.first))
			if v > best && s.sentences[i].words <= outlineQuote && !slices.Contains(p.chosen, i) && !p.repeats(i) {
				best, at = v, i
			}
		}
		if at >= 0 {
			p.take(at)
			l.Items = append(l.Items, []markdown.Run{{Text: prose.TidySpaces(sec.title), Bold: true}, {Text: ": " + s.tidy(at) + s.citation(at, cite)}})
		}
	}
	if len(l.Items) < leastSections {
		return nil
	}
	return []markdown.Block{heading(prose.Label(s.lang, "sections")), l}
}

// chapter is a section with all that stands below it.
type chapter struct {
	section
	span int // sentences, subsections included
}

func (s *scored) topSections() []chapter {
	times := map[string]int{} // what stands again and again is no title
	for _, sec := range s.sections {
		times[sec.title]++
	}
	for level := 6; level >= 1; level-- {
		var out []chapter
		for k, sec := range s.sections {
			if sec.title == "" || sec.level > level || sec.kind == prose.SectionSkip || times[sec.title] > 1 || prose.StartsLower(sec.title) || isCode(sec.title) || strings.HasSuffix(sec.title, ".") {
				continue
			}
			c := chapter{sec, sec.count}
			for _, sub := range s.sections[k+1:] {
				if sub.level <= level {
					break
				}
				c.span += sub.count
			}
			if c.span >= 4 {
				out = append(out, c)
			}
		}
		if len(out) <= maxOutline || level == 1 {
			return largest(out, maxOutline)
		}
	}
	return nil
}

// largest are the n longest chapters, in their order.
func largest(c []chapter, n int) []chapter {
	if len(c) <= n {
		return c
	}
	byLength := slices.Clone(c)
	slices.SortStableFunc(byLength, func(a, b chapter) int { return b.span - a.span })
	least := byLength[n-1].span
	var out []chapter
	for _, x := range c {
		if x.span >= least && len(out) < n {
			out = append(out, x)
		}
	}
	return out
}
