package raster

import (
	"bytes"
	"image"
	"image/jpeg"
	"testing"
)

// The decoder of a gray JPEG gives whole blocks of eight rows: a page of 150 dpi is 1240 by 1754.
func TestGrayJPEGHasNoMoreThanItsRows(t *testing.T) {
	for _, size := range []image.Point{{64, 20}, {64, 24}, {60, 20}} {
		var b bytes.Buffer
		if err := jpeg.Encode(&b, image.NewGray(image.Rectangle{Max: size}), nil); err != nil {
			t.Fatal(err)
		}
		p, err := Decode("jpeg", b.Bytes(), 1<<20)
		if err != nil || p.Gray.Rect.Max != size || len(p.Gray.Pix) != size.X*size.Y {
			t.Fatalf("%v: %v, %d pixels, %v", size, p.Gray.Rect, len(p.Gray.Pix), err)
		}
		Flatten(p.Gray)
	}
}
