package ooxml

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/formattest"
)

// Notes are read one by one, also one of so many nodes that it comes in pieces; each is numbered where it is first met.
func TestNotesOfAnySize(t *testing.T) {
	const runs = 300_000 // with their texts more nodes than one child is handed over with
	long := strings.Repeat("<w:r><w:t>x</w:t></w:r>", runs)
	body := `<w:p><w:r><w:t>a</w:t><w:footnoteReference w:id="9"/></w:r></w:p><w:p><w:r><w:t>b</w:t><w:footnoteReference w:id="5"/></w:r></w:p><w:p><w:r><w:t>c</w:t><w:footnoteReference w:id="9"/><w:footnoteReference w:id="6"/></w:r></w:p>`
	f := formattest.Container(t, map[string]string{
		"word/document.xml":  `<w:document><w:body>` + body + `</w:body></w:document>`,
		"word/footnotes.xml": `<w:footnotes><w:footnote w:id="5"><w:p>` + long + `</w:p></w:footnote>` + "\n" + `<w:footnote w:id="6"/><w:footnote w:id="9">` + formattest.Paragraph("short") + `</w:footnote></w:footnotes>`,
	})
	s, err := OpenDOCX(f, "word/document.xml", formattest.Limits)
	got := formattest.Pages(t, s, err)
	if head := "a[1]\n\nb[2]\n\nc[1]\n\n[1] short\n\n[2] x"; !strings.HasPrefix(got, head) {
		t.Errorf("it begins with %.60q, not with %q", got, head)
	}
	if n := strings.Count(got, "x"); n != runs {
		t.Errorf("%d of %d words of the long note", n, runs)
	}
}

// Of more styles than any program writes the first ones are kept.
func TestStylesAreBounded(t *testing.T) {
	var all strings.Builder
	for i := range maxStyles + 10 {
		fmt.Fprintf(&all, `<w:style w:styleId="s%d"><w:name w:val="heading 2"/></w:style>`, i)
	}
	f := formattest.Container(t, map[string]string{"word/styles.xml": `<w:styles>` + all.String() + `</w:styles>`})
	m := loadStyles(f, "word/styles.xml")
	if len(m) != maxStyles || m.resolve("s7").outline != 2 || m.resolve(fmt.Sprintf("s%d", maxStyles)).outline != 0 {
		t.Errorf("%d styles are kept, of which one has level %d", len(m), m.resolve("s7").outline)
	}
}
