package raster

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/png"
	"os"
	"testing"

	"golang.org/x/image/tiff"
)

// A drawing in light ink on a transparent ground is laid on black, any other on white.
func TestLightInkOnNothingShows(t *testing.T) {
	for name, c := range map[string]struct {
		ink, card color.NRGBA
		contrast  bool
	}{
		"white on nothing": {color.NRGBA{255, 255, 255, 255}, color.NRGBA{}, true},
		"black on nothing": {color.NRGBA{0, 0, 0, 255}, color.NRGBA{}, true},
		"black on a card":  {color.NRGBA{0, 0, 0, 255}, color.NRGBA{250, 250, 250, 255}, true},
	} {
		m := image.NewNRGBA(image.Rect(0, 0, 200, 100))
		p := image.NewPaletted(m.Rect, color.Palette{c.card, c.ink})
		for y := range 100 {
			for x := range 200 {
				v := c.card
				if x > 20 && x < 60 && y%10 < 3 {
					v = c.ink
					p.SetColorIndex(x, y, 1)
				}
				m.SetNRGBA(x, y, v)
			}
		}
		for _, src := range []image.Image{m, p} {
			g := toGray(src)
			if d := int(g.GrayAt(30, 1).Y) - int(g.GrayAt(150, 5).Y); (d*d > 200*200) != c.contrast {
				t.Errorf("%s, %T: ink %d on ground %d", name, src, g.GrayAt(30, 1).Y, g.GrayAt(150, 5).Y)
			}
		}
	}
}

// A fax states fewer lines than columns an inch.
func TestPixelsOfAFaxBecomeSquare(t *testing.T) {
	src := image.NewGray(image.Rect(0, 0, 204, 98))
	for _, c := range []struct{ across, down, w, h, dpi int }{
		{204, 98, 204, 204, 204}, {98, 204, 424, 98, 204}, {204, 196, 204, 98, 204}, {300, 300, 204, 98, 300}, {300, 50, 204, 98, 300}, {0, 98, 204, 98, 0},
	} {
		if g, dpi := square(src, c.across, c.down, 1<<20); g.Rect.Dx() != c.w || g.Rect.Dy() != c.h || dpi != c.dpi {
			t.Errorf("%d by %d dpi: %v at %d dpi, want %d by %d at %d", c.across, c.down, g.Rect.Size(), dpi, c.w, c.h, c.dpi)
		}
		if p, err := Decode("png", withPNGResolution(t, src, c.across, c.down), 1<<20); err != nil || p.Gray.Rect.Dy() != c.h || p.DPI != c.dpi {
			t.Errorf("png of %d by %d dpi: %v %v", c.across, c.down, p, err)
		}
	}
	if p, err := tiffOf(t, src, 204, 98).Page(0, 1<<20); err != nil || p.Gray.Rect.Dy() != 204 || p.DPI != 204 {
		t.Errorf("tiff: %v %v", p, err)
	}
	if g, _ := square(src, 204, 98, 204*98); g != src {
		t.Error("a fax was enlarged over the limit")
	}
}

// withPNGResolution adds the chunk that states a resolution after the header.
func withPNGResolution(t *testing.T, m image.Image, across, down int) []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	ppm := func(dpi int) uint32 { return uint32(float64(dpi)/0.0254 + 0.5) }
	c := binary.BigEndian.AppendUint32([]byte("\x00\x00\x00\x09pHYs"), ppm(across))
	c = append(binary.BigEndian.AppendUint32(c, ppm(down)), 1)
	c = binary.BigEndian.AppendUint32(c, crc32.ChecksumIEEE(c[4:]))
	const head = 33
	return append(append(append([]byte{}, b.Bytes()[:head]...), c...), b.Bytes()[head:]...)
}

// The decoder knows no animation; the first picture of one is read.
func TestAnAnimationGivesItsFirstPicture(t *testing.T) {
	for _, name := range []string{"moving.webp", "moving-alpha.webp"} {
		data, err := os.ReadFile("testdata/" + name)
		if err != nil {
			t.Fatal(err)
		}
		p, err := Decode("webp", data, 1<<20)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if p.Gray.GrayAt(12, 15).Y > 60 || p.Gray.GrayAt(40, 15).Y < 200 || p.Gray.GrayAt(2, 2).Y < 200 {
			t.Errorf("%s: not its first picture: %v, levels %d %d %d", name, p.Gray.Rect, p.Gray.GrayAt(12, 15).Y, p.Gray.GrayAt(40, 15).Y, p.Gray.GrayAt(2, 2).Y)
		}
		for n := range data {
			still(data[:n]) // cut off anywhere: no panic
		}
	}
}

// tiffOf is a file of one page that states these resolutions.
func tiffOf(t *testing.T, m image.Image, across, down uint32) *TIFF {
	t.Helper()
	var b bytes.Buffer
	if err := tiff.Encode(&b, m, nil); err != nil {
		t.Fatal(err)
	}
	x, err := OpenTIFF(b.Bytes(), 1)
	if err != nil {
		t.Fatal(err)
	}
	n, _, _ := x.dir(x.dirs[0])
	for tag, dpi := range map[uint16]uint32{282: across, 283: down} {
		at, ok := x.value(x.dirs[0], n, tag)
		if !ok {
			t.Fatalf("the encoder wrote no tag %d", tag)
		}
		x.bo.PutUint32(x.data[at:], dpi)
		x.bo.PutUint32(x.data[at+4:], 1)
	}
	return x
}
