package chaos

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"strings"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

// Scans are of A4 at 150 dpi.
const (
	scanWidth  = 1240
	scanHeight = 1754
)

// onePDFOfPictures is a PDF whose pages are pictures of text, as a scanner makes it.
func onePDFOfPictures(pages []string) ([]byte, error) {
	pictures := make([][]byte, len(pages))
	for i, text := range pages {
		var err error
		if pictures[i], err = picture(text); err != nil {
			return nil, err
		}
	}
	return pdf("/Producer (scanner)", len(pages), func(i int) (resources, content string, more []string) {
		return "/XObject << /I %d 0 R >>", "q 595 0 0 842 0 0 cm /I Do Q", []string{fmt.Sprintf(
			"<< /Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /DCTDecode /Length %d >>\nstream\n%s\nendstream",
			scanWidth, scanHeight, len(pictures[i]), pictures[i])}
	}), nil
}

// picture draws text, broken into lines of eight words, and returns a JPEG.
func picture(text string) ([]byte, error) {
	f, err := opentype.Parse(goregular.TTF)
	if err != nil {
		return nil, err
	}
	face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: 14, DPI: 150})
	if err != nil {
		return nil, err
	}
	defer face.Close()
	img := image.NewGray(image.Rect(0, 0, scanWidth, scanHeight))
	draw.Draw(img, img.Rect, image.White, image.Point{}, draw.Src)
	d := font.Drawer{Dst: img, Src: image.NewUniform(color.Gray{30}), Face: face}
	words := strings.Fields(text)
	for y := 150; len(words) > 0; y += 48 {
		n := min(8, len(words))
		d.Dot = fixed.P(100, y)
		d.DrawString(strings.Join(words[:n], " "))
		words = words[n:]
	}
	var b bytes.Buffer
	err = jpeg.Encode(&b, img, &jpeg.Options{Quality: 85})
	return b.Bytes(), err
}
