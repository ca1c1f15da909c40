package tesseract

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"os"
	"strings"
	"testing"

	"github.com/gen2brain/go-fitz"
	"github.com/otiai10/gosseract/v2"
	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

// page draws words large enough to be read without doubt.
func page(t *testing.T, text string) *image.Gray {
	t.Helper()
	f, err := opentype.Parse(goregular.TTF)
	if err != nil {
		t.Fatal(err)
	}
	face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: 40, DPI: 72})
	if err != nil {
		t.Fatal(err)
	}
	img := image.NewGray(image.Rect(0, 0, 900, 160))
	draw.Draw(img, img.Rect, image.White, image.Point{}, draw.Src)
	d := font.Drawer{Dst: img, Src: image.NewUniform(color.Black), Face: face, Dot: fixed.P(40, 95)}
	d.DrawString(text)
	return img
}

func words(list []Word) string {
	var out []string
	for _, w := range list {
		out = append(out, w.Text)
	}
	return strings.Join(out, " ")
}

// MuPDF brings a libjpeg of its own. Where the program was linked without --exclude-libs it hides
// the one that tesseract's image library was built for, and JPEGs come out empty, without an error.
// The engine is fed BMPs for that reason, so nothing is lost in a program that was built by a plain `go build`; this test guards
// the linking of the others.
func TestJPEGIsReadableBesideMuPDF(t *testing.T) {
	doc, err := fitz.NewFromMemory([]byte("<p>MuPDF is linked into this program.</p>"))
	if err == nil {
		doc.Close()
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, page(t, "The bridge was built in 1911"), &jpeg.Options{Quality: 90}); err != nil {
		t.Fatal(err)
	}
	c := gosseract.NewClient()
	defer c.Close()
	if err := c.SetImageFromBytes(b.Bytes()); err != nil {
		t.Fatal(err)
	}
	text, err := c.Text()
	if err != nil || !strings.Contains(text, "bridge") {
		if !strings.Contains(os.Getenv("CGO_LDFLAGS"), "--exclude-libs") {
			t.Skip("built by hand: export CGO_LDFLAGS='-O2 -g -Wl,--exclude-libs,ALL', as the Makefile does, to test the linking too")
		}
		t.Errorf("a JPEG read as %q, %v: build with CGO_LDFLAGS='-O2 -g -Wl,--exclude-libs,ALL'", text, err)
	}
}

// A reused gosseract client answers "" after an image error; the engine must start afresh.
func TestTheEngineRecoversFromAPictureItRefused(t *testing.T) {
	e := &Engine{}
	defer e.Close()
	good := page(t, "Council minutes")
	if got, err := e.Recognize(good, 200, "eng", PSMAuto); err != nil || !strings.Contains(words(got), "Council") {
		t.Fatalf("%q, %v", words(got), err)
	}
	if _, err := e.Recognize(good, 200, "no_such_language", PSMAuto); !errors.Is(err, ErrEngine) {
		t.Fatalf("a missing language gave %v", err)
	}
	if got, err := e.Recognize(good, 200, "eng", PSMAuto); err != nil || !strings.Contains(words(got), "Council") {
		t.Errorf("after an error the engine read %q, %v", words(got), err)
	}
}

// Beyond 32,767 pixels tesseract answers nothing and no error.
func TestAPictureBeyondTesseractsSizeIsAnError(t *testing.T) {
	e := &Engine{}
	defer e.Close()
	if _, err := e.Recognize(image.NewGray(image.Rect(0, 0, maxSide+1, 4)), 200, "eng", PSMAuto); !errors.Is(err, ErrSize) {
		t.Errorf("got %v", err)
	}
}
