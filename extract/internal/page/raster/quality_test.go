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
