package raster

import (
	"image"
	"testing"
)

// spaced draws rows of letters that stand apart.
func spaced() *image.Gray {
	g := image.NewGray(image.Rect(0, 0, 900, 1200))
	for i := range g.Pix {
		if x, y := i%900, i/900; y%40 >= 14 || x%24 >= 6 {
			g.Pix[i] = 255
		}
	}
	return g
}

// A page that is printed over a lighter band is told from one that is not, and from one on gray paper; without the band its letters are as dark as before.
func TestLighterInkBehindLettersIsSeenAndTakenAway(t *testing.T) {
	clean, over, gray := spaced(), spaced(), spaced()
	for i := range over.Pix {
		if x, y := i%900, i/900; (x+y)%600 < 120 {
			over.Pix[i] = min(over.Pix[i], 180)
		}
		gray.Pix[i] = min(gray.Pix[i], 180)
	}
	if _, ok := Overprinted(clean); ok {
		t.Error("a clean page is printed over")
	}
	if _, ok := Overprinted(gray); ok {
		t.Error("a page on gray paper is printed over")
	}
	white, ok := Overprinted(over)
	if !ok || white != 180 {
		t.Fatalf("lighter ink from level %d on, %v, want 180", white, ok)
	}
	for i, p := range Whitened(over, white).Pix {
		if dark := clean.Pix[i] < 128; dark && p > 20 || !dark && p < 255 {
			t.Fatalf("level %d at %d,%d, where a clean page has %d", p, i%900, i/900, clean.Pix[i])
		}
	}
}
