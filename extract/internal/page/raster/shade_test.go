package raster

import (
	"bytes"
	"image"
	"testing"
)

// striped is a page of letters, every second row of which has a ground of the level given.
func striped(ground byte) *image.Gray {
	g := image.NewGray(image.Rect(0, 0, 600, 400))
	for y := range 400 {
		for x := range 600 {
			v := byte(250)
			shaded := y/40%2 == 1 && x > 100 && x < 500
			if shaded {
				v = ground
			}
			if y%40 > 12 && y%40 < 26 && x%9 < 4 && x > 120 && x < 480 {
				v = 20
			}
			g.Pix[y*g.Stride+x] = v
		}
	}
	return g
}

// Gray grounds become as light as paper up to their edges; letters on them stay dark, and a page without them is none that has some.
func TestGroundsAreLightened(t *testing.T) {
	for level, want := range map[byte]bool{250: false, 230: false, 170: true, 120: true, 60: false} {
		if got := Shaded(striped(level), 24); got != want {
			t.Errorf("ground of %d: shaded %v", level, got)
		}
	}
	g := Unshaded(striped(150), 24)
	for y := range 400 {
		for x := range 600 {
			letter := y%40 > 12 && y%40 < 26 && x%9 < 4 && x > 120 && x < 480
			if v := g.Pix[y*g.Stride+x]; letter != (v < 60) || !letter && v < 240 {
				t.Fatalf("%d at %d, %d; a letter: %v", v, x, y, letter)
			}
		}
	}
	ruled := striped(250)
	for y := 40; y < 400; y += 40 {
		for i := range 1200 {
			ruled.Pix[y*ruled.Stride+i] = 140
		}
	}
	if Shaded(ruled, 24) {
		t.Error("rules are taken for a ground")
	}
	noise := image.NewGray(image.Rect(0, 0, 600, 400))
	for i := range noise.Pix {
		if noise.Pix[i] = 250; i%600 < 200 {
			noise.Pix[i] = byte(100 + i*7919%97)
		}
	}
	if Shaded(noise, 24) {
		t.Error("a picture is taken for a ground")
	}
}

// Light letters on a gray bar become dark on paper; dark letters in a white row between gray ones stay as they are.
func TestLightLettersOnGrayAreDarkened(t *testing.T) {
	const ground, light = 120, 250
	letter := func(x, y int) bool { return y%40 > 12 && y%40 < 26 && x%9 < 4 && x > 120 && x < 480 }
	for name, bar := range map[string]func(y int) bool{"a head": func(y int) bool { return y/40 == 3 }, "every second row": func(y int) bool { return y/40%2 == 1 }} {
		g := image.NewGray(image.Rect(0, 0, 600, 400))
		for i := range g.Pix {
			x, y := i%600, i/600
			switch shaded := bar(y) && x > 100 && x < 500; {
			case shaded && letter(x, y):
				g.Pix[i] = light
			case shaded:
				g.Pix[i] = ground
			case letter(x, y):
				g.Pix[i] = 20
			default:
				g.Pix[i] = 250
			}
		}
		if !Shaded(g, 24) {
			t.Fatalf("%s: not seen as shaded", name)
		}
		o := Unshaded(g, 24)
		for i, v := range o.Pix {
			if x, y := i%600, i/600; letter(x, y) != (v < 60) || !letter(x, y) && v < 240 {
				t.Fatalf("%s: %d at %d, %d; a letter: %v", name, v, x, y, letter(x, y))
			}
		}
		for _, rows := range []int{30, 128, 399} { // where bands meet nothing shows
			if !bytes.Equal(unshaded(g, 24, rows).Pix, o.Pix) {
				t.Errorf("%s: another picture in bands of %d rows", name, rows)
			}
		}
	}
}

// The soft edge of a gray row, half white with grain, is no row of light letters: black lines ran through the feet of letters above.
func TestSoftEdgesOfGrayRowsStayLight(t *testing.T) {
	const w, h, high = 600, 528, 44
	g := NewGray(image.Rect(0, 0, w, h))
	for i := range g.Pix {
		x, y := i%w, i/w
		switch gray := y/high%2 == 1; {
		case gray && y%high == 0 || !gray && y >= high && y%high == 0:
			g.Pix[i] = byte(187 + x%2*16)
		case gray:
			g.Pix[i] = 175
		default:
			g.Pix[i] = 250
		}
	}
	if !Shaded(g, 48) {
		t.Fatal("no gray rows were seen")
	}
	for i, v := range Unshaded(g, 48).Pix {
		if v < 128 {
			t.Fatalf("dark at %d, %d", i%w, i/w)
		}
	}
}
