package llm

import (
	"strconv"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/internal/pattern"
	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/gate"
	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/grounding"
	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/markdown"
	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/prose"
)

// What becomes of what a summary says and the document does not hold.
const (
	UnfoundedMark = "mark" // kept, with a remark beside it
	UnfoundedDrop = "drop" // left out
)

// grounded is a summary whose statements were looked up.
type grounded struct {
	answer
	found, claims int
	quoted        int // claims that came with a quotation
}

// ground looks up every statement of a summary in the document: key points by their quotation or their words, sentences by their
// figures, dates and names. Pages that a point names wrongly are corrected.
func (r *run) ground(a answer) grounded {
	g := grounder{index: r.index(), language: r.language, drop: r.cfg.Unfounded == UnfoundedDrop, several: r.index().Pages() > 1}
	g.out.title, g.out.entities = a.title, r.knownEntities(a.entities)
	g.out.draft, g.out.valid, g.out.cut = a.draft, a.valid, a.cut
	quotes := map[[2]int]string{}
	for _, q := range a.quotes {
		quotes[[2]int{q.block, q.item}] = q.text
	}
	for i, b := range a.blocks {
		switch b.Type {
		case "list":
			b = g.list(b, func(item int) string { return quotes[[2]int{i, item}] })
			if len(b.Items) == 0 {
				continue
			}
		case "paragraph":
			if b = g.paragraph(b); len(b.Runs) == 0 {
				continue
			}
		}
		g.out.blocks = append(g.out.blocks, b)
	}
	for n := len(g.out.blocks); n > 0 && g.out.blocks[n-1].Type == "heading"; n-- {
		g.out.blocks = g.out.blocks[:n-1]
	}
	return g.out
}

type grounder struct {
	index    *grounding.Index
	language string
	drop     bool
	several  bool // the document has several pages: a point without one is given it
	out      grounded
}

// list looks up items. One that names no page, has no quotation and holds nothing to look up is left as it is.
func (g *grounder) list(b Block, quote func(item int) string) Block {
	items := b.Items
	b.Items = nil
	for i, it := range items {
		text := runsText(it)
		plain := strings.TrimSpace(pageRef.ReplaceAllString(text, ""))
		pages := pagesIn(text)
		f := g.index.Check(grounding.Claim{Text: plain, Quote: quote(i), Pages: pages, Language: g.language})
		if f.Status == grounding.Unchecked {
			b.Items = append(b.Items, g.withoutForeignPages(it, pages))
			continue
		}
		g.out.claims++
		if quote(i) != "" {
			g.out.quoted++
		}
		switch f.Status {
		case grounding.Missing:
			if !g.drop {
				b.Items = append(b.Items, markUnfounded(withoutPages(it), nil, g.language))
			}
		case grounding.Moved:
			g.out.found++
			b.Items = append(b.Items, withPages(it, f.Pages, g.language))
		default:
			g.out.found++
			if len(pages) == 0 && g.several && len(f.Pages) > 0 {
				it = withPages(it, f.Pages, g.language)
			}
			b.Items = append(b.Items, g.withoutForeignPages(it, pages))
		}
	}
	return b
}

// paragraph looks up the figures, dates and names of each sentence.
func (g *grounder) paragraph(b Block) Block {
	var missing, kept []string
	whole := true
	for _, s := range prose.Sentences(runsText(b.Runs)) {
		n, m := g.index.Facts(pageRef.ReplaceAllString(s, ""), g.language)
		if n > 0 {
			g.out.claims++
		}
		if len(m) > 0 {
			missing, whole = append(missing, m...), false
			continue
		}
		if n > 0 {
			g.out.found++
		}
		kept = append(kept, s)
	}
	switch {
	case whole:
		return b
	case g.drop:
		b.Runs = markdown.Inline(strings.TrimSpace(strings.Join(kept, "")))
		return b
	}
	b.Runs = markUnfounded(b.Runs, missing, g.language)
	return b
}

// maxNamed is how many of the words that were not found a remark names.
const maxNamed = 6

// markUnfounded adds the remark that a statement, or these words of it, are not in the document.
func markUnfounded(runs []Run, missing []string, language string) []Run {
	text := " (" + label(language, "unfounded")
	if len(missing) > 0 {
		text += ": " + strings.Join(missing[:min(len(missing), maxNamed)], ", ")
	}
	out := append([]Run(nil), runs...)
	return append(out, Run{Text: text + ")", Italic: true})
}

var pageNumber = pattern.Lazily(`\d+(?:\s*[-–—]\s*\d+)?`)

// pagesIn are the pages that a text names in its page marks.
func pagesIn(text string) []int {
	var out []int
	for _, at := range pageRefs(text) {
		for rest := text[at[0]:at[1]]; ; {
			m := pageNumber.FindStringSubmatchIndex(rest)
			if m == nil {
				break
			}
			from, to := ends(rest[m[0]:m[1]])
			for p := from; p <= to && p < from+10; p++ {
				out = append(out, p)
			}
			rest = rest[m[1]:]
		}
	}
	return out
}

func ends(s string) (from, to int) {
	a, b, ok := strings.Cut(strings.NewReplacer("–", "-", "—", "-", " ", "").Replace(s), "-")
	from, _ = strconv.Atoi(a)
	if to = from; ok {
		to, _ = strconv.Atoi(b)
	}
	return from, to
}

// pageRefs are the places of page marks in a text.
func pageRefs(text string) [][2]int {
	var out [][2]int
	for from := 0; ; {
		at := pageRef.FindStringSubmatchIndex(text[from:])
		if at == nil {
			return out
		}
		out = append(out, [2]int{from + at[0], from + at[1]})
		from += at[1]
	}
}

// withoutPages removes the page marks of an item.
func withoutPages(it []Run) []Run {
	out := make([]Run, 0, len(it))
	for _, r := range it {
		r.Text = strings.ReplaceAll(pageRef.ReplaceAllString(r.Text, ""), "  ", " ")
		out = append(out, r)
	}
	for i := len(out) - 1; i >= 0; i-- {
		out[i].Text = strings.TrimRight(out[i].Text, " ")
		if out[i].Text != "" {
			return out[:i+1]
		}
	}
	return out
}

// withPages gives an item the pages that it was found on.
func withPages(it []Run, pages []int, language string) []Run {
	return append(withoutPages(it), Run{Text: " " + pageMark(pages, language)})
}

// withoutForeignPages removes page marks that name a page the document has not.
func (g *grounder) withoutForeignPages(it []Run, pages []int) []Run {
	for _, p := range pages {
		if !g.index.HasPage(p) {
			return withoutPages(it)
		}
	}
	return it
}

// knownEntities are those of e that the document holds.
func (r *run) knownEntities(e Entities) Entities {
	known := func(list []string) []string {
		var out []string
		for _, s := range list {
			if r.index().Knows(s) {
				out = append(out, s)
			}
		}
		return out
	}
	return Entities{People: known(e.People), Organisations: known(e.Organisations), Dates: known(e.Dates), Amounts: known(e.Amounts)}
}

// entityBlocks lists what a document turns on.
func entityBlocks(e Entities, language string) []Block {
	list := Block{Type: "list"}
	for _, kind := range []struct {
		key   string
		names []string
	}{{"people", e.People}, {"organisations", e.Organisations}, {"dates", e.Dates}, {"amounts", e.Amounts}} {
		if len(kind.names) > 0 {
			list.Items = append(list.Items, append([]Run{{Text: label(language, kind.key) + ": ", Bold: true}}, markdown.Inline(strings.Join(kind.names, "; "))...))
		}
	}
	if len(list.Items) == 0 {
		return nil
	}
	return []Block{{Type: "heading", Level: 2, Runs: []Run{{Text: label(language, "names")}}}, list}
}

// unfounded says that nothing at all of what a summary quotes is in the document: it was invented.
func (g grounded) unfounded() bool { return g.quoted >= 3 && g.found == 0 }

// doubtful says that several statements were looked up and none was found, though none of them was quoted: a summary in the model's own
// words may be true all the same. It is shown with a warning, and not under the title that the model gave it.
func (g grounded) doubtful() bool { return g.claims >= 3 && g.found == 0 }

// nothingFound is the error of a summary of which nothing is left.
func (r *run) nothingFound() *Error {
	return &Error{Code: CodeBadAnswer, Reason: string(gate.Unfounded), Message: gate.Unfounded.Sentence(r.provider.Model(), 1)}
}
