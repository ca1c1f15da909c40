package raster

import (
	"image"
	"testing"
)

// FuzzRules holds rules to what their readers take for granted: each lies on the page, and none is shorter than asked for.
func FuzzRules(f *testing.F) {
	f.Add([]byte("\x00\xff\x00\xff"), byte(2), byte(3))
	f.Add([]byte{255, 0, 0, 0, 0, 255, 255, 0, 255, 255, 0, 255}, byte(4), byte(2))
	f.Add(make([]byte, 400), byte(20), byte(10))
	f.Fuzz(func(t *testing.T, pix []byte, width, least byte) {
		w := max(1, int(width))
		h := len(pix) / w
		if h == 0 || h > 2000 || least == 0 {
			return
		}
		g := &image.Gray{Pix: pix[:w*h], Stride: w, Rect: image.Rect(0, 0, w, h)}
		across, down := Rules(g, int(least))
		for i, r := range append(across, down...) {
			if r.X0 < 0 || r.Y0 < 0 || r.X1 < r.X0 || r.Y1 < r.Y0 || r.X1 >= w || r.Y1 >= h {
				t.Fatalf("%v is not on a page of %d by %d", r, w, h)
			}
			long := r.Y1 - r.Y0 + 1
			if i < len(across) {
				long = r.X1 - r.X0 + 1
			}
			if long < int(least) {
				t.Fatalf("%v is shorter than %d", r, least)
			}
		}
	})
}
