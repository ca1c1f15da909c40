package raster

import (
	"image"
	"math/rand/v2"
	"testing"
)

func copied(g *image.Gray) *image.Gray {
	o := image.NewGray(g.Rect)
	copy(o.Pix, g.Pix)
	return o
}

func TestQuality(t *testing.T) {
	clean := stripes()
	negative := Inverted(clean)
	shadow, specks, block := copied(clean), copied(clean), image.NewGray(image.Rect(0, 0, 400, 600))
	for i := range shadow.Pix {
		shadow.Pix[i] = byte(int(shadow.Pix[i]) * (900 - i%900*2/3) / 900)
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range len(specks.Pix) / 50 {
		specks.Pix[r.IntN(len(specks.Pix))] = byte(r.IntN(2) * 255)
	}
	for i := range block.Pix {
		if x, y := i%400, i/400; x < 60 || x > 140 || y < 110 || y > 190 {
			block.Pix[i] = 255
		}
	}
	for name, c := range map[string]struct {
		g                       *image.Gray
		negative, uneven, noisy bool
	}{
		"clean": {clean, false, false, false}, "negative": {negative, true, false, false}, "shadow": {shadow, false, true, false},
		"specks": {specks, false, false, true}, "block": {block, false, false, false}, "tiny": {image.NewGray(image.Rect(0, 0, 3, 3)), false, false, false},
	} {
		if a, b := Negative(c.g), Noisy(c.g); a != c.negative || b != c.noisy {
			t.Errorf("%s: negative %v, noisy %v", name, a, b)
		}
		if got := Uneven(c.g); !c.negative && got != c.uneven {
			t.Errorf("%s: uneven %v", name, got)
		}
	}
	if Uneven(Flatten(shadow)) {
		t.Error("flattening left the light uneven")
	}
}

func TestBlank(t *testing.T) {
	paper := image.NewGray(image.Rect(0, 0, 400, 600))
	for i := range paper.Pix {
		paper.Pix[i] = byte(240 + i%16)
	}
	dust := copied(paper)
	for i := range len(dust.Pix) / 20000 {
		dust.Pix[977*i] = 0
	}
	if !Blank(paper) || !Blank(dust) {
		t.Error("paper without ink is not blank")
	}
	if Blank(stripes()) || Blank(Inverted(stripes())) {
		t.Error("a page of lines is blank")
	}
}

// lined is a page of paper and ink of the levels given, with rows of strokes from the top down to a row of pixels.
func lined(paper, ink byte, to int) *image.Gray {
	g := image.NewGray(image.Rect(0, 0, 400, 600))
	for i := range g.Pix {
		x, y := i%g.Stride, i/g.Stride
		if g.Pix[i] = paper; y < to && y%20 < 10 && x%9 < 3 && x > 40 && x < 360 {
			g.Pix[i] = ink
		}
	}
	return g
}

// A pale page is one whose ink is; one with a line of black on it is none.
func TestPalePagesAreSeen(t *testing.T) {
	for _, c := range []struct {
		name string
		g    *image.Gray
		want bool
	}{
		{"faded", lined(220, 190, 600), true}, {"black", lined(250, 20, 600), false}, {"gray", lined(250, 150, 600), false}, {"a line of black", lined(250, 20, 15), false},
	} {
		if got := Pale(c.g); got != c.want {
			t.Errorf("%s: pale %v", c.name, got)
		}
	}
}

// Blurring spreads a point evenly, takes grain away and leaves plain paper as it is, up to its edges.
func TestBlurred(t *testing.T) {
	g := lined(200, 200, 0)
	if o := Blurred(g, 1.5); string(o.Pix) != string(g.Pix) {
		t.Error("plain paper was changed")
	}
	g.Pix[300*g.Stride+200] = 0
	o := Blurred(g, 1)
	at := func(x, y int) int { return int(o.Pix[y*o.Stride+x]) }
	if at(200, 300) < 160 || at(200, 300) >= at(201, 300) || at(199, 300) != at(201, 300) || at(200, 299) != at(201, 300) || at(206, 300) != 200 {
		t.Errorf("%d, beside it %d %d %d, farther off %d", at(200, 300), at(199, 300), at(201, 300), at(200, 299), at(206, 300))
	}
}
