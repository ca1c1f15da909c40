// Package extractive makes a summary out of the sentences of the document itself: it reads sections and sentences, rates and picks
// them. It is deterministic and calls nobody.
package extractive

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/markdown"
	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/prose"
)

// Summarise makes the summary of a document out of its own sentences. lang is the language of its text (BCP 47, or ""), title what
// the site or the file's metadata calls it, filename the last resort for a title.
func Summarise(pages []prose.Page, lang, title, filename string) (string, []markdown.Block) {
	s := scoreReading(read(pages), lang, title)
	blocks := s.summaryBlocks(prose.CountPages(pages), len(pages) > 1)
	if len(blocks) == 0 {
		blocks = quoteOpening(pages)
	}
	return s.reading.summaryTitle(title, filename), blocks
}

// Title is the title of a document that something else has summarised: see summaryTitle.
func Title(pages []prose.Page, title, filename string) string {
	return read(pages[:min(2, len(pages))]).summaryTitle(title, filename)
}

// longDocument is the number of words from which a summary gets a line for each section.
const longDocument = 4000

func (s *scored) summaryBlocks(words int, cite bool) []markdown.Block {
	var out []markdown.Block
	abstract, points := s.choose(words)
	if len(abstract) > 0 {
		var runs []string
		for _, i := range abstract {
			runs = append(runs, s.quote(i, cite))
		}
		out = append(out, markdown.Block{Type: "paragraph", Runs: []markdown.Run{{Text: strings.Join(runs, sentenceGap(s.lang))}}})
	}
	if len(points) > 0 {
		l := markdown.Block{Type: "list"}
		for _, i := range points {
			l.Items = append(l.Items, []markdown.Run{{Text: s.quote(i, cite)}})
		}
		out = append(out, markdown.Block{Type: "heading", Level: 2, Runs: []markdown.Run{{Text: prose.Label(s.lang, "points")}}}, l)
	}
	if words >= longDocument && s.genre == genreArticle {
		out = append(out, s.sectionBlocks(append(slices.Clone(abstract), points...), cite)...)
	}
	return out
}

// choose picks the abstract (2–4 sentences) and the key points (3–8), both in document order.
func (s *scored) choose(words int) (abstract, points []int) {
	nAbstract, nPoints := 3, min(8, max(3, 2+words/600))
	if words < 150 {
		nAbstract, nPoints = 2, 0
	} else if words < 400 {
		nAbstract, nPoints = 2, 3
	}
	p := newPicker(s)
	cands := s.candidates()
	for len(p.chosen) < nAbstract && p.best(cands, 90) {
	}
	abstract = p.ordered()
	for len(p.chosen) < nAbstract+nPoints && p.best(cands, 70) {
	}
	// A document that repeats itself (a form, minutes) still gets its few points.
	for p.loose = true; len(p.chosen) < nAbstract+min(3, nPoints) && p.best(cands, 70); {
	}
	for _, i := range p.ordered() {
		if !slices.Contains(abstract, i) {
			points = append(points, i)
		}
	}
	return abstract, points
}

func (s *scored) sectionBlocks(used []int, cite bool) []markdown.Block {
	var items [][]markdown.Run
	total := len(s.sentences)
	for _, sec := range s.topSections() {
		best, at := 0.0, -1
		for i := sec.first; i < min(sec.first+sec.count, total); i++ {
			v := s.score[i] / (1 + 0.03*float64(s.sentences[i].inSec))
			if s.sentences[i].section >= 0 && v > best && !slices.Contains(used, i) {
				best, at = v, i
			}
		}
		if at >= 0 {
			items = append(items, []markdown.Run{{Text: prose.TidySpaces(sec.title), Bold: true}, {Text: ": " + s.quote(at, cite)}})
		}
	}
	if len(items) < 2 {
		return nil
	}
	return []markdown.Block{{Type: "heading", Level: 2, Runs: []markdown.Run{{Text: prose.Label(s.lang, "sections")}}}, {Type: "list", Items: items}}
}

// maxSections bounds the outline.
const maxSections = 25

// topSections are the sections of the outline: of the deepest level that still gives a readable number.
func (s *scored) topSections() []section {
	for level := 6; level >= 1; level-- {
		var out []section
		for _, sec := range s.sections {
			if sec.title != "" && sec.level <= level && sec.count >= 2 && sec.kind != prose.SectionSkip {
				out = append(out, sec)
			}
		}
		if len(out) <= maxSections || level == 1 {
			return out[:min(len(out), maxSections)]
		}
	}
	return nil
}

func (s *scored) quote(i int, cite bool) string {
	t := s.tidy(i)
	if s.genre == genreDialogue && s.sentences[i].speaker != "" {
		t = s.sentences[i].speaker + ": " + t
	}
	if cite && s.sentences[i].page > 0 {
		t += fmt.Sprintf(" (%s %d)", prose.Label(s.lang, "page"), s.sentences[i].page)
	}
	return t
}

func sentenceGap(lang string) string {
	if lang == "zh" || lang == "ja" {
		return ""
	}
	return " "
}

// quoteOpening is the summary of a text without one quotable sentence: its first words.
func quoteOpening(pages []prose.Page) []markdown.Block {
	for _, p := range pages {
		if t := prose.OneLine(prose.Clean(p.Text)); t != "" {
			return []markdown.Block{{Type: "paragraph", Runs: []markdown.Run{{Text: prose.Clip(t, 400)}}}}
		}
	}
	return nil
}

// summaryTitle is the metadata's title, else the first heading, else the first line, else the file's name.
func (r *reading) summaryTitle(title, filename string) string {
	for _, t := range []string{title, r.title, firstTitleLine(r)} {
		if t = prose.TidyTitle(t); t != "" {
			return t
		}
	}
	name := strings.TrimSuffix(filepath.Base(filename), filepath.Ext(filename))
	name = prose.TidyTitle(strings.NewReplacer("_", " ", "-", " ").Replace(name))
	if name == "" || name == "." {
		return "Untitled document"
	}
	return name
}

func firstTitleLine(r *reading) string {
	for _, sec := range r.sections {
		if sec.title != "" && sec.kind == prose.SectionBody {
			return sec.title
		}
	}
	if len(r.sentences) > 0 && r.sentences[0].words <= 14 && r.sentences[0].speaker == "" {
		return strings.TrimRight(r.sentences[0].text, ". ")
	}
	return ""
}
