package ocr

import (
	"image"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/raster"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/tess"
)

// engine reads well only what lies upright: its mark is then in the upper left quarter.
type engine struct {
	orient tess.Orientation
	ok     bool
	reads  int
}

func (e *engine) Recognize(img *image.Gray, _ int, langs string, _ int) ([]tess.Word, error) {
	e.reads++
	conf, text := 0.3, "tqrf"
	if w, h := img.Rect.Dx(), img.Rect.Dy(); h > w && img.GrayAt(w/4, h/4).Y < 100 {
		conf, text = 0.96, "meeting"
	}
	words := make([]tess.Word, 0, 40)
	for i := range 40 {
		words = append(words, tess.Word{X0: 20 * i, X1: 20*i + 18, Y1: 30, Line: i / 8, Text: text, Conf: conf})
	}
	return words, nil
}

func (e *engine) Orient(*image.Gray, int) (tess.Orientation, bool) { return e.orient, e.ok }

// marked is a page with a black square in its upper left quarter.
func marked() *image.Gray {
	g := image.NewGray(image.Rect(0, 0, 400, 600))
	for i := range g.Pix {
		g.Pix[i] = 255
		if x, y := i%400, i/400; x > 60 && x < 140 && y > 110 && y < 190 {
			g.Pix[i] = 0
		}
	}
	return g
}

func TestPageIsTurnedUpright(t *testing.T) {
	for _, turned := range []int{0, 90, 180, 270} {
		for _, sure := range []bool{true, false} {
			e := &engine{ok: sure, orient: tess.Orientation{Degrees: (360 - turned) % 360, Confidence: 9}}
			r := &Reader{Engine: e, Installed: []string{"eng"}}
			pic := raster.Turn(marked(), turned)
			got, err := r.Page(Job{Render: func(int) (*image.Gray, int, error) { return pic, 200, nil }})
			if err != nil || got.Confidence < 0.9 {
				t.Errorf("turned by %d, sure %v: %.2f %v after %d readings", turned, sure, got.Confidence, err, e.reads)
			}
			if turned == 0 && e.reads > 1 {
				t.Errorf("a good page was read %d times", e.reads)
			}
		}
	}
}

func TestReads(t *testing.T) {
	r := &Reader{Installed: []string{"eng", "deu", "rus"}}
	for text, want := range map[string]bool{
		"": true, "1234 +++": true, "An English text": true, "Отчёт о работе": true,
		"本手册介绍了打包": false, "これはマニュアルです": false, "תיק עבודה": false, "Debian 打包": true,
	} {
		if got := r.Reads(text); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}

// A page photographed askew is read with level lines.
func TestAPhotographedPageIsMadeLevel(t *testing.T) {
	g := image.NewGray(image.Rect(0, 0, 900, 1200))
	for i := range g.Pix {
		g.Pix[i] = 255
		if x, y := i%900, i/900; x > 100 && x < 800 && y > 100 && y < 1100 && x%12 < 7 && y%40 < 14 {
			g.Pix[i] = 10
		}
	}
	bent := raster.Unbend(g, -2, 2)
	p := look(bent, bent)
	if p.bend > -3 || p.bend < -5 {
		t.Fatalf("bend %.2f, want about -4", p.bend)
	}
	level, _ := pose{skew: p.skew, bend: p.bend}.upright(bent, 200)
	if after := look(level, level); after.bend != 0 || after.skew != 0 {
		t.Errorf("afterwards %+v", after)
	}
}
