package raster

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"testing"
)

func TestLargePNGOf16Bits(t *testing.T) {
	const side = 2912
	m := image.NewRGBA64(image.Rect(0, 0, side, side))
	for i := range m.Pix {
		if m.Pix[i] = byte(i * 7); i%8 >= 6 {
			m.Pix[i] = 255
		}
	}
	data := encoded(t, "png", m)
	if rowsOfPNG(data) == nil {
		t.Fatal("left to the common decoder")
	}
	p, err := Decode("png", data, 120_000_000)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range toGray(m).Pix {
		if d := int(want) - int(p.Gray.Pix[i]); d < -2 || d > 2 {
			t.Fatalf("pixel %d of row %d is %d, want %d", i%side, i/side, p.Gray.Pix[i], want)
		}
	}
}

// A large picture that is turned into gray row by row is the one that the common decoder gives.
func TestLargePNGRowByRow(t *testing.T) {
	const w, h = 4200, 4000
	v := uint32(1)
	next := func() uint8 { v = v*1664525 + 1013904223; return uint8(v >> 24) }
	for name, set := range map[string]func(m *image.NRGBA, x, y int){
		"opaque": func(m *image.NRGBA, x, y int) {
			m.SetNRGBA(x, y, color.NRGBA{uint8(x), uint8(y), uint8(x * y), 255})
		},
		"translucent": func(m *image.NRGBA, x, y int) {
			m.SetNRGBA(x, y, color.NRGBA{uint8(x), next(), uint8(y), uint8(x + y)})
		},
		"light ink on nothing": func(m *image.NRGBA, x, y int) {
			if x%100 < 5 {
				m.SetNRGBA(x, y, color.NRGBA{250, 250, 240, 255})
			}
		},
	} {
		m := image.NewNRGBA(image.Rect(0, 0, w, h))
		for y := range h {
			for x := range w {
				set(m, x, y)
			}
		}
		var b bytes.Buffer
		if err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&b, m); err != nil {
			t.Fatal(err)
		}
		if rowsOfPNG(b.Bytes()) == nil {
			t.Fatalf("%s: left to the common decoder", name)
		}
		p, err := Decode("png", b.Bytes(), 120_000_000)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for i, want := range toGray(m).Pix {
			if d := int(want) - int(p.Gray.Pix[i]); d < -2 || d > 2 {
				t.Fatalf("%s: pixel %d of row %d is %d, want %d", name, i%w, i/w, p.Gray.Pix[i], want)
			}
		}
	}
}
