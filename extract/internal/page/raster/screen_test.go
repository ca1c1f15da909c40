package raster

import (
	"image"
	"testing"
)

// onDots is a page of strokes and points, every second line of which stands on dots as far apart as pitch; 0: none has any.
func onDots(pitch int) *image.Gray {
	g := image.NewGray(image.Rect(0, 0, 640, 480))
	for i := range g.Pix {
		x, y := i%g.Stride, i/g.Stride
		if g.Pix[i] = 250; pitch > 0 && y/48%2 == 1 && x%pitch < 2 && y%pitch < 2 {
			g.Pix[i] = 90
		}
		if stroke(x, y) || point(x, y) {
			g.Pix[i] = 20
		}
	}
	return g
}

func stroke(x, y int) bool { return y%48 > 16 && y%48 < 34 && x%60 > 20 && x%60 < 25 }
func point(x, y int) bool  { return y%48 > 29 && y%48 < 34 && x%60 > 35 && x%60 < 40 }

// A screen is seen, and nothing else is taken for one: text, lines of leaders, plain paper.
func TestScreensAreSeen(t *testing.T) {
	leaders := image.NewGray(image.Rect(0, 0, 640, 480))
	for i := range leaders.Pix {
		x, y := i%leaders.Stride, i/leaders.Stride
		if leaders.Pix[i] = 250; x%8 < 3 && y%34 < 3 {
			leaders.Pix[i] = 20
		}
	}
	for _, c := range []struct {
		name string
		g    *image.Gray
		want bool
	}{
		{"dots 5 apart", onDots(5), true}, {"dots 6 apart", onDots(6), true}, {"dots 8 apart", onDots(8), true}, {"text", onDots(0), false}, {"leaders", leaders, false},
		{"nothing", image.NewGray(image.Rect(0, 0, 1, 1)), false}, {"a cell", image.NewGray(image.Rect(0, 0, screenCell, screenCell)), false},
	} {
		if got := Screened(c.g); got != c.want {
			t.Errorf("%s: a screen: %v", c.name, got)
		}
		if got := Unscreened(c.g); (got == c.g) == c.want || got.Rect.Size() != c.g.Rect.Size() {
			t.Errorf("%s: a copy of its size: %v", c.name, got != c.g)
		}
	}
}

// The dots go, letters and their points stay as they are.
func TestDotsOfScreensGo(t *testing.T) {
	g := onDots(6)
	before, dots := Crop(g, g.Rect), 0
	o := Unscreened(g)
	for i, p := range o.Pix {
		x, y := i%o.Stride, i/o.Stride
		if (stroke(x, y) || point(x, y)) && p != 20 {
			t.Fatalf("%d at %d, %d of a letter", p, x, y)
		}
		if before.Pix[i] == 90 && p < 200 {
			dots++
		}
		if g.Pix[i] != before.Pix[i] {
			t.Fatal("the page itself was changed")
		}
	}
	if all := 640 * 240 * 4 / 36; dots > all/20 { // some at the edges of the page
		t.Errorf("%d of %d pixels of dots are left", dots, all)
	}
	if got := Unscreened(onDots(0)); string(got.Pix) != string(onDots(0).Pix) {
		t.Error("a page without a screen was changed")
	}
}

// What every page pays for the look at screens: to be held against a second or two of recognition.
func BenchmarkScreened(b *testing.B) {
	g := image.NewGray(image.Rect(0, 0, 1654, 2339))
	for i := range g.Pix {
		if g.Pix[i] = 250; stroke(i%g.Stride, i/g.Stride) || point(i%g.Stride, i/g.Stride) {
			g.Pix[i] = 20
		}
	}
	for b.Loop() {
		Screened(g)
	}
}
