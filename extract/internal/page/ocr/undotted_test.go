package ocr

import (
	"image"
	"testing"
)

// onDots is a page of strokes, every other line of which stands on printed dots.
func onDots(w, h int) *image.Gray {
	g := image.NewGray(image.Rect(0, 0, w, h))
	for i := range g.Pix {
		x, y := i%w, i/w
		if g.Pix[i] = 250; y/48%2 == 1 && x%6 < 2 && y%6 < 2 {
			g.Pix[i] = 90
		}
		if y%48 > 16 && y%48 < 34 && x%60 > 20 && x%60 < 25 {
			g.Pix[i] = 20
		}
	}
	return g
}

// Printed dots are taken away once: to look at a page, and to read what was looked at.
func TestDotsAreTakenAwayOnce(t *testing.T) {
	g := onDots(900, 1200)
	p := &page{}
	p.take(g, reduced(g), 300)
	if !p.pose.screen || p.undotted == nil {
		t.Fatal("no dots were seen")
	}
	want := p.pose.clean(g)
	p.undotted.Pix[0] = 77 // the first pixel is never of a dot, and what is read has to have it from here
	got := p.cleaned()
	if got.Pix[0] != 77 {
		t.Error("the page was cleaned of dots again")
	}
	if got.Pix[0] = want.Pix[0]; string(got.Pix) != string(want.Pix) {
		t.Error("what is read is another picture than the cleaned page")
	}
	if p.undotted != nil {
		t.Error("the page without dots is kept beside the cleaned one")
	}
	// A text layer that is drawn is read as it is.
	p = &page{job: Job{Drawn: true}}
	if p.take(g, reduced(g), 300); p.cleaned() != g {
		t.Error("a drawn page was cleaned of dots")
	}
}

// What a page on printed dots pays before it is read, its dots taken away once and twice.
func BenchmarkPageOnDots(b *testing.B) {
	g := onDots(1654, 2339)
	for _, c := range []struct {
		name string
		anew bool
	}{{"once", false}, {"twice", true}} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				p := &page{}
				p.take(g, reduced(g), 200)
				if c.anew {
					p.undotted = nil
				}
				p.cleaned()
			}
		})
	}
}
