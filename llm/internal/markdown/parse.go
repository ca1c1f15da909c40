// Package markdown is the form of a summary: blocks of plain runs, written as CommonMark and read back from what a model wrote.
package markdown

import (
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	source "github.com/yuin/goldmark/text"

	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/prose"
)

// Limits of a summary; docs/protocol.md, section 7, has the first.
const (
	maxBlocks   = 500
	maxRunRunes = 20_000
	maxItems    = 500
	maxColumns  = 20
	maxMarkdown = 1 << 20 // bytes of model output that are parsed at all
)

var markdownParser = sync.OnceValue(func() parser.Parser {
	return goldmark.New(goldmark.WithExtensions(extension.Table, extension.Strikethrough)).Parser()
})

// Parse reads a model's Markdown as blocks. Links and images become their text, raw HTML
// vanishes, heading levels are clamped to 2..4, nested lists become one list.
func Parse(md string) []Block {
	md = prose.Clean(md)
	if len(md) > maxMarkdown {
		md = strings.ToValidUTF8(md[:maxMarkdown], "")
	}
	src := []byte(md)
	p := blockReader{src: src}
	p.blocks(markdownParser().Parse(source.NewReader(src)), false)
	return p.out
}

type blockReader struct {
	src []byte
	out []Block
}

func (p *blockReader) push(b Block) {
	if len(p.out) < maxBlocks {
		p.out = append(p.out, b)
	}
}

func (p *blockReader) blocks(parent ast.Node, quoted bool) {
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		switch n := n.(type) {
		case *ast.Heading:
			if r := p.runs(n); len(r) > 0 {
				p.push(Block{Type: "heading", Level: min(4, max(2, n.Level)), Runs: plainHeading(r)})
			}
		case *ast.Paragraph, *ast.TextBlock:
			kind := "paragraph"
			if quoted {
				kind = "quote"
			}
			if r := p.runs(n); len(r) > 0 {
				p.push(Block{Type: kind, Runs: r})
			}
		case *ast.Blockquote:
			p.blocks(n, true)
		case *ast.List:
			var items [][]Run
			p.items(n, &items)
			if len(items) > 0 {
				p.push(Block{Type: "list", Ordered: n.IsOrdered(), Items: items})
			}
		case *ast.FencedCodeBlock, *ast.CodeBlock:
			if t := strings.TrimRight(p.lines(n), "\n "); strings.TrimSpace(t) != "" {
				p.push(Block{Type: "code", Text: capRunes(t)})
			}
		case *east.Table:
			p.table(n)
		}
	}
}

func plainHeading(runs []Run) []Run {
	var b strings.Builder
	for _, r := range runs {
		b.WriteString(r.Text)
	}
	return []Run{{Text: strings.TrimSpace(b.String())}}
}

// items flattens a list: an item's text is one entry, items nested in it follow as their own.
func (p *blockReader) items(list ast.Node, items *[][]Run) {
	for li := list.FirstChild(); li != nil; li = li.NextSibling() {
		var own []Run
		var nested []ast.Node
		for c := li.FirstChild(); c != nil; c = c.NextSibling() {
			switch c.Kind() {
			case ast.KindList:
				nested = append(nested, c)
			case ast.KindFencedCodeBlock, ast.KindCodeBlock:
				if t := prose.OneLine(p.lines(c)); t != "" {
					own = append(own, spaced(own, []Run{{Text: capRunes(t), Code: true}})...)
				}
			case ast.KindHTMLBlock:
			case ast.KindBlockquote:
				for q := c.FirstChild(); q != nil; q = q.NextSibling() {
					own = append(own, spaced(own, p.runs(q))...)
				}
			default:
				own = append(own, spaced(own, p.runs(c))...)
			}
		}
		if own = mergeRuns(own); len(own) > 0 && len(*items) < maxItems {
			*items = append(*items, own)
		}
		for _, n := range nested {
			p.items(n, items)
		}
	}
}

func spaced(have, add []Run) []Run {
	if len(have) == 0 || len(add) == 0 {
		return add
	}
	return append([]Run{{Text: " "}}, add...)
}

func (p *blockReader) table(t *east.Table) {
	b := Block{Type: "table"}
	for r := t.FirstChild(); r != nil; r = r.NextSibling() {
		var cells [][]Run
		for c := r.FirstChild(); c != nil && len(cells) < maxColumns; c = c.NextSibling() {
			cells = append(cells, cellOf(p.runs(c)))
		}
		if _, ok := r.(*east.TableHeader); ok {
			b.Header = cells
		} else if len(b.Rows) < maxItems {
			b.Rows = append(b.Rows, cells)
		}
	}
	for i := range b.Rows { // every row as wide as the header
		for len(b.Rows[i]) < len(b.Header) {
			b.Rows[i] = append(b.Rows[i], []Run{})
		}
		b.Rows[i] = b.Rows[i][:len(b.Header)]
	}
	if len(b.Header) > 0 {
		p.push(b)
	}
}

// cellOf is an empty list for an empty cell: null would be another thing on the wire.
func cellOf(runs []Run) []Run {
	if runs == nil {
		return []Run{}
	}
	return runs
}

func (p *blockReader) lines(n ast.Node) string {
	var b strings.Builder
	for i := range n.Lines().Len() {
		s := n.Lines().At(i)
		b.Write(s.Value(p.src))
	}
	return b.String()
}

func (p *blockReader) runs(n ast.Node) []Run {
	var out []Run
	p.inline(n, Run{}, &out)
	return mergeRuns(out)
}

func (p *blockReader) inline(n ast.Node, style Run, out *[]Run) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		s := style
		switch c := c.(type) {
		case *ast.Text:
			s.Text = string(c.Segment.Value(p.src))
			if !c.IsRaw() && !style.Code {
				s.Text = unescapeMarkdown(s.Text)
			}
			if c.SoftLineBreak() || c.HardLineBreak() {
				s.Text += " "
			}
			*out = append(*out, s)
		case *ast.String:
			s.Text = string(c.Value)
			*out = append(*out, s)
		case *ast.Emphasis:
			if c.Level == 1 {
				s.Italic = true
			} else {
				s.Bold = true
			}
			p.inline(c, s, out)
		case *ast.CodeSpan:
			s.Code = true
			p.inline(c, s, out)
		case *ast.AutoLink:
			s.Text = string(c.Label(p.src))
			*out = append(*out, s)
		case *ast.RawHTML:
		default: // links, images, strikethrough: their text
			p.inline(c, s, out)
		}
	}
}

// mergeRuns joins neighbours of the same style, collapses spaces, trims the ends and caps lengths.
func mergeRuns(in []Run) []Run {
	var out []Run
	for _, r := range in {
		r.Text = strings.NewReplacer("\n", " ", "\t", " ").Replace(r.Text)
		if strings.TrimSpace(r.Text) == "" {
			r.Bold, r.Italic, r.Code = false, false, false
		}
		if n := len(out); n > 0 {
			if strings.HasSuffix(out[n-1].Text, " ") {
				r.Text = strings.TrimLeft(r.Text, " ")
			}
			if same := out[n-1]; same.Bold == r.Bold && same.Italic == r.Italic && same.Code == r.Code {
				out[n-1].Text += r.Text
				continue
			}
		}
		if r.Text != "" {
			out = append(out, r)
		}
	}
	for i := range out {
		out[i].Text = capRunes(prose.CollapseSpaces(out[i].Text))
	}
	if len(out) > 0 {
		out[0].Text = strings.TrimLeft(out[0].Text, " ")
		out[len(out)-1].Text = strings.TrimRight(out[len(out)-1].Text, " ")
	}
	kept := out[:0]
	for _, r := range out {
		if r.Text != "" {
			kept = append(kept, r)
		}
	}
	return kept
}

func capRunes(s string) string {
	if len(s) <= maxRunRunes || utf8.RuneCountInString(s) <= maxRunRunes {
		return s
	}
	return string([]rune(s)[:maxRunRunes])
}

// unescapeMarkdown resolves backslash escapes and the entities of the text node's source.
func unescapeMarkdown(s string) string {
	if !strings.ContainsAny(s, `\&`) {
		return s
	}
	return resolveText(s)
}

// Block is one block of a summary: see docs/protocol.md, section 7.
type Block struct {
	Type    string    `json:"type"`            // heading, paragraph, list, quote, code, table
	Level   int       `json:"level,omitempty"` // heading: 2..4
	Ordered bool      `json:"ordered,omitempty"`
	Runs    []Run     `json:"runs,omitempty"`
	Items   [][]Run   `json:"items,omitempty"`
	Text    string    `json:"text,omitempty"` // code
	Header  [][]Run   `json:"header,omitempty"`
	Rows    [][][]Run `json:"rows,omitempty"`
}

// Run is a piece of inline text with its emphasis.
type Run struct {
	Text   string `json:"text"`
	Bold   bool   `json:"bold,omitempty"`
	Italic bool   `json:"italic,omitempty"`
	Code   bool   `json:"code,omitempty"`
	Page   int    `json:"page,omitempty"` // the text names this page of the document; Markdown does not show it
}

// PlainText is the text of a block without its marks.
func PlainText(b Block) string {
	var s strings.Builder
	add := func(runs []Run) {
		for _, r := range runs {
			s.WriteString(r.Text)
		}
		s.WriteByte(' ')
	}
	add(b.Runs)
	for _, it := range b.Items {
		add(it)
	}
	s.WriteString(b.Text)
	return strings.TrimSpace(s.String())
}
