package pdf

import (
	"io"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/flow"
)

// sameAgain are the relations of attached files that say what the pages say: what they were made from, and the invoice that they
// show as XML for machines.
var sameAgain = map[string]bool{"Source": true, "Alternative": true}

// attach reads what the PDF holds beside its pages: a form that they do not show, and files. Their texts follow the pages. Where the number of
// pages is known, as to a child that joins another, that waits until one of these is asked for.
func (f *file) attach(locked bool) {
	f.own = f.info.Pages
	if n := f.limits.Pages; n >= f.own {
		f.info.Pages = n
		f.later = func() { f.attached = &doc.Static{Texts: f.beside(locked)} }
		return
	}
	texts := f.beside(locked)
	if room := f.limits.MaxPages - f.own; len(texts) > room {
		texts = texts[:room]
		f.info.Warn("The files attached to the PDF hold more text than the limit of pages leaves room for; the rest of it is missing. Upload them by themselves if their text is needed.")
	}
	f.attached = &doc.Static{Texts: texts}
	f.info.Pages += len(texts)
}

// attachedPage is a page behind the document's own. Reading once more may have found less, where time was short.
func (f *file) attachedPage(i int) (doc.Page, error) {
	if f.attached == nil {
		f.later()
	}
	if i >= len(f.attached.Texts) {
		return doc.Page{Method: doc.MethodEmpty, Confidence: 1}, nil
	}
	return f.attached.Page(i)
}

// beside gives the texts of form and files.
func (f *file) beside(locked bool) []string {
	texts := flow.Paginate(f.form())
	return append(texts, flow.Paginate(strings.Join(f.attachedTexts(locked), "\n\n"))...)
}

// attachedTexts reads the files that the PDF holds.
func (f *file) attachedTexts(locked bool) []string {
	if f.limits.Embedded == nil {
		return nil
	}
	c := flow.NewInside(f.limits)
	for _, a := range f.doc.Attachments() {
		switch {
		case sameAgain[a.Relation]:
		case locked:
			c.Skip(a.Name, doc.Encrypted("attached"))
		default:
			c.Add(a.Name, func() (io.ReadCloser, error) { return f.doc.Open(a) })
		}
	}
	return c.Texts
}
