package office

import (
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/zipx"
)

func TestFormulas(t *testing.T) {
	r := func(s string) string { return `<m:r><m:t>` + s + `</m:t></m:r>` }
	for in, want := range map[string]string{
		`<m:oMath>` + r("π") + `<m:sSup><m:e>` + r("r") + `</m:e><m:sup>` + r("2") + `</m:sup></m:sSup></m:oMath>`:                            "πr^2",
		`<m:oMath><m:f><m:num>` + r("a+b") + `</m:num><m:den>` + r("2") + `</m:den></m:f></m:oMath>`:                                          "(a+b)/2",
		`<m:oMath><m:func><m:fName>` + r("log") + `</m:fName><m:e>` + r("x") + `</m:e></m:func></m:oMath>`:                                    "log x",
		`<m:oMath><m:d><m:dPr><m:begChr m:val="["/><m:endChr m:val="]"/></m:dPr><m:e>` + r("x") + `</m:e></m:d></m:oMath>`:                    "[x]",
		`<m:oMath><m:nary><m:naryPr><m:chr m:val="∑"/></m:naryPr><m:sub>` + r("n=1") + `</m:sub><m:e>` + r("k") + `</m:e></m:nary></m:oMath>`: "∑_(n=1) k",
		`<math><mrow><mi>a</mi><mo>=</mo><msqrt><mi>b</mi></msqrt></mrow><annotation>a = sqrt b</annotation></math>`:                          "a = √b",
	} {
		root, err := zipx.Tree(strings.NewReader(in))
		if err != nil {
			t.Fatal(err)
		}
		if got := mathText(root.Kids[0]); got != want {
			t.Errorf("%s: got %q, want %q", in, got, want)
		}
	}
	deep := strings.Repeat("<m:sSup><m:e>", 100)
	root, _ := zipx.Tree(strings.NewReader("<m:oMath>" + deep + r("x")))
	mathText(root.Kids[0])
}

func TestReadingsAboveWords(t *testing.T) {
	ruby := `<w:p><w:r><w:ruby><w:rt><w:r><w:t>とうきょう</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>東京</w:t></w:r></w:rubyBase></w:ruby></w:r></w:p>`
	f := container(t, map[string]string{"word/document.xml": `<w:document><w:body>` + ruby + `</w:body></w:document>`})
	s, err := OpenDOCX(f, "word/document.xml", limits)
	if got := pages(t, s, err); got != "東京 (とうきょう)" {
		t.Errorf("docx: %q", got)
	}
	f = container(t, map[string]string{"content.xml": `<office:document-content><office:body><office:text><text:p><text:ruby><text:ruby-base>東京</text:ruby-base><text:ruby-text>とうきょう</text:ruby-text></text:ruby></text:p></office:text></office:body></office:document-content>`})
	s, err = OpenODF(f, "odt", "", limits)
	if got := pages(t, s, err); got != "東京 (とうきょう)" {
		t.Errorf("odt: %q", got)
	}
}

func TestMastersOfPresentations(t *testing.T) {
	master := func(name, text string) string {
		return `<style:master-page style:name="` + name + `"><draw:frame presentation:placeholder="true"><draw:text-box><text:p>Click to edit</text:p></draw:text-box></draw:frame><draw:frame presentation:class="title"><draw:text-box><text:p>Click to edit</text:p></draw:text-box></draw:frame>` +
			`<draw:frame presentation:class="footer"><draw:text-box><text:p>` + text + `</text:p></draw:text-box></draw:frame><presentation:notes><text:p>of the notes</text:p></presentation:notes></style:master-page>`
	}
	f := container(t, map[string]string{
		"content.xml": `<office:document-content><office:body><office:presentation><presentation:footer-decl>Footer of a slide</presentation:footer-decl><draw:page draw:master-page-name="A"><text:p>Slide</text:p></draw:page></office:presentation></office:body></office:document-content>`,
		"styles.xml":  `<office:document-styles><office:styles><text:p>style</text:p></office:styles><office:master-styles>` + master("A", "shown") + master("B", "of no slide") + `</office:master-styles></office:document-styles>`,
	})
	s, err := OpenODF(f, "odp", "", limits)
	if got := pages(t, s, err); got != "Slide\n\nFooter of a slide\n\nshown" {
		t.Errorf("%q", got)
	}
}

func TestCommentsOfSlidesNameTheirAuthor(t *testing.T) {
	f := container(t, map[string]string{
		"ppt/presentation.xml":             `<p:presentation><p:sldId id="256" r:id="s"/></p:presentation>`,
		"ppt/_rels/presentation.xml.rels":  rels("s", "slide", "slides/slide1.xml", "a", "commentAuthors", "commentAuthors.xml"),
		"ppt/commentAuthors.xml":           `<p:cmAuthorLst><p:cmAuthor id="7" name="Ann Example"/></p:cmAuthorLst>`,
		"ppt/slides/slide1.xml":            `<p:sld/>`,
		"ppt/slides/_rels/slide1.xml.rels": rels("c", "comments", "../comments/comment1.xml"),
		"ppt/comments/comment1.xml":        `<p:cmLst><p:cm authorId="7"><p:text>too long</p:text></p:cm></p:cmLst>`,
	})
	s, err := OpenPPTX(f, "ppt/presentation.xml", limits)
	if got := pages(t, s, err); got != "> Ann Example: too long" {
		t.Errorf("%q", got)
	}
}
