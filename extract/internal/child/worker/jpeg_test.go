package worker

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/detect"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/formattest"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/page/raster"
)

// A large JPEG is drawn as the picture that the common decoder gives, turned as the file says.
func TestReducedJPEG(t *testing.T) {
	const w, h = 320, 200
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			v := uint8(x/4 + y/2) // how light a colour is, is another question, which MuPDF answers by its profile
			m.Set(x, y, color.RGBA{v, v, v, 255})
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	plain := b.Bytes()
	exif := []byte("\xff\xe1\x00\x22Exif\x00\x00II*\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00\x01\x00\x00\x00\x06\x00\x00\x00\x00\x00\x00\x00")
	turned := append(append(append([]byte(nil), plain[:2]...), exif...), plain[2:]...)
	for name, data := range map[string][]byte{"plain": plain, "turned": turned} {
		want, err := raster.Decode("jpeg", data, 1_000_000)
		if err != nil {
			t.Fatal(err)
		}
		got, err := reducedJPEG(formattest.Save(t, "f.jpg", data), w*h, 300)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got.DPI != 300 || got.Gray.Rect != want.Gray.Rect {
			t.Fatalf("%s: %v at %d dpi, want %v", name, got.Gray.Rect, got.DPI, want.Gray.Rect)
		}
		for i := range want.Gray.Pix {
			if d := int(got.Gray.Pix[i]) - int(want.Gray.Pix[i]); d < -12 || d > 12 {
				t.Fatalf("%s: pixel %d is %d, want %d", name, i, got.Gray.Pix[i], want.Gray.Pix[i])
			}
		}
	}
}

// A JPEG of more bits than are read is told by that.
func TestDeepJPEG(t *testing.T) {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 64, 64)), nil); err != nil {
		t.Fatal(err)
	}
	data := b.Bytes()
	at := bytes.Index(data, []byte{0xff, 0xc0}) + 4
	data[at] = 12
	data[at-3] = 0xc1 // which may have 12
	_, err := openPicture(detect.Kind{Format: "jpeg"}, formattest.Save(t, "f.jpg", data), doc.Limits{MaxPixels: 1_000_000, MaxPages: 1}, nil, nil)
	if f := doc.AsFail(err); err == nil || f.Code != doc.CodeUnsupportedType || !strings.Contains(f.Message, "12 bits") {
		t.Errorf("%v", err)
	}
}
