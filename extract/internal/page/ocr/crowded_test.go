package ocr

import (
	"image"
	"testing"
)

// Dots all over a large picture are letters to the engine: such a one is read smaller, a page of text of the same size is not.
func TestCrowdedPicturesAreReadSmaller(t *testing.T) {
	drawn := func(w, h int, ink func(x, y int) bool) *image.Gray {
		g := image.NewGray(image.Rect(0, 0, w, h))
		for i := range g.Pix {
			if g.Pix[i] = 255; ink(i%w, i/w) {
				g.Pix[i] = 0
			}
		}
		return g
	}
	dots := func(x, y int) bool { return x%6 < 3 && y%6 < 3 }
	text := func(x, y int) bool { return y%60 < 25 && x%20 < 4 && x/20%6 != 5 } // strokes of letters in every second line
	for name, c := range map[string]struct {
		g       *image.Gray
		smaller bool
	}{
		"large, of dots": {drawn(4000, 4000, dots), true},
		"large, of text": {drawn(4000, 4000, text), false},
		"of dots":        {drawn(3000, 3000, dots), false},
	} {
		out, dpi := pose{}.upright(c.g, 300)
		if n := out.Rect.Dx() * out.Rect.Dy(); (n <= crowdedPixels*11/10) != c.smaller && c.smaller || !c.smaller && out != c.g {
			t.Errorf("%s: read with %d pixels", name, n)
		}
		if c.smaller && dpi >= 300 {
			t.Errorf("%s: said to have %d dpi", name, dpi)
		}
	}
}
