package raster

import (
	"image"
	"testing"
)

// filled writes a level into a part of a picture.
func filled(g *image.Gray, r image.Rectangle, level byte) {
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			g.Pix[y*g.Stride+x] = level
		}
	}
}

// strokes are upright strokes of letters, 4 pixels thick and 20 high.
func strokes(g *image.Gray, x0, x1, y int, level byte) {
	for x := x0; x+4 <= x1; x += 14 {
		filled(g, image.Rect(x, y, x+4, y+20), level)
	}
}

func paper() *image.Gray {
	g := NewGray(image.Rect(0, 0, 1400, 1400))
	filled(g, g.Rect, 250)
	return g
}

// White type on a black head and a dark column becomes dark type on paper; what is between two dark rows, and dark itself, stays.
func TestLightTypeOnDarkGrounds(t *testing.T) {
	g := paper()
	filled(g, image.Rect(100, 100, 1200, 150), 15)
	strokes(g, 200, 600, 115, 250)
	for row := range 8 { // every second row is dark
		y := 150 + 40*row
		if row%2 == 1 {
			filled(g, image.Rect(100, y, 1200, y+40), 60)
			strokes(g, 200, 600, y+10, 240)
		} else {
			strokes(g, 200, 600, y+10, 20)
		}
	}
	if !Dark(Shrink(g, 2), 24) {
		t.Fatal("no dark grounds")
	}
	o := Undarkened(g, 48)
	at := func(x, y int) byte { return o.Pix[y*o.Stride+x] }
	for _, c := range []struct {
		what        string
		x, y        int
		least, most byte
	}{
		{"the ground of the head", 900, 120, 250, 255}, {"type on it", 201, 125, 0, 20},
		{"the ground of a dark row", 900, 210, 250, 255}, {"type on it", 201, 210, 0, 20},
		{"a light row between dark ones", 900, 250, 250, 250}, {"type on it", 201, 250, 20, 20},
		{"the edge of a ground", 100, 120, 250, 255}, {"the page", 50, 50, 250, 250},
	} {
		if v := at(c.x, c.y); v < c.least || v > c.most {
			t.Errorf("%s is %d, want %d to %d", c.what, v, c.least, c.most)
		}
	}
}

// What has no light type, or is no field, is left as it is: the black beside a page, a drawing, a page in a shadow, rules.
func TestDarkThatIsNoGround(t *testing.T) {
	for name, draw := range map[string]func(*image.Gray){
		"text": func(g *image.Gray) { strokes(g, 100, 1200, 100, 10) },
		"the black beside a page": func(g *image.Gray) {
			filled(g, image.Rect(0, 0, 200, 1400), 10)
			strokes(g, 300, 1200, 100, 10)
		},
		"a rule": func(g *image.Gray) { filled(g, image.Rect(100, 100, 1300, 106), 10) },
		"a drawing": func(g *image.Gray) {
			for y := range 400 { // a slope with white in it
				filled(g, image.Rect(200+y/2, 300+y, 600+y/2, 301+y), 10)
				if y%40 < 20 {
					filled(g, image.Rect(300+y/2, 300+y, 330+y/2, 301+y), 250)
				}
			}
		},
		"a shadow": func(g *image.Gray) {
			filled(g, image.Rect(0, 700, 1400, 1400), 70)
			for y := 720; y < 1300; y += 50 {
				strokes(g, 100, 1200, y, 20)
			}
		},
	} {
		g := paper()
		draw(g)
		if Dark(Shrink(g, 2), 24) {
			t.Errorf("%s is taken for a dark ground with light type", name)
		}
		if Undarkened(g, 48) != g {
			t.Errorf("%s is changed", name)
		}
	}
}
