package raster

import (
	"image"
	"testing"
)

func TestLetterHeight(t *testing.T) {
	if got := LetterHeight(stripes()); got != 14 {
		t.Errorf("marks of 14 pixels: %d", got)
	}
	if got := LetterHeight(image.NewGray(image.Rect(0, 0, 300, 300))); got != 0 {
		t.Errorf("a page without letters: %d", got)
	}
}

// The arms of a U are two marks until the row that joins them.
func TestMarksThatMeetAreOne(t *testing.T) {
	g := image.NewGray(image.Rect(0, 0, 400, 400))
	for i := range g.Pix {
		g.Pix[i] = 255
	}
	for i := range 64 {
		x0, y0 := 10+48*(i%8), 10+48*(i/8)
		for d := range 30 {
			g.Pix[(y0+d)*400+x0], g.Pix[(y0+d)*400+x0+20] = 0, 0
			if d < 21 {
				g.Pix[(y0+29)*400+x0+d] = 0
			}
		}
	}
	m := connected(g)
	n := 0
	for i := range m.parent {
		if m.parent[i] == int32(i) {
			n++
		}
	}
	if n != 64 || LetterHeight(g) != 30 {
		t.Errorf("%d marks of height %d, want 64 of 30", n, LetterHeight(g))
	}
}

func TestScaleKeepsTheBrightness(t *testing.T) {
	g := image.NewGray(image.Rect(0, 0, 300, 200))
	sum := 0
	for i := range g.Pix {
		g.Pix[i] = byte(i * 7)
		sum += int(g.Pix[i])
	}
	want := float64(sum) / float64(len(g.Pix))
	for _, f := range []float64{0.31, 0.5, 0.7, 0.999} {
		s := Scale(g, f)
		sum = 0
		for _, p := range s.Pix {
			sum += int(p)
		}
		if got := float64(sum) / float64(len(s.Pix)); got < want-1 || got > want+1 {
			t.Errorf("by %.3f: mean level %.1f, before %.1f", f, got, want)
		}
	}
}
