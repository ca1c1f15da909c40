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

// attach reads what the PDF holds beside its pages: a form that they do not show, and files. Their texts follow the pages. A document with such
// is read by one child, for the others would read them too.
func (f *file) attach(locked bool) {
	texts := flow.Paginate(form(f.doc))
	texts = append(texts, flow.Paginate(strings.Join(f.attachedTexts(locked), "\n\n"))...)
	if len(texts) == 0 {
		return
	}
	if room := f.limits.MaxPages - f.info.Pages; len(texts) > room {
		texts = texts[:room]
		f.info.Warn("The files attached to the PDF hold more text than the limit of pages leaves room for; the rest of it is missing. Upload them by themselves if their text is needed.")
	}
	f.attached, f.own = &doc.Static{Texts: texts}, f.info.Pages
	f.info.Pages += len(texts)
	f.info.Random = false
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
