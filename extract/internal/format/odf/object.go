package odf

import (
	"io"
	"path"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/formula"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/zipx"
)

// maxLevel bounds documents in documents of one package.
const maxLevel = 3

// object writes an embedded document, chart or formula.
func (o *odf) object(href string) {
	href = strings.TrimPrefix(href, "./")
	if href == "" || strings.Contains(href, "..") || o.level >= maxLevel || !o.f.Has(href+"/content.xml") {
		return
	}
	root, _ := o.f.Tree(href + "/content.xml")
	if root == nil {
		return
	}
	for _, kind := range []string{"text", "spreadsheet", "presentation", "drawing"} {
		if body := root.Child("document-content", "body", kind); body != nil {
			o.document(body)
			return
		}
	}
	if chart := root.Child("document-content", "body", "chart"); chart != nil {
		o.chart(chart)
		return
	}
	var parts []string
	if s := formula.OfPart(root); s != "" {
		parts = append(parts, s)
	}
	for _, p := range zipx.Paragraphs(root) {
		if s := strings.TrimSpace(p.Content()); s != "" {
			parts = append(parts, s)
		}
	}
	o.out.Add(strings.Join(parts, " "), "\n\n")
}

// chart writes the words of a chart, and its numbers as a table where they stand nowhere else: those of a chart on a sheet are the sheet's.
func (o *odf) chart(n *zipx.Node) {
	var words []string
	var numbers []*zipx.Node
	n.Walk(func(k *zipx.Node) bool {
		switch k.Name {
		case "table":
			numbers = append(numbers, k)
		case "p":
			if s := strings.TrimSpace(k.Content()); s != "" {
				words = append(words, s)
			}
		default:
			return true
		}
		return false
	})
	text := strings.Join(words, "\n")
	if o.cell { // it hangs there and is no text of it
		if text != "" {
			o.notes = append(o.notes, text)
		}
		return
	}
	o.out.Add(text, "\n\n")
	if !o.book {
		o.document(&zipx.Node{Kids: numbers})
	}
}

// document writes the text of an embedded document with its tables and lists. Its pictures are not looked at: they are small copies.
func (o *odf) document(body *zipx.Node) {
	sub := &odf{f: o.f, fmts: o.fmts, ends: o.ends, ids: o.ids, text: o.text, in: o.in, level: o.level + 1, book: o.book}
	sub.top, sub.out.Hard = &sub.out, true
	sub.kids(body)
	o.notes = append(o.notes, sub.notes...)
	for _, s := range sub.out.Done() {
		o.out.Add(s, "\n\n")
	}
}

// foreign reads an object of another program, which the package holds as a compound file.
func (o *odf) foreign(href string) {
	href = strings.TrimPrefix(href, "./")
	if o.in == nil || !o.f.Has(href) {
		return
	}
	o.in.Texts = nil
	o.in.Add(path.Base(href), func() (io.ReadCloser, error) { return o.f.Reader(href) })
	for _, s := range o.in.Texts {
		o.out.Add(s, "\n\n")
	}
}
