package extract

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/formattest"
)

func tempFile(t testing.TB, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// sheet draws lines of text on a white page of 200 dpi.
func sheet(t testing.TB, lines ...string) *image.Gray {
	t.Helper()
	f, err := opentype.Parse(goregular.TTF)
	if err != nil {
		t.Fatal(err)
	}
	face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: 13, DPI: 200, Hinting: font.HintingNone})
	if err != nil {
		t.Fatal(err)
	}
	defer face.Close()
	img := image.NewGray(image.Rect(0, 0, 1300, 200+len(lines)*60))
	draw.Draw(img, img.Rect, image.White, image.Point{}, draw.Src)
	d := font.Drawer{Dst: img, Src: image.NewUniform(color.Gray{20}), Face: face}
	for i, l := range lines {
		d.Dot = fixed.P(100, 150+60*i)
		d.DrawString(l)
	}
	return img
}

func jpegOf(t testing.TB, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 85}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// pdfPage is either lines of text or a JPEG over the whole page.
type pdfPage struct {
	lines []string
	jpeg  []byte
	w, h  int // of the JPEG
}

// pdf writes a small PDF by hand.
func pdf(pages ...pdfPage) []byte {
	var objs []string
	add := func(s string) int { objs = append(objs, s); return len(objs) }
	add("<</Type/Catalog/Pages 2 0 R>>")
	add("") // the page tree, filled in below
	fontID := add("<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>")
	var kids []string
	for _, p := range pages {
		var content, res strings.Builder
		fmt.Fprintf(&res, "/Font<</F1 %d 0 R>>", fontID)
		if p.jpeg != nil {
			id := add(fmt.Sprintf("<</Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceGray/BitsPerComponent 8/Filter/DCTDecode/Length %d>>stream\n%s\nendstream", p.w, p.h, len(p.jpeg), p.jpeg))
			fmt.Fprintf(&res, "/XObject<</Im1 %d 0 R>>", id)
			content.WriteString("q 595 0 0 842 0 0 cm /Im1 Do Q ")
		}
		content.WriteString("BT /F1 12 Tf 72 760 Td 16 TL ")
		for _, l := range p.lines {
			fmt.Fprintf(&content, "(%s) Tj T* ", strings.NewReplacer("(", `\(`, ")", `\)`, `\`, `\\`).Replace(l))
		}
		content.WriteString("ET")
		c := add(fmt.Sprintf("<</Length %d>>stream\n%s\nendstream", content.Len(), content.String()))
		kids = append(kids, fmt.Sprintf("%d 0 R", add(fmt.Sprintf("<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<%s>>/Contents %d 0 R>>", res.String(), c))))
	}
	objs[1] = fmt.Sprintf("<</Type/Pages/Count %d/Kids[%s]>>", len(kids), strings.Join(kids, " "))
	return formattest.PDF("", objs...)
}
