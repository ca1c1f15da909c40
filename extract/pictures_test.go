package extract

import (
	"image"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/formattest"
)

// testPictures wants the words of a scan pasted into an office file, and nothing of a photograph.
func testPictures(t *testing.T) {
	scan := string(jpegOf(t, sheet(t, "The harbour was frozen in winter", "and the boats stayed on land.")))
	grain := image.NewGray(image.Rect(0, 0, 400, 300))
	for i := range grain.Pix {
		grain.Pix[i] = byte(rand.Uint32())
	}
	photo := string(jpegOf(t, grain))
	rels := func(r ...string) string {
		return `<Relationships><Relationship Id="p1" Type="http://x/` + r[0] + `" Target="` + r[1] + `"/><Relationship Id="p2" Type="http://x/image" Target="` + r[2] + `"/></Relationships>`
	}
	blip := func(id string) string {
		return `<w:drawing><pic:pic><pic:blipFill><a:blip r:embed="` + id + `"/></pic:blipFill></pic:pic></w:drawing>`
	}
	slide := func(text, id string) string {
		return `<p:sld><p:sp><p:txBody><a:p><a:r><a:t>` + text + `</a:t></a:r></a:p></p:txBody></p:sp><p:pic><p:blipFill><a:blip r:embed="` + id + `"/></p:blipFill></p:pic></p:sld>`
	}
	for _, c := range []struct {
		name  string
		data  []byte
		pages int
		at    int    // the page with the words
		typed string // what stands on it beside them
	}{
		{"docx of scans only", formattest.Zip(t, "word/document.xml", `<w:document><w:body><w:p><w:r>`+blip("p1")+blip("p2")+`</w:r></w:p></w:body></w:document>`,
			"word/_rels/document.xml.rels", rels("image", "media/1.jpg", "media/2.jpg"), "word/media/1.jpg", scan, "word/media/2.jpg", photo), 1, 0, ""},
		{"docx, in a cell of page two", formattest.Zip(t, "word/document.xml", `<w:document><w:body><w:p><w:r><w:t>one</w:t></w:r></w:p><w:p><w:r><w:br w:type="page"/><w:lastRenderedPageBreak/><w:t>two</w:t></w:r></w:p><w:tbl><w:tr><w:tc><w:p><w:r>`+blip("p1")+`</w:r></w:p></w:tc></w:tr></w:tbl></w:body></w:document>`,
			"word/_rels/document.xml.rels", rels("image", "media/1.jpg", "media/2.jpg"), "word/media/1.jpg", scan), 2, 1, "two"},
		{"pptx", formattest.Zip(t, "ppt/presentation.xml", `<p:presentation><p:sldIdLst><p:sldId r:id="p1"/><p:sldId r:id="p2"/></p:sldIdLst></p:presentation>`, "ppt/_rels/presentation.xml.rels", rels("slide", "slides/slide1.xml", "slides/slide2.xml"),
			"ppt/slides/slide1.xml", slide("Photo", "p1"), "ppt/slides/slide2.xml", slide("Harbour", "p2"), "ppt/slides/_rels/slide1.xml.rels", rels("image", "../media/1.jpg", ""), "ppt/slides/_rels/slide2.xml.rels", rels("image", "../media/1.jpg", "../media/2.jpg"),
			"ppt/media/1.jpg", photo, "ppt/media/2.jpg", scan), 2, 1, "Harbour"},
		{"odt", formattest.Zip(t, "mimetype", "application/vnd.oasis.opendocument.text", "content.xml", `<office:document-content><office:body><office:text><text:p>Harbour<draw:frame><draw:image xlink:href="Pictures/1.jpg"/></draw:frame></text:p></office:text></office:body></office:document-content>`, "Pictures/1.jpg", scan), 1, 0, "Harbour"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, pages, err := read(t, c.name, c.data)
			if err != nil || len(pages) != c.pages {
				t.Fatalf("%d pages, %v; want %d", len(pages), err, c.pages)
			}
			for _, p := range pages {
				found := strings.Contains(p.Text, "harbour was frozen") && strings.Contains(p.Text, "boats stayed on land")
				if here := p.Number-1 == c.at; found != here || here != (p.Method == MethodOCR) {
					t.Errorf("page %d by %s: %q", p.Number, p.Method, p.Text)
				}
				if p.Number-1 == c.at && (!strings.HasPrefix(p.Text, c.typed) || p.Confidence < 0.6 || p.Confidence >= 1 || p.Language == "") {
					t.Errorf("%q with confidence %.2f in %q", p.Text, p.Confidence, p.Language)
				}
			}
		})
	}
}
