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

// attach reads the files that the PDF holds; their texts follow its pages. A document with some is read by one child, for the others would read
// them too.
func (f *file) attach(locked bool) {
	if f.limits.Embedded == nil {
		return
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
	if len(c.Texts) == 0 {
		return
	}
	attached := &doc.Static{Texts: flow.Paginate(strings.Join(c.Texts, "\n\n"))}
	if room := f.limits.MaxPages - f.info.Pages; len(attached.Texts) > room {
		attached.Texts = attached.Texts[:room]
		f.info.Warn("The files attached to the PDF hold more text than the limit of pages leaves room for; the rest of it is missing. Upload them by themselves if their text is needed.")
	}
	f.attached, f.own = attached, f.info.Pages
	f.info.Pages += len(attached.Texts)
	f.info.Random = false
}
