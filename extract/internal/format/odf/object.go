package odf

import (
	"io"
	"path"
	"slices"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/formula"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/zipx"
)

// maxLevel bounds documents in documents of one package.
const maxLevel = 3

// object writes an embedded document, chart or formula, which is a folder of the package or stands in the one XML file that all is in. It says
// whether nothing of n is left to be read.
func (o *odf) object(n *zipx.Node) bool {
	if n.Child(flatRoot) != nil {
		if o.level < maxLevel {
			o.embedded(n, flatRoot)
		}
		return true
	}
	o.folder(n.Get("href"))
	return false
}

func (o *odf) folder(href string) {
	href = strings.TrimPrefix(href, "./")
	if href == "" || strings.Contains(href, "..") || o.level >= maxLevel || !o.f.Has(href+"/content.xml") {
		return
	}
	if root, _ := o.f.Tree(href + "/content.xml"); root != nil {
		o.embedded(root, "document-content")
	}
}

// embedded writes a document in the element of that name.
func (o *odf) embedded(root *zipx.Node, element string) {
	for _, kind := range []string{"text", "spreadsheet", "presentation", "drawing"} {
		if body := root.Child(element, "body", kind); body != nil {
			o.document(body)
			return
		}
	}
	if chart := root.Child(element, "body", "chart"); chart != nil {
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
			numbers = append(numbers, withoutRanges(k))
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

// withoutRanges takes out of a chart's table where its cells come from, which programs keep as descriptions of empty groups.
func withoutRanges(n *zipx.Node) *zipx.Node {
	n.Kids = slices.DeleteFunc(n.Kids, func(k *zipx.Node) bool { return k.Name == "g" })
	for _, k := range n.Kids {
		withoutRanges(k)
	}
	return n
}

// document writes the text of an embedded document with its tables and lists. Its pictures are not looked at: they are small copies.
func (o *odf) document(body *zipx.Node) {
	sub := &odf{f: o.f, fmts: o.fmts, ends: o.ends, ids: o.ids, shows: o.shows, text: o.text, in: o.in, level: o.level + 1, book: o.book}
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
