package raster

import (
	"image"
	"math"
	"testing"
)

// letterRows draws rows of marks as wide as letters.
func letterRows() *image.Gray {
	g := stripes()
	for y := range 1200 {
		for x := range 900 {
			if x%12 > 6 {
				g.Pix[y*900+x] = 255
			}
		}
	}
	return g
}

func TestBendIsFoundAndUndone(t *testing.T) {
	for _, c := range []struct{ top, bottom float64 }{{2, -2}, {-1, 3}, {-2.5, 0}} {
		// Undoing the opposite bends a level page; slopes of few degrees add up.
		bent := Unbend(letterRows(), -c.top, -c.bottom)
		top, bottom, ok := findBend(bent)
		if !ok || math.Abs(top-c.top) > 0.5 || math.Abs(bottom-c.bottom) > 0.5 {
			t.Errorf("bent from %.1f to %.1f: found %.2f to %.2f %v", c.top, c.bottom, top, bottom, ok)
			continue
		}
		if top, bottom, ok := findBend(Unbend(bent, top, bottom)); ok {
			t.Errorf("bent from %.1f to %.1f: afterwards still %.2f to %.2f", c.top, c.bottom, top, bottom)
		}
	}
}

func TestAnEvenPageHasNoBend(t *testing.T) {
	for _, lean := range []float64{0, 0.5, -3} {
		if top, bottom, ok := findBend(Rotate(letterRows(), lean)); ok {
			t.Errorf("leaning by %.1f: bent from %.2f to %.2f", lean, top, bottom)
		}
	}
}

// The edge of a dark table around the page is longer than any letter, and leans as it likes.
func TestEdgesDoNotBend(t *testing.T) {
	g := letterRows()
	for y := range 60 {
		for x := range 900 {
			g.Pix[(y+x/30)*900+x] = 20
		}
	}
	if top, bottom, ok := findBend(g); ok {
		t.Errorf("bent from %.2f to %.2f", top, bottom)
	}
}

func findBend(g *image.Gray) (top, bottom float64, ok bool) { return bendOf(inkPoints(g)) }
