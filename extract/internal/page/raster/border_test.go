package raster

import (
	"image"
	"testing"
)

// framed is a page of gray paper with dark edges of the given widths: left, top, right, bottom.
func framed(w, h int, edges [4]int) *image.Gray {
	g := image.NewGray(image.Rect(0, 0, w, h))
	for i := range g.Pix {
		x, y := i%w, i/w
		g.Pix[i] = 230
		if x < edges[0] || y < edges[1] || x >= w-edges[2] || y >= h-edges[3] {
			g.Pix[i] = 10
		}
	}
	return g
}

func TestDarkEdgesAreCutOff(t *testing.T) {
	for _, edges := range [][4]int{{100, 0, 0, 0}, {0, 0, 80, 200}, {60, 60, 60, 60}, {300, 10, 0, 90}} {
		g := WithoutBorder(framed(1200, 1600, edges))
		for _, p := range g.Pix {
			if p < 100 {
				t.Errorf("edges of %v: some are left", edges)
				break
			}
		}
		if lost := 1200 - edges[0] - edges[2] - g.Rect.Dx(); lost > 60 {
			t.Errorf("edges of %v: %d columns of the page are gone", edges, lost)
		}
	}
}

// A page without edges, a dark heading across the middle and a page that is dark all over stay whole.
func TestAPageWithoutEdgesStaysWhole(t *testing.T) {
	plain := framed(1200, 1600, [4]int{})
	barred := framed(1200, 1600, [4]int{})
	for y := 700; y < 800; y++ {
		for x := range 1200 {
			barred.Pix[y*barred.Stride+x] = 10
		}
	}
	night := image.NewGray(image.Rect(0, 0, 1200, 1600))
	for name, g := range map[string]*image.Gray{"plain": plain, "barred": barred, "night": night} {
		if got := WithoutBorder(g); got.Rect != g.Rect {
			t.Errorf("%s: %v", name, got.Rect)
		}
	}
}
