package ooxml

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/flow"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/formula"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/zipx"
)

// runs collects the text of one paragraph.
type runs struct {
	d     *docx
	b     strings.Builder
	boxes []*zipx.Node // text boxes anchored here, written after the paragraph
	depth int
	field string // what the form field that was begun shows, where no text of its own follows
	from  int    // where it began
	code  string // the instruction of the field
	shown int    // where its result began

	hidden bool // by the style of the paragraph
}

// pages is the text cut at page borders; there is one piece at least.
func (w *runs) pages() []string {
	pieces := strings.Split(w.b.String(), flow.PageMark)
	for i, s := range pieces {
		pieces[i] = strings.Trim(s, " \n")
	}
	return pieces
}

func (w *runs) kids(n *zipx.Node) {
	if w.depth++; w.depth < 100 {
		for _, k := range n.Kids {
			w.node(k)
		}
	}
	w.depth--
}

func (w *runs) node(n *zipx.Node) {
	switch n.Name {
	case "":
	case "r":
		if w.hides(n) {
			w.unseen(n)
		} else {
			w.kids(n)
		}
	case "inline", "anchor", "shape", "rect", "group":
		if !isHidden(n) {
			w.kids(n)
		}
	case "t":
		w.b.WriteString(flow.Hyphens(n.Content()))
	case "tab", "ptab":
		w.b.WriteByte('\t')
	case "br", "cr":
		if n.Get("type") == "page" {
			w.b.WriteString(flow.PageMark)
		} else {
			w.b.WriteByte('\n')
		}
	case "lastRenderedPageBreak":
		w.b.WriteString(flow.PageMark)
	case "softHyphen":
	case "noBreakHyphen":
		w.b.WriteByte('-')
	case "hyperlink":
		from := w.b.Len()
		w.kids(n)
		w.d.links.add(w.b.String()[from:], n.Get("id"))
	case "instrText":
		if len(w.code) < doc.MaxField {
			w.code += n.Content()
		}
	case "fldChar":
		w.formField(n)
	case "sym":
		if v, err := strconv.ParseUint(n.Get("char"), 16, 32); err == nil && v >= 0x20 {
			w.b.WriteRune(symbol(n.Get("font"), rune(v)))
		}
	case "footnoteReference", "endnoteReference":
		w.d.note(&w.b, strings.TrimSuffix(n.Name, "Reference")+"s", n.Get("id"))
	case "commentReference":
		w.d.notes.use("comments", n.Get("id"))
	case "txbxContent":
		w.boxes = append(w.boxes, n)
	case "docPr":
		if click := n.Child("hlinkClick"); click != nil {
			w.d.links.add(altText(n.Get("descr")), click.Get("id"))
		}
		w.after(altText(n.Get("descr")))
	case "imagedata":
		w.after(altText(n.Get("title")))
		w.d.picture(n.Get("id"))
	case "textpath": // letters drawn along a line, as older WordArt is
		w.after(strings.TrimSpace(n.Get("string")))
	case "blip":
		w.d.picture(n.Get("embed"))
	case "oMath":
		w.b.WriteString(formula.Text(n))
	case "relIds", "chart":
		w.after(graphicText(w.d.f, w.d.rels, n))
	case "ruby":
		w.ruby(n)
	case "pPr", "rPr", "delText", "del", "moveFrom", "Fallback", "sdtPr":
	default:
		w.kids(n)
	}
}

// formField writes what a box or a list of a form shows, of which older forms keep the state alone.
func (w *runs) formField(n *zipx.Node) {
	switch n.Get("fldCharType") {
	case "begin":
		w.code = ""
		w.field, w.from = fieldState(n.Child("ffData")), w.b.Len()
	case "separate":
		w.shown = w.b.Len()
	case "end":
		if w.code != "" && w.shown <= w.b.Len() {
			w.d.links.field(w.b.String()[w.shown:], w.code)
		}
		w.code = ""
		if w.b.Len() == w.from {
			w.b.WriteString(w.field)
		}
		w.field = ""
	}
}

// fieldState is a ticked or an empty box, or what is chosen of a list.
func fieldState(data *zipx.Node) string {
	if box := data.Child("checkBox"); box != nil {
		state := box.Child("checked")
		if state == nil {
			state = box.Child("default")
		}
		if state == nil || !on(state.Get("val")) {
			return "☐"
		}
		return "☒"
	}
	list := data.Child("ddList")
	if list == nil {
		return ""
	}
	var entries []string
	for _, k := range list.Kids {
		if k.Name == "listEntry" {
			entries = append(entries, k.Get("val"))
		}
	}
	if i := zipx.Atoi(cmp.Or(list.Val("result"), list.Val("default")), 0); i >= 0 && i < len(entries) {
		return entries[i]
	}
	return ""
}

// on is whether a switch that is there is on: without a value it is.
func on(val string) bool { return val == "" || val == "1" || val == "true" || val == "on" }

// ruby writes a word and, in brackets, the reading that stands above it.
func (w *runs) ruby(n *zipx.Node) {
	if base := n.Child("rubyBase"); base != nil {
		w.kids(base)
	}
	if rt := n.Child("rt"); rt != nil && strings.TrimSpace(rt.Content()) != "" {
		w.b.WriteString(" (")
		w.kids(rt)
		w.b.WriteString(")")
	}
}

// after writes what a picture is described with, or what a drawing says, after the paragraph.
func (w *runs) after(s string) {
	if s != "" {
		w.boxes = append(w.boxes, &zipx.Node{Name: "p", Kids: []*zipx.Node{{Name: "t", Kids: []*zipx.Node{{Text: s}}}}})
	}
}

// altText brackets the description of a picture; of a path, which programs put there, the file's name is kept.
func altText(s string) string {
	s = strings.TrimSpace(s)
	if len(s) > 2 && (s[1:3] == `:\` || strings.HasPrefix(s, `\\`) || strings.HasPrefix(s, "file:")) {
		s = s[strings.LastIndexAny(s, `\/`)+1:]
	}
	if s == "" || len(s) >= 2000 {
		return ""
	}
	return "[" + s + "]"
}

// symbol maps the private codes of the Symbol and Wingdings fonts that matter in text.
func symbol(font string, r rune) rune {
	if r >= 0xf000 && r <= 0xf0ff {
		r -= 0xf000
	}
	switch {
	case strings.HasPrefix(font, "Wingdings"):
		switch r {
		case 0xfc:
			return '✓'
		case 0xfb:
			return '✗'
		case 0xa8, 0x6f:
			return '☐'
		case 0xfe:
			return '☑'
		case 0xfd:
			return '☒'
		case 0xe0:
			return '→'
		case 0xdf:
			return '←'
		}
		return '•'
	case font == "Symbol":
		if g, ok := greek[r]; ok {
			return g
		}
	}
	return r
}

var greek = func() map[rune]rune {
	m := map[rune]rune{0xb7: '•', 0xb0: '°', 0xb1: '±', 0xb3: '≥', 0xa3: '≤', 0xb4: '×', 0xb8: '÷', 0xb9: '≠', 0xae: '→', 0xac: '←', 0xa5: '∞', 0xd6: '√', 0xe5: '∑', 0xf2: '∫'}
	to := []rune("ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ")
	for i, g := range to {
		m[rune('A'+i)] = g
	}
	for i, g := range []rune("αβχδεφγηιϕκλμνοπθρστυϖωξψζ") {
		m[rune('a'+i)] = g
	}
	return m
}()
