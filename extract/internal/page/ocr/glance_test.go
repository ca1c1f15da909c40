package ocr

import (
	"image"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/page/raster"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/page/tesseract"
)

// asked counts what it is asked.
type asked struct{ times int }

func (e *asked) Recognize(*image.Gray, int, string, int) ([]tesseract.Word, error) {
	e.times++
	return []tesseract.Word{{X1: 90, Y1: 20, Text: "Minutes", Conf: 0.95}}, nil
}

func (e *asked) Orient(*image.Gray, int) (tesseract.Orientation, bool) {
	e.times++
	return tesseract.Orientation{}, false
}

// landscape is a sky that grows lighter, hills, and grass of blades that lean each its own way.
func landscape(w, h int) *image.Gray {
	g := image.NewGray(image.Rect(0, 0, w, h))
	rng := rand.New(rand.NewPCG(7, 7))
	for y := range h {
		for x := range w {
			v := 150 + 80*float64(y)/float64(h) + 5*rng.NormFloat64()
			if float64(y) > float64(h)*(0.45+0.1*math.Sin(float64(x)/float64(w)*7)) {
				v = 90 + 25*math.Sin(float64(x)/23)*math.Cos(float64(y)/31) + 9*rng.NormFloat64()
			}
			g.Pix[y*g.Stride+x] = byte(max(0, min(255, v)))
		}
	}
	for range w * h / 3000 {
		x, y, lean, n, tone := float64(rng.IntN(w)), h/2+rng.IntN(h/2), rng.NormFloat64()*0.6, 6+rng.IntN(60), byte(20+rng.IntN(200))
		for i := range n {
			if px, py := int(x+lean*float64(i)), y-i; px >= 0 && px < w-1 && py >= 0 {
				g.Pix[py*g.Stride+px], g.Pix[py*g.Stride+px+1] = tone, tone
			}
		}
	}
	return g
}

// sheet lays a page of rows of marks of the size of letters onto a picture, lit unevenly.
func sheet(g *image.Gray, at image.Rectangle, letter, line int) *image.Gray {
	for y := at.Min.Y; y < at.Max.Y; y++ {
		for x := at.Min.X; x < at.Max.X; x++ {
			v := 240 - 70*(x-at.Min.X)/at.Dx()
			inside := x > at.Min.X+3*letter && x < at.Max.X-3*letter && y > at.Min.Y+3*letter && y < at.Max.Y-3*letter
			word := (x-at.Min.X)/(letter*8)*7919%5 != 0 && (x-at.Min.X)%(letter*8) < letter*7
			if inside && word && (y-at.Min.Y)%line < letter && (x-at.Min.X)%letter < letter*3/5 {
				v -= 140
			}
			g.Pix[y*g.Stride+x] = byte(max(0, v))
		}
	}
	return g
}

func TestAPictureWithoutRowsOfLettersIsNotRead(t *testing.T) {
	field := landscape(2000, 1500)
	for _, c := range []struct {
		name string
		img  *image.Gray
		read bool
	}{
		{"a landscape", field, false},
		{"a small landscape", landscape(640, 480), false},
		{"a landscape on its side", raster.Turn(field, 90), false},
		{"a letter on the grass", sheet(landscape(2000, 1500), image.Rect(500, 100, 1400, 1400), 14, 36), true},
		{"a letter that lies on its side", raster.Turn(sheet(landscape(2000, 1500), image.Rect(500, 100, 1400, 1400), 14, 36), 90), true},
		{"a letter that leans", raster.Rotate(sheet(landscape(2000, 1500), image.Rect(500, 100, 1400, 1400), 14, 36), 7), true},
		{"white letters on black", raster.Inverted(sheet(landscape(2000, 1500), image.Rect(500, 100, 1400, 1400), 14, 36)), true},
		{"a receipt", sheet(landscape(1500, 2000), image.Rect(600, 300, 900, 1200), 12, 40), true},
		{"small type of a large page", sheet(landscape(4000, 3000), image.Rect(200, 200, 3800, 2800), 9, 24), true},
	} {
		e := &asked{}
		r := &Reader{Engine: e, Installed: []string{"eng"}}
		got, err := r.Page(Job{Render: func(int) (*image.Gray, int, error) { return c.img, 0, nil }, Anything: true})
		if err != nil || (e.times > 0) != c.read || (got.Text != "") != c.read {
			t.Errorf("%s: the engine was asked %d times, %q, %v", c.name, e.times, got.Text, err)
		}
	}
	e := &asked{}
	r := &Reader{Engine: e, Installed: []string{"eng"}}
	if _, err := r.Page(Job{Render: func(int) (*image.Gray, int, error) { return field, 0, nil }}); err != nil || e.times == 0 {
		t.Errorf("a scanned page is read whatever it looks like: %d, %v", e.times, err)
	}
}

// A page with nothing but a title has no rows to speak of, and is read.
func TestATitleAloneIsRead(t *testing.T) {
	g := image.NewGray(image.Rect(0, 0, 1200, 1600))
	for i := range g.Pix {
		g.Pix[i] = 250
	}
	sheet(g, image.Rect(500, 700, 700, 760), 16, 40)
	if !lettered(g) {
		t.Error("taken for a photograph")
	}
}

func BenchmarkGlance(b *testing.B) {
	img := landscape(4000, 3000)
	for b.Loop() {
		if lettered(img) {
			b.Fatal("letters in a landscape")
		}
	}
}
