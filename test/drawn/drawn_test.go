package drawn

import (
	"bytes"
	"testing"
)

// A page is the same in every run, another with another seed, and one of tables has rows.
func TestPagesAreDrawnAlike(t *testing.T) {
	wide := Go()
	wide.Wide = true
	printed := wide.Kinds()[:len(wide.Kinds())-len(wide.damaged())] // what happens to pages later is the same for either
	for _, k := range append(Kinds(), printed...) {
		a, b, other := k.Draw("a", 1), k.Draw("a", 1), k.Draw("b", 2)
		if !bytes.Equal(a.Image.Pix, b.Image.Pix) || bytes.Equal(a.Image.Pix, other.Image.Pix) {
			t.Errorf("%s: pages of one seed differ, or those of two do not", k.Name)
		}
		if len(a.Lines) == 0 || (len(a.Rows()) > 0) != k.Tables {
			t.Errorf("%s: %d lines, %d rows", k.Name, len(a.Lines), len(a.Rows()))
		}
	}
}
