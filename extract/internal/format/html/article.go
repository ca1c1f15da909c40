package html

import (
	"hash/maphash"
	"iter"
	"net/url"
	"strings"
	"unicode"

	readability "codeberg.org/readeck/go-readability/v2"
	"golang.org/x/net/html"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
)

const (
	// maxArticle is the size up to which an article is looked for: it takes a tree of the whole page.
	maxArticle = 2 << 20
	// maxTags likewise: a tree can be much larger than its page.
	maxTags = 40_000
	// leastArticle is how many letters an article has; a page with less is read as a whole.
	leastArticle = 200
	// leastProse is how many letters running text has; captions, menus and teasers have less.
	leastProse = 60
	// leastLink is how many letters the link to another text has; shorter ones are words of a table or a list.
	leastLink = 20
	// shingle is how many words in a row are compared.
	shingle = 4
)

// Page reads a web page as HTML does. Where it has an article, the lines of the text that are none of it are marked as an aside
// (doc.Aside): menus, teasers, captions, comments, footers. Nothing is left out.
func Page(data []byte, contentType string) Doc {
	s := decodeHTML(data, contentType)
	if len(s) > maxArticle {
		return HTMLText(s)
	}
	w := &walker{around: &around{}}
	d := w.read(s)
	blocks := blocksOf(d.Text)
	from, to := 0, 0
	if w.around.tags <= maxTags {
		find(blocks, readable(s))
		from, to = article(blocks)
	}
	if d.Article = to > 0; d.Article {
		d.Links = w.links.told(within(blocks[from:to]))
	}
	d.Text = written(blocks, from, to)
	return d
}

// readable is the words of the article as Readability finds it. It is a stranger's page that it takes apart: whatever happens, the
// page is read without an article.
func readable(s string) (words []string) {
	defer func() {
		if recover() != nil {
			words = nil
		}
	}()
	root, err := html.Parse(strings.NewReader(s))
	if err != nil {
		return nil
	}
	p := readability.NewParser()
	a, err := p.ParseDocument(root, &url.URL{Scheme: "https", Host: "page.invalid"})
	if err != nil || a.Node == nil {
		return nil
	}
	var b strings.Builder
	if a.RenderText(&b) != nil {
		return nil
	}
	return wordsOf(b.String())
}

// block is a paragraph of a page's text or an item of its lists. Sizes are in letters; of scripts without spaces a letter counts as three.
type block struct {
	text                             string
	sep                              string // what stands before it
	words                            []string
	size, link, aside, caption, name int // all letters, and those that stand in such a thing
	found                            bool
}

func blocksOf(text string) []block {
	var out []block
	for i, t := range strings.Split(text, "\n\n") {
		sep := "\n\n"
		if i == 0 {
			sep = ""
		}
		if !isList(t) {
			out = append(out, blockOf(sep, t))
			continue
		}
		for j, item := range strings.Split(t, "\n") {
			if j > 0 {
				sep = "\n"
			}
			out = append(out, blockOf(sep, item))
		}
	}
	return out
}

// isList: lines that stand for themselves. Those of a text that was set line by line begin anyhow.
func isList(t string) bool {
	return strings.HasPrefix(t, "- ") || strings.Contains(t, "\n- ") || strings.Contains(t, "\n") && !strings.Contains(t, "  ")
}

func blockOf(sep, t string) block {
	b := block{sep: sep, text: doc.NoAside(signs.Replace(t))}
	for _, f := range strings.FieldsFunc(t, space) {
		n := letters(f)
		b.size += n
		switch f[:1] {
		case linkSign:
			b.link += n
		case asideSign:
			b.aside += n
		case captionSign:
			b.caption += n
		case nameSign:
			b.name += n
		}
	}
	b.words = wordsOf(b.text)
	return b
}

func letters(s string) int {
	n := 0
	for _, r := range s {
		switch {
		case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul):
			n += 3
		case unicode.IsLetter(r), unicode.IsDigit(r):
			n++
		}
	}
	return n
}

func wordsOf(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// find says which blocks stand in the article: most of their runs of words do.
func find(blocks []block, article []string) {
	have := map[uint64]bool{} // by their hashes: the words of a large page are many times a large page
	for n := 1; n <= shingle; n++ {
		for run := range runs(article, n) {
			have[run] = true
		}
	}
	for i := range blocks {
		w := blocks[i].words
		all, hits := 0, 0
		for run := range runs(w, min(shingle, len(w))) {
			all++
			if have[run] {
				hits++
			}
		}
		blocks[i].found = all > 0 && 10*hits >= 6*all
	}
}

var seed = maphash.MakeSeed()

// runs are the hashes of all n words in a row.
func runs(words []string, n int) iter.Seq[uint64] {
	return func(yield func(uint64) bool) {
		var h maphash.Hash
		h.SetSeed(seed)
		for i := 0; n > 0 && i+n <= len(words); i++ {
			h.Reset()
			for _, w := range words[i : i+n] {
				_, _ = h.WriteString(w)
				_ = h.WriteByte(' ')
			}
			if !yield(h.Sum64()) {
				return
			}
		}
	}
}

func (b *block) heading() bool { return strings.HasPrefix(b.text, "#") }

func (b *block) prose() bool {
	return b.size >= leastProse && 2*(b.link+b.aside+b.caption) < b.size
}

// furniture says that a block is none of an article's text by what its words stand in. An address written out is text.
func (b *block) furniture() bool {
	return b.size >= leastLink && 10*b.link >= 8*b.size && !strings.Contains(b.text, "://") ||
		2*b.aside >= b.size || 2*b.caption >= b.size || b.size < leastProse && 2*b.name >= b.size
}

// article leaves found those blocks that are the article, from the first to the last; 0 and 0 where the page has none.
func article(blocks []block) (from, to int) {
	forgetNames(blocks)
	body, rest := 0, 0
	from, to = -1, -1
	over := false
	seen := map[string]int{}
	for i := range blocks {
		b := &blocks[i]
		// Pages that load the next article have it below a heading of its own.
		over = over || body > leastArticle && strings.HasPrefix(b.text, "# ") && !b.found
		at, again := seen[b.text]
		b.found = b.found && !over && !b.furniture() && !(again && i-at < 5)
		if !b.prose() {
			continue
		}
		seen[b.text] = i
		if !b.found {
			rest += b.size
			continue
		}
		if from < 0 {
			from = i
		}
		to = i
		body += b.size
	}
	if body < leastArticle || 10*body < rest {
		return 0, 0
	}
	return begin(blocks, from), end(blocks, to)
}

// forgetNames: a name that most of the text stands in is that of the whole page.
func forgetNames(blocks []block) {
	prose, named := 0, 0
	for i := range blocks {
		if b := &blocks[i]; b.found && b.prose() {
			prose += b.size
			named += b.name
		}
	}
	if 5*named > prose {
		for i := range blocks {
			blocks[i].name = 0
		}
	}
}

// begin is where the article begins: at the headings right before its text. The heading that is the page's title stands in the
// document's properties.
func begin(blocks []block, from int) int {
	for i := from - 1; i >= 0 && blocks[i].found; i-- {
		if blocks[i].heading() {
			from = i
		}
	}
	return from
}

// end is after the last block: short ones after the last text are its lists, up to one that is none of the article. A heading
// without text below it is none.
func end(blocks []block, last int) int {
	for i := last + 1; i < len(blocks) && (blocks[i].found || blocks[i].size == 0); i++ {
		last = i
	}
	for last > 0 && (blocks[last].heading() || blocks[last].size < 12 || !blocks[last].found) {
		last--
	}
	return last + 1
}

// written puts the blocks together again, those outside the article as an aside.
func written(blocks []block, from, to int) string {
	var out strings.Builder
	for i, b := range blocks {
		out.WriteString(b.sep)
		inside := b.found && i >= from && i < to || strings.TrimSpace(b.text) == ""
		if to > 0 && !inside {
			b.text = doc.Aside(b.text)
		}
		out.WriteString(b.text)
	}
	return out.String()
}
