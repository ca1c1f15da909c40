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

// document writes the text of an embedded document with its tables and lists. Its pictures are not looked at: they are small copies.
func (o *odf) document(body *zipx.Node) {
	sub := &odf{f: o.f, fmts: o.fmts, ends: o.ends, ids: o.ids, text: o.text, in: o.in, level: o.level + 1}
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
