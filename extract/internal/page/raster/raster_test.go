package raster

import (
	"errors"
	"image"
	"math"
	"os"
	"testing"
)

// stripes draws dark text-like lines.
func stripes() *image.Gray {
	g := image.NewGray(image.Rect(0, 0, 900, 1200))
	for i := range g.Pix {
		g.Pix[i] = 255
	}
	for y := 100; y < 1100; y += 40 {
		for x := 100; x < 800; x++ {
			if x%24 < 18 {
				for h := range 14 {
					g.Pix[(y+h)*900+x] = 10
				}
			}
		}
	}
	return g
}

func TestSkewFindsTheAngle(t *testing.T) {
	for _, want := range []float64{-7, -2, -0.6, 0, 0.6, 3, 8} {
		got, ok := skewAngle(inkPoints(Rotate(stripes(), want)))
		if !ok || math.Abs(got-want) > 0.25 {
			t.Errorf("turned by %.1f: found %.2f %v", want, got, ok)
		}
	}
}

func TestSkewOfNothing(t *testing.T) {
	if _, ok := skewAngle(inkPoints(image.NewGray(image.Rect(0, 0, 500, 500)))); ok {
		t.Error("an even page has an angle")
	}
}

func TestTurnBack(t *testing.T) {
	g := stripes()
	g.Pix[5] = 3
	for _, d := range []int{90, 180, 270} {
		b := Turn(Turn(g, d), 360-d)
		if b.Rect != g.Rect || string(b.Pix) != string(g.Pix) {
			t.Errorf("turned by %d and back is not the same", d)
		}
	}
}

func TestMedian3(t *testing.T) {
	g := image.NewGray(image.Rect(0, 0, 3, 3))
	copy(g.Pix, []byte{9, 1, 8, 2, 0, 7, 3, 6, 4})
	if got := Median3(g).Pix[4]; got != 4 {
		t.Errorf("median %d, want 4", got)
	}
}

func TestHEIC(t *testing.T) {
	data, err := os.ReadFile("testdata/note.heic")
	if err != nil {
		t.Fatal(err)
	}
	p, err := Decode("heic", data, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	dark := 0
	for _, v := range p.Gray.Pix {
		if v < 100 {
			dark++
		}
	}
	if w := p.Gray.Rect.Dx(); w < 530 || w > 550 || dark < 2000 || dark > len(p.Gray.Pix)/5 {
		t.Errorf("%v with %d dark pixels, want two lines of text", p.Gray.Rect, dark)
	}
	if _, err := Decode("heic", data, 1000); !errors.Is(err, ErrPixels) {
		t.Errorf("more pixels than allowed: %v", err)
	}
	if _, err := Decode("heic", data[:len(data)/3], 1<<20); !errors.Is(err, ErrDecode) {
		t.Errorf("cut off: %v", err)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte("\x89PNG\r\n\x1a\n"))
	f.Add([]byte("II*\x00\x08\x00\x00\x00\x01\x00\x00\x01\x03\x00\x01\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, in []byte) {
		for _, k := range []string{"png", "jpeg", "gif", "webp", "bmp"} {
			_, _ = Decode(k, in, 1<<20)
		}
		if x, err := OpenTIFF(in, 10); err == nil {
			for i := range x.Pages() {
				_, _ = x.Page(i, 1<<20)
			}
		}
	})
}

// A part of a picture is given by the picture's own coordinates, also where these do not begin at 0, 0.
func TestInkInAPartOfAPart(t *testing.T) {
	g := stripes()
	part := g.SubImage(image.Rect(100, 90, 500, 900)).(*image.Gray)
	for _, r := range []image.Rectangle{image.Rect(110, 100, 118, 114), image.Rect(110, 114, 118, 140), part.Rect} {
		if a, b := InkIn(g, r), InkIn(part, r); a != b {
			t.Errorf("%v: ink %.3f of the whole picture, %.3f of its part", r, a, b)
		}
	}
}
