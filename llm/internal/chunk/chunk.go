// Package chunk cuts the pages of a document into runs of text that fit one call of a model.
package chunk

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/clipperhouse/uax29/v2/graphemes"

	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/prose"
	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/tokens"
)

// Chunk is a run of document text that fits one call. The parts of all chunks in order, page by
// page, are the document's text.
type Chunk struct {
	Parts   []prose.Page // text by page, in order
	Section []string     // headings in force where the chunk begins, outermost first
	Overlap string       // end of the chunk before, when asked for; not part of the text
	Tokens  int          // of the parts, page marks included
}

// FirstPage is the number of the first page that the chunk touches.
func (c Chunk) FirstPage() int { return c.Parts[0].Number }

// LastPage is the number of the last one.
func (c Chunk) LastPage() int { return c.Parts[len(c.Parts)-1].Number }

// Text is the chunk's text without page marks.
func (c Chunk) Text() string {
	var b strings.Builder
	for _, p := range c.Parts {
		b.WriteString(p.Text)
	}
	return b.String()
}

// Marked is the chunk's text with a mark before each page, as a model reads it.
func (c Chunk) Marked() string {
	var b strings.Builder
	for _, p := range c.Parts {
		fmt.Fprintf(&b, "[p. %d]\n%s\n", p.Number, p.Text)
	}
	return b.String()
}

// PageMarkTokens is what one page mark costs, generously.
const PageMarkTokens = 8

// border says what kind of place a piece begins at; a chunk rather ends at a higher one.
type border int

const (
	borderNone border = iota // inside a sentence
	borderSentence
	borderParagraph
	borderHeading
)

// piece is the smallest unit that chunks are made of.
type piece struct {
	text   string
	page   int
	tokens int
	border border
	path   []string // headings in force
}

// Split cuts pages into chunks of at most limit tokens. It cuts before headings, else between
// paragraphs, else between sentences, else between words, and never inside a grapheme. The same
// pages, limit and counter always give the same chunks.
func Split(pages []prose.Page, limit, overlap int, count func(string) int) []Chunk {
	limit = max(limit, 4*PageMarkTokens)
	p := splitter{limit: limit - PageMarkTokens, count: count}
	for _, pg := range pages {
		p.page(pg)
	}
	return pack(p.pieces, limit, overlap, count)
}

type splitter struct {
	limit  int
	count  tokens.Counter
	pieces []piece
	path   []string
	levels []int
}

func (p *splitter) page(pg prose.Page) {
	for _, para := range paragraphs(strings.ToValidUTF8(pg.Text, "\ufffd")) {
		b := borderParagraph
		first, _, _ := strings.Cut(strings.TrimLeft(para, "\n "), "\n")
		if h, level, ok := prose.Heading(strings.TrimSpace(first), true, true); ok {
			b = borderHeading
			p.enter(h, level)
		}
		p.add(para, pg.Number, b)
	}
}

// enter notes a heading: deeper ones end with it.
func (p *splitter) enter(h string, level int) {
	for len(p.levels) > 0 && p.levels[len(p.levels)-1] >= level {
		p.levels, p.path = p.levels[:len(p.levels)-1], p.path[:len(p.path)-1]
	}
	p.levels = append(slices.Clone(p.levels), level)
	p.path = append(slices.Clone(p.path), prose.Clip(prose.OneLine(h), 80))
}

// add appends run as one piece, or as several where it is over the limit.
func (p *splitter) add(run string, page int, b border) {
	if n := p.count(run); n <= p.limit/2 || n <= 64 && n <= p.limit {
		p.pieces = append(p.pieces, piece{run, page, n, b, p.path})
		return
	}
	for i, s := range sentencesOf(run) {
		if i > 0 {
			b = borderSentence
		}
		n := p.count(s)
		if n <= p.limit {
			p.pieces = append(p.pieces, piece{s, page, n, b, p.path})
			continue
		}
		for _, w := range p.shatter(s) {
			p.pieces = append(p.pieces, piece{w, page, p.count(w), b, p.path})
			b = borderNone
		}
	}
}

// paragraphs cuts s after each blank line and before each Markdown heading.
func paragraphs(s string) []string {
	var out []string
	start, blank := 0, false
	pos := 0
	for l := range strings.Lines(s) {
		empty := strings.TrimSpace(l) == ""
		if pos > start && (blank && !empty || strings.HasPrefix(l, "#")) {
			out, start = append(out, s[start:pos]), pos
		}
		blank = empty
		pos += len(l)
	}
	if start < len(s) {
		out = append(out, s[start:])
	}
	return out
}

// sentencesOf cuts at sentence ends; line breaks of a layout are no ends, line breaks of a list are.
func sentencesOf(s string) []string {
	var out []string
	for _, x := range prose.Sentences(s) {
		// UAX #29 ends a sentence at each line break: join again what a layout has wrapped.
		if n := len(out); n > 0 && !prose.EndsSentence(strings.TrimSpace(out[n-1])) && prose.StartsLower(x) && len(out[n-1])+len(x) < prose.LongSentence {
			out[n-1] += x
			continue
		}
		out = append(out, x)
	}
	return out
}

// maxGrapheme is the length in bytes from which a grapheme is taken for an attack (thousands of
// combining marks on one letter) and cut between runes after all, as is one that no chunk can hold.
const maxGrapheme = 256

// shatter cuts a run without sentence borders at spaces, else between graphemes.
func (p *splitter) shatter(s string) []string {
	var out []string
	var b strings.Builder
	used := 0
	emit := func() {
		if b.Len() > 0 {
			out = append(out, b.String())
			b.Reset()
			used = 0
		}
	}
	put := func(w string) {
		n := p.count(w)
		if used+n > p.limit {
			emit()
		}
		b.WriteString(w)
		used += n
	}
	for _, w := range spacedWords(s) {
		if p.count(w) <= p.limit/4+1 {
			put(w)
			continue
		}
		for it := graphemes.FromString(w); it.Next(); {
			if g := it.Value(); len(g) <= maxGrapheme && p.count(g) <= p.limit {
				put(g)
			} else {
				for _, r := range g {
					put(string(r))
				}
			}
		}
	}
	emit()
	return out
}

// spacedWords cuts s after each run of spaces.
func spacedWords(s string) []string {
	var out []string
	start, space := 0, false
	for i, r := range s {
		sp := unicode.IsSpace(r)
		if space && !sp {
			out, start = append(out, s[start:i]), i
		}
		space = sp
	}
	return append(out, s[start:])
}
