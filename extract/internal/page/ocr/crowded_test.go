package ocr

import (
	"image"
	"slices"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/page/tesseract"
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
	fine := func(x, y int) bool { return x%4 < 2 && y%4 < 2 }
	text := func(x, y int) bool { return y%60 < 25 && x%20 < 4 && x/20%6 != 5 } // strokes of letters in every second line
	for name, c := range map[string]struct {
		g    *image.Gray
		most int // pixels it is read with; 0: all
	}{
		"large, of dots": {drawn(4000, 4000, dots), 8_000_000},
		"large, of text": {drawn(4000, 4000, text), 0},
		"of dots":        {drawn(3000, 3000, dots), 0},
		"of fine dots":   {drawn(3000, 3000, fine), 4_000_000},
	} {
		out, dpi := pose{}.upright(c.g, 300)
		if n := out.Rect.Dx() * out.Rect.Dy(); c.most > 0 && n > c.most*11/10 || c.most == 0 && out != c.g {
			t.Errorf("%s: read with %d pixels", name, n)
		}
		if c.most > 0 && dpi >= 300 {
			t.Errorf("%s: said to have %d dpi", name, dpi)
		}
	}
}

// blocks is an engine that reads nothing and notes what it was asked for.
type blocks struct{ modes []int }

func (b *blocks) Recognize(_ *image.Gray, _ int, _ string, psm int) ([]tesseract.Word, error) {
	b.modes = append(b.modes, psm)
	return nil, nil
}

func (*blocks) Orient(*image.Gray, int) (tesseract.Orientation, bool) {
	return tesseract.Orientation{}, false
}

// A picture full of dots is not read as one block of text, as other pages are of which nothing was read.
// The large one is too large to have its dots taken away.
func TestCrowdedPicturesAreNoBlockOfText(t *testing.T) {
	for _, side := range []int{1000, 4100} {
		g := image.NewGray(image.Rect(0, 0, side, side))
		for i := range g.Pix {
			if x, y := i%side, i/side; x%6 >= 3 || y%6 >= 3 {
				g.Pix[i] = 255
			}
		}
		e := &blocks{}
		if err := (&page{r: &Reader{Engine: e}, img: g, dpi: 300}).anew("eng"); err != nil {
			t.Fatal(err)
		}
		if asked := slices.Contains(e.modes, tesseract.PSMBlock); asked != (side < 2000) {
			t.Errorf("%d pixels a side: %v", side, e.modes)
		}
	}
}

// A large cleaned picture is not kept beside the page; a small one is not made twice.
func TestALargeCleanedPictureIsNotKept(t *testing.T) {
	for side, kept := range map[int]bool{1000: true, 4100: false} {
		p := &page{img: image.NewGray(image.Rect(0, 0, side, side)), pose: pose{invert: true}}
		if first := p.cleaned(); first == p.img || (p.cleaned() == first) != kept || (p.clear != nil) != kept {
			t.Errorf("%d pixels a side: kept %v", side, p.clear != nil)
		}
		p.pose.invert = false
		if p.clear = nil; p.cleaned() != p.img {
			t.Errorf("%d pixels a side: a clean page was copied", side)
		}
	}
}
