package extract

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/png"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/formattest"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/page/raster"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/pool"
)

// realPool is shared by the tests that read real files: starting children costs more than reading.
var realPool = sync.OnceValues(func() (*Pool, error) {
	return New(Config{Workers: 2, Logger: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))})
})

func sharedPool(t testing.TB) *Pool {
	t.Helper()
	p, err := realPool()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestReal groups them so that the shared pool is closed before goroutines are counted. They run side by side: most of their
// time is recognition, and the pool has two children.
func TestReal(t *testing.T) {
	p := sharedPool(t)
	t.Run("all", func(t *testing.T) {
		for name, test := range map[string]func(*testing.T){
			"documents": testDocuments, "refusals": testRefusals, "recognition": testRecognition, "pictures": testPictures,
			"mixed": testMixedPDF, "sandbox": testSandbox, "bomb": testBomb, "form": testFormat, "readings": testReadings, "insets": testPictureBesideText,
			"sights": testPicturesOfPages, "sights end": testPicturesEndWithTheCaller,
		} {
			t.Run(name, func(t *testing.T) { t.Parallel(); test(t) })
		}
	})
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
}

func read(t testing.TB, name string, data []byte) (Document, []Page, error) {
	t.Helper()
	var pages []Page
	info, err := sharedPool(t).Extract(context.Background(), tempFile(t, "upload", data), Options{Name: name, OnPage: func(p Page) error { pages = append(pages, p); return nil }})
	return info, pages, err
}

const docxBody = `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>
<w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr><w:r><w:t>Annual report</w:t></w:r></w:p>
<w:p><w:r><w:t xml:space="preserve">The budget was </w:t></w:r><w:del><w:r><w:delText>not </w:delText></w:r></w:del><w:ins><w:r><w:t>fully spent.</w:t></w:r></w:ins></w:p>
<w:tbl><w:tr><w:tc><w:p><w:r><w:t>Year</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>Sum</w:t></w:r></w:p></w:tc></w:tr>
<w:tr><w:tc><w:p><w:r><w:t>2024</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>17</w:t></w:r></w:p></w:tc></w:tr></w:tbl>
<w:p><w:r><w:br w:type="page"/><w:t>Second page</w:t></w:r></w:p></w:body></w:document>`

const docxStyles = `<w:styles xmlns:w="w"><w:style w:styleId="Heading1"><w:name w:val="heading 1"/></w:style></w:styles>`

func testDocuments(t *testing.T) {
	rels := `<Relationships><Relationship Id="rId1" Type="http://x/officeDocument" Target="/word/document.xml"/></Relationships>`
	xrels := `<Relationships><Relationship Id="rId1" Type="http://x/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`
	for _, c := range []struct {
		name, format string
		data         []byte
		pages        int
		want         string
	}{
		{"a.bin", "pdf", pdf(pdfPage{lines: []string{"First page of a report."}}, pdfPage{lines: []string{"Second page."}}), 2, "First page of a report.\n\nSecond page.\n"},
		{"named.pdf", "txt", []byte("Only a text.\n"), 1, "Only a text.\n"},
		{"a.txt", "txt", []byte("gr\xfc\xdfe aus K\xf6ln"), 1, "grüße aus Köln\n"},
		{"a.md", "md", []byte("# Title\n\nText"), 1, "# Title\n\nText\n"},
		{"a.csv", "csv", []byte("name;city\nAnn;Bern\n"), 1, "name\tcity\nAnn\tBern\n"},
		{"a", "html", []byte("<html><title>T</title><script>x</script><h1>Head</h1><p>Some <b>bold</b> text<table><tr><td>a<td>b<tr><td>c<td>d</table>"), 1, "# Head\n\nSome bold text\n\na\tb\nc\td\n"},
		{"a", "docx", formattest.Zip(t, "_rels/.rels", rels, "word/document.xml", docxBody, "word/styles.xml", docxStyles), 2, "# Annual report\n\nThe budget was fully spent.\n\nYear\tSum\n2024\t17\n\nSecond page\n"},
		{"a", "xlsx", formattest.Zip(t, "xl/workbook.xml", `<workbook xmlns:r="r"><sheets><sheet name="Costs" sheetId="1" r:id="rId1"/></sheets></workbook>`, "xl/_rels/workbook.xml.rels", xrels,
			"xl/styles.xml", `<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>`,
			"xl/worksheets/sheet1.xml", `<worksheet><sheetData><row><c r="A1" t="inlineStr"><is><t>Date</t></is></c><c r="C1"><v>3.5</v></c></row><row><c r="A2" s="1"><v>45292</v></c><c r="C2"><v>1</v></c></row></sheetData></worksheet>`),
			1, "# Costs\n\nDate\t3.5\n2024-01-01\t1\n"},
		{"a", "pptx", formattest.Zip(t, "ppt/presentation.xml", `<p:presentation xmlns:p="p"/>`, "ppt/slides/slide1.xml",
			`<p:sld xmlns:p="p" xmlns:a="a"><p:sp><p:txBody><a:p><a:r><a:t>Body line</a:t></a:r></a:p></p:txBody></p:sp><p:sp><p:nvSpPr><p:nvPr><p:ph type="title"/></p:nvPr></p:nvSpPr><p:txBody><a:p><a:r><a:t>Plan</a:t></a:r></a:p></p:txBody></p:sp></p:sld>`), 1, "# Plan\n\nBody line\n"},
		{"a", "rtf", []byte(`{\rtf1\ansi{\fonttbl{\f0 Arial;}}{\info{\title T}}Gr\'fc\u223\'dfe\par Next}`), 1, "Grüße\n\nNext\n"},
		{"a", "eml", []byte("From: a@example.org\r\nTo: b@example.org\r\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nf=C3=BCr dich\r\n"), 1, "Subject: Grüße\nFrom: a@example.org\nTo: b@example.org\n\nfür dich\n"},
		{"a", "odt", formattest.Zip(t, "mimetype", "application/vnd.oasis.opendocument.text", "content.xml", `<o:document-content xmlns:o="o" xmlns:t="t"><o:body><o:text><t:h t:outline-level="2">Part</t:h><t:p>One<t:s t:c="2"/>two</t:p></o:text></o:body></o:document-content>`), 1, "## Part\n\nOne two\n"},
	} {
		info, pages, err := read(t, c.name, c.data)
		if err != nil {
			t.Errorf("%s: %v", c.format, err)
			continue
		}
		if info.Format != c.format || info.Pages != c.pages || len(pages) != c.pages {
			t.Errorf("%s: format %q with %d pages, want %d", c.format, info.Format, info.Pages, c.pages)
		}
		if got := RenderText(pages); got != c.want {
			t.Errorf("%s: got %q\nwant %q", c.format, got, c.want)
		}
	}
}

func testRefusals(t *testing.T) {
	plainPDF := tempFile(t, "plain.pdf", pdf(pdfPage{lines: []string{"Secret"}}))
	locked := filepath.Join(t.TempDir(), "locked.pdf")
	api.DisableConfigDir()
	conf := model.NewAESConfiguration("user", "owner", 256)
	if err := api.EncryptFile(plainPDF, locked, conf); err != nil {
		t.Fatal(err)
	}
	lockedData, err := os.ReadFile(locked)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		what string
		data []byte
		want doc.Code
		say  string
	}{
		{"empty", nil, doc.CodeEmptyFile, "empty"},
		{"encrypted PDF", lockedData, doc.CodeEncrypted, "password"},
		{"PDF without pages", pdf(), doc.CodeNoPages, "no pages"},
		{"video", append([]byte("\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom"), make([]byte, 64)...), doc.CodeUnsupportedType, "video"},
		{"zip", formattest.Zip(t, "a.txt", "x"), doc.CodeUnsupportedType, "ZIP"},
		{"program", append([]byte("\x7fELF\x02\x01\x01"), make([]byte, 200)...), doc.CodeUnsupportedType, "aidoc reads"},
		{"cut PNG", []byte("\x89PNG\r\n\x1a\n\x00\x00"), doc.CodeCorrupt, "damaged"},
	} {
		_, _, err := read(t, "upload.pdf", c.data)
		var e *Error
		if !errors.As(err, &e) || e.Code != c.want || !strings.Contains(e.Message, c.say) || e.Transient {
			t.Errorf("%s: %v, want %s saying %q", c.what, err, c.want, c.say)
		}
	}
}

const sentence = "The committee approved the budget for the coming year"

// A JPEG is the guard against MuPDF's and leptonica's JPEG libraries in one binary.
func testRecognition(t *testing.T) {
	img := sheet(t, sentence, "and asked the treasurer for a report", "on all open invoices before the end of May.", "The next meeting takes place in Geneva.")
	var asPNG bytes.Buffer
	if err := png.Encode(&asPNG, img); err != nil {
		t.Fatal(err)
	}
	upside := raster.Turn(img, 180)
	for name, data := range map[string][]byte{
		"jpeg": jpegOf(t, img), "png": asPNG.Bytes(), "upside down": jpegOf(t, upside), "turned": jpegOf(t, raster.Turn(img, 90)), "turned left": jpegOf(t, raster.Turn(img, 270)),
		"in shadow": jpegOf(t, shadowed(img)), "speckled": jpegOf(t, speckled(img)), "pale between dark edges": jpegOf(t, edged(img)),
		"leaning": jpegOf(t, raster.Rotate(img, 5)), "white on black": jpegOf(t, raster.Inverted(img)),
	} {
		_, pages, err := read(t, "scan", data)
		if err != nil || len(pages) != 1 {
			t.Errorf("%s: %v", name, err)
			continue
		}
		p := pages[0]
		if p.Method != MethodOCR || p.Confidence < 0.7 || p.Language != "eng" || !strings.Contains(p.Text, sentence) {
			t.Errorf("%s: %s %.2f %s %q", name, p.Method, p.Confidence, p.Language, p.Text)
		}
	}
}

// shadowed lets the light fall off to a quarter from left to right and makes the ink pale.
func shadowed(g *image.Gray) *image.Gray {
	o := image.NewGray(g.Rect)
	w := g.Rect.Dx()
	for i, p := range g.Pix {
		o.Pix[i] = byte((100 + int(p)*155/255) * (w - i%w*3/4) / w)
	}
	return o
}

// speckled strews pepper and salt over one pixel in fifty.
func speckled(g *image.Gray) *image.Gray {
	o := image.NewGray(g.Rect)
	copy(o.Pix, g.Pix)
	r := rand.New(rand.NewPCG(1, 2))
	for range len(o.Pix) / 50 {
		o.Pix[r.IntN(len(o.Pix))] = byte(r.IntN(2) * 255)
	}
	return o
}

// edged makes the ink pale and the paper grainy, and puts the page between the dark edges of a scan that is larger.
func edged(g *image.Gray) *image.Gray {
	const edge = 40
	w, h := g.Rect.Dx(), g.Rect.Dy()
	o := image.NewGray(image.Rect(0, 0, w+2*edge, h+2*edge))
	r := rand.New(rand.NewPCG(3, 4))
	for i := range o.Pix {
		x, y := i%o.Stride-edge, i/o.Stride-edge
		v := 10.0
		if x >= 0 && y >= 0 && x < w && y < h {
			v = 200 + 40*float64(g.GrayAt(x, y).Y)/255
		}
		o.Pix[i] = byte(max(0, min(255, v+5*r.NormFloat64())))
	}
	return o
}

func testMixedPDF(t *testing.T) {
	img := sheet(t, sentence, "and asked the treasurer for a report.")
	page := image.NewGray(image.Rect(0, 0, 1300, 1839))
	for i := range page.Pix {
		page.Pix[i] = 255
	}
	copy(page.Pix, img.Pix)
	scan := pdfPage{jpeg: jpegOf(t, page), w: 1300, h: 1839}
	labelled := scan
	labelled.lines = []string{"Page 3"}
	info, pages, err := read(t, "mixed.pdf", pdf(pdfPage{lines: []string{"A page with a text layer that is good."}}, scan, labelled, pdfPage{}))
	if err != nil || len(pages) != 4 {
		t.Fatalf("%d pages, %v", len(pages), err)
	}
	if !info.Random {
		t.Error("the pages of a PDF are not read in parallel")
	}
	by := map[int]Page{}
	for _, p := range pages {
		by[p.Number] = p
	}
	if by[1].Method != MethodText || by[2].Method != MethodOCR || by[3].Method != MethodOCR || by[4].Method != MethodEmpty {
		t.Errorf("methods %s %s %s %s, want text ocr ocr empty", by[1].Method, by[2].Method, by[3].Method, by[4].Method)
	}
	for _, n := range []int{2, 3} {
		if !strings.Contains(by[n].Text, sentence) {
			t.Errorf("page %d: %q", n, by[n].Text)
		}
	}
}

func testSandbox(t *testing.T) {
	s := sharedPool(t).SandboxStatus()
	if !s.Complete() {
		t.Skipf("this kernel lacks a sandbox layer: %+v", s)
	}
	r, err := sharedPool(t).ProbeSandbox(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if len(r) < 30 {
		t.Errorf("only %d attempts: %v", len(r), r)
	}
	for what, reason := range r {
		if reason == "" {
			t.Errorf("the child could %s", what)
		}
	}
}

// testBomb gives an office file that unpacks to far more than the limit.
func testBomb(t *testing.T) {
	p, err := pool.New(pool.Config{Workers: 1, MaxUnpacked: 1 << 20})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	body := `<w:document xmlns:w="w"><w:body><w:p><w:r><w:t>` + strings.Repeat("a", 4<<20) + `</w:t></w:r></w:p></w:body></w:document>`
	_, err = p.Extract(context.Background(), tempFile(t, "a", formattest.Zip(t, "word/document.xml", body)), Options{})
	var e *Error
	if !errors.As(err, &e) || e.Code != doc.CodeTooLarge {
		t.Fatalf("%v, want %s", err, doc.CodeTooLarge)
	}
}

func testFormat(t *testing.T) {
	p := sharedPool(t)
	if v := p.Version(); !strings.HasPrefix(v, "x") || !strings.Contains(v, "mupdf") {
		t.Errorf("version %q", v)
	}
	if _, err := p.Extract(context.Background(), tempFile(t, "a", []byte("text")), Options{Languages: []string{"xxx"}}); err == nil {
		t.Error("an OCR language that is not installed was accepted")
	}
}
