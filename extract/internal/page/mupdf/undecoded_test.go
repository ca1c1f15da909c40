package mupdf

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/formattest"
)

// A JPEG that MuPDF cannot decode is known by that, though it is drawn; one that was cut off is not.
func TestPicturesThatCannotBeDecoded(t *testing.T) {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 400, 400)), nil); err != nil {
		t.Fatal(err)
	}
	good := b.Bytes()
	for name, c := range map[string]struct {
		data []byte
		want bool
	}{
		"whole":   {good, false},
		"cut off": {good[:len(good)-300], false},
		"noise":   {[]byte("this is no picture"), true},
		"12 bits": {bytes.Replace(good, []byte{0xff, 0xc0, 0, 0x0b, 8}, []byte{0xff, 0xc1, 0, 0x0b, 12}, 1), true},
	} {
		d, err := Open(formattest.Save(t, "f.pdf", formattest.PDF("", "<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Count 1/Kids[3 0 R]>>",
			"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</XObject<</X 5 0 R>>>>/Contents 4 0 R>>",
			"<</Length 32>>\nstream\nq 500 0 0 500 10 10 cm /X Do Q   \nendstream",
			fmt.Sprintf("<</Type/XObject/Subtype/Image/Width 400/Height 400/BitsPerComponent 8/ColorSpace/DeviceGray/Filter/DCTDecode/Length %d>>\nstream\n%s\nendstream", len(c.data), c.data))))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if _, err := d.Gray(0, 72, 1<<20); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if got := d.Undecoded(); got != c.want {
			t.Errorf("%s: not decoded: %t", name, got)
		}
		if d.Undecoded() {
			t.Errorf("%s: said twice", name)
		}
		d.Close()
	}
}
