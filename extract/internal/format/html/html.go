// Package html turns web pages into text with lists and tables.
package html

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/net/html/charset"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/encodings"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/flow"
)

// Doc is what an HTML page holds.
type Doc struct {
	Title, Text string
	Article     bool // lines of Text are marked as asides (Page)
	Links       doc.Links
}

// HTML reads a page as Markdown-like text. contentType may name the encoding.
func HTML(data []byte, contentType string) Doc {
	return HTMLText(decodeHTML(data, contentType))
}

func decodeHTML(data []byte, contentType string) string {
	head := data[:min(len(data), 1024)]
	if _, name, certain := charset.DetermineEncoding(head, contentType); certain || bytes.Contains(bytes.ToLower(head), []byte("charset")) {
		return Labelled(data, name)
	}
	return encodings.Raw(data)
}

// Labelled decodes text of a stated encoding, unless the bytes say that the label is wrong:
// broken UTF-8 under its own label, or whole UTF-8 under that of one byte a letter.
func Labelled(data []byte, label string) string {
	e, name := charset.Lookup(label)
	whole := utf8.Valid(data)
	switch {
	case e == nil, name == "utf-8" && !whole, whole && multibyte(data) && oneByte(name):
		return encodings.Raw(data)
	}
	return encodings.With(e, data)
}

func oneByte(name string) bool {
	return strings.HasPrefix(name, "windows-") || strings.HasPrefix(name, "iso-8859") || strings.HasPrefix(name, "koi8") || name == "macintosh"
}

// multibyte says that there are letters outside ASCII.
func multibyte(data []byte) bool {
	return bytes.ContainsFunc(data, func(r rune) bool { return r >= 0x80 })
}

// HTMLText reads decoded HTML.
func HTMLText(s string) Doc { return htmlText(s, 0) }

// maxFrames bounds how deep documents written into attributes are read.
const maxFrames = 3

func htmlText(s string, depth int) Doc { return (&walker{depth: depth}).read(s) }

func (w *walker) read(s string) Doc {
	z := html.NewTokenizer(strings.NewReader(s))
	z.SetMaxBuf(8 << 20)
	for {
		switch z.Next() {
		case html.ErrorToken:
			return Doc{Title: strings.TrimSpace(w.title.String()), Text: w.finish(), Links: w.links.told(nil)}
		case html.TextToken:
			w.text(string(z.Text()))
		case html.StartTagToken, html.SelfClosingTagToken:
			t := z.Token()
			w.open(t)
		case html.EndTagToken:
			name, _ := z.TagName()
			w.close(atom.Lookup(name))
		}
	}
}

// walker writes text as tags pass by. It needs no tree, so depth costs nothing.
type walker struct {
	out    bytes.Buffer
	title  strings.Builder
	inHead bool
	skip   int // depth inside script, style …
	pre    int
	quote  int // open quotations
	gap    int // newlines to write before the next text
	space  bool
	lists  []list
	tables []*htmlTable
	depth  int // inside documents written into attributes
	math   int // open formulas
	around *around
	links  anchors
}

type list struct {
	ordered bool
	n       int
	format  string // as ordinal.Text names it
}

type htmlTable struct {
	rows  [][]string
	saved bytes.Buffer
	cells int // in rows
	cell  bool
}

func (w *walker) para(n int) {
	w.gap = max(w.gap, n)
	w.space = false
}

func (w *walker) text(s string) {
	if w.inHead {
		w.title.WriteString(s)
		return
	}
	if w.skip > 0 {
		return
	}
	s = flow.Hyphens(s)
	w.links.say(s)
	if w.pre > 0 {
		w.flush()
		w.out.WriteString(s)
		return
	}
	for i, f := range strings.FieldsFunc(s, space) {
		if i > 0 || space(rune(s[0])) {
			w.space = true
		}
		w.flush()
		w.out.WriteString(w.around.sign())
		w.out.WriteString(f)
	}
	if s != "" && space(rune(s[len(s)-1])) {
		w.space = true
	}
}

func space(r rune) bool { return r == ' ' || r == '\n' || r == '\t' || r == '\r' || r == '\f' }

// flush writes the separator before the next text.
func (w *walker) flush() {
	first := w.out.Len() == 0
	if !first {
		switch {
		case w.gap > 0:
			w.out.WriteString(strings.Repeat("\n", w.gap))
		case w.space:
			w.out.WriteByte(' ')
		}
	}
	if w.quote > 0 && (first || w.gap > 0) && len(w.tables) == 0 {
		w.out.WriteString(strings.Repeat("> ", min(w.quote, 8)))
	}
	w.gap, w.space = 0, false
}

func (w *walker) open(t html.Token) {
	w.around.start(t)
	switch t.DataAtom {
	case atom.Title:
		w.inHead = w.title.Len() == 0 && t.Type == html.StartTagToken
	case atom.A:
		if w.skip == 0 {
			w.links.begin(t)
		}
	case atom.Base:
		w.links.setBase(t)
	case atom.Iframe:
		w.frame(t)
		if t.Type == html.StartTagToken {
			w.skip++
		}
	case atom.Script, atom.Style, atom.Noscript, atom.Template, atom.Svg, atom.Object:
		if t.Type == html.StartTagToken {
			w.skip++
		}
	case atom.Br:
		if w.cell() {
			w.space = true
		} else {
			w.para(1)
		}
	case atom.Hr:
		w.para(2)
	case atom.Math:
		w.space = true
		if t.Type == html.StartTagToken {
			w.math++
		}
	case atom.Mi, atom.Mn, atom.Mo, atom.Ms, atom.Mtext:
		w.space = w.space || w.math > 0
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		w.para(2)
		if w.skip == 0 && !w.cell() {
			w.flush()
			w.out.WriteString(strings.Repeat("#", int(t.Data[1]-'0')) + " ")
		}
	case atom.P, atom.Div, atom.Section, atom.Article, atom.Header, atom.Footer, atom.Dl, atom.Figure, atom.Main, atom.Aside, atom.Nav, atom.Form, atom.Address, atom.Fieldset, atom.Details:
		w.para(2)
	case atom.Blockquote:
		w.para(2)
		w.quote++
	case atom.Dt, atom.Dd, atom.Figcaption, atom.Option, atom.Legend, atom.Summary, atom.Caption:
		w.para(1)
	case atom.Ul, atom.Ol:
		w.para(2 - min(1, len(w.lists)))
		if len(w.lists) < 32 {
			w.lists = append(w.lists, newList(t))
		}
	case atom.Li:
		w.item(t)
	case atom.Pre, atom.Textarea:
		w.para(2)
		w.pre++
	case atom.Img:
		w.image(t)
	case atom.Input:
		w.input(t)
	default:
		w.openTable(t.DataAtom)
	}
}

func (w *walker) close(a atom.Atom) {
	w.around.end(a)
	switch a {
	case atom.Title:
		w.inHead = false
	case atom.A:
		w.links.end()
	case atom.Script, atom.Style, atom.Noscript, atom.Template, atom.Svg, atom.Object, atom.Iframe:
		w.skip = max(0, w.skip-1)
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.P, atom.Div, atom.Section, atom.Article, atom.Header, atom.Footer, atom.Dl, atom.Figure, atom.Main, atom.Aside, atom.Nav, atom.Form, atom.Address, atom.Fieldset, atom.Details:
		w.para(2)
	case atom.Blockquote:
		w.para(2)
		w.quote = max(0, w.quote-1)
	case atom.Ul, atom.Ol:
		w.lists = w.lists[:max(0, len(w.lists)-1)]
		w.para(2 - min(1, len(w.lists)))
	case atom.Li, atom.Dt, atom.Dd, atom.Option, atom.Caption:
		w.para(1)
	case atom.Pre, atom.Textarea:
		w.pre = max(0, w.pre-1)
		w.para(2)
	case atom.Body, atom.Html, atom.Head:
		w.inHead = false
	case atom.Math:
		w.math = max(0, w.math-1)
		w.space = true
	default:
		w.closeTable(a)
	}
}

func (w *walker) finish() string {
	for len(w.tables) > 0 {
		w.closeTable(atom.Table)
	}
	return strings.TrimSpace(w.out.String())
}
