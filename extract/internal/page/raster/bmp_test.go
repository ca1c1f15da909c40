package raster

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"image/png"
	"testing"

	"golang.org/x/image/bmp"
)

// letter is a picture of 13 by 9 that is no mirror of itself: what is dark says which way it lies.
func letter() *image.Gray {
	g := image.NewGray(image.Rect(0, 0, 13, 9))
	for i := range g.Pix {
		if g.Pix[i] = 255; i%13 == 1 || i/13 == 1 && i%13 < 7 {
			g.Pix[i] = 0
		}
	}
	return g
}

// le writes numbers: uint16 and uint32 as they are, bytes as such.
func le(parts ...any) []byte {
	var b []byte
	for _, p := range parts {
		switch v := p.(type) {
		case int:
			b = binary.LittleEndian.AppendUint32(b, uint32(v))
		case uint16:
			b = binary.LittleEndian.AppendUint16(b, v)
		case []byte:
			b = append(b, v...)
		case string:
			b = append(b, v...)
		}
	}
	return b
}

// bmpOf puts a file together; the offset of the pixels is right unless it is given.
func bmpOf(header, palette, pixels []byte) []byte {
	return le("BM", 14+len(header)+len(palette)+len(pixels), 0, 14+len(header)+len(palette), header, palette, pixels)
}

func info(size, w, h int, depth uint16, packing, colours int) []byte {
	return le(size, w, h, uint16(1), depth, packing, 0, 0, 0, colours, 0, make([]byte, size-40))
}

// packed gives the rows of letter, the lowest first, each pixel as one of two numbers of this many bits.
func packed(depth int, dark, light uint64, topDown bool) []byte {
	g := letter()
	var out []byte
	for y := range 9 {
		if !topDown {
			y = 8 - y
		}
		row, acc, n := []byte{}, uint64(0), 0
		for x := range 13 {
			v := light
			if g.GrayAt(x, y).Y == 0 {
				v = dark
			}
			if depth >= 8 {
				row = append(row, binary.LittleEndian.AppendUint64(nil, v)[:depth/8]...)
				continue
			}
			if acc, n = acc<<depth|v, n+depth; n == 8 {
				row, acc, n = append(row, byte(acc)), 0, 0
			}
		}
		if n > 0 {
			row = append(row, byte(acc<<(8-n)))
		}
		out = append(out, append(row, make([]byte, (4-len(row)%4)%4)...)...)
	}
	return out
}

// rle writes letter in runs; where mixed it has literal pixels and jumps too.
func rle(depth int, dark, light byte) []byte {
	g, both := letter(), func(v byte) byte {
		if depth == 4 {
			return v<<4 | v
		}
		return v
	}
	var out []byte
	for y := 8; y >= 0; y-- {
		for x := 0; x < 13; {
			n, v := 1, light
			for x+n < 13 && g.GrayAt(x+n, y) == g.GrayAt(x, y) {
				n++
			}
			if g.GrayAt(x, y).Y == 0 {
				v = dark
			}
			switch {
			case n == 11 && depth == 8: // eleven light pixels at the end, three of them as they stand
				out = append(out, 0, 3, v, v, v, 0, 8, v)
			case n == 11:
				out = append(out, 0, 3, both(v), both(v), 8, both(v))
			default:
				out = append(out, byte(n), both(v))
			}
			x += n
		}
		out = append(out, 0, 0)
	}
	return append(out, 0, 1)
}

// Everything that viewers open: all depths and packings, headers of OS/2 and of every Windows, and those that state wrong sizes.
func TestEveryBMPThatViewersOpen(t *testing.T) {
	two := []byte{0, 0, 0, 0, 255, 255, 255, 0}
	core := func(depth uint16) []byte { return le(12, uint16(13), uint16(9), uint16(1), depth) }
	var inPNG bytes.Buffer
	if err := png.Encode(&inPNG, letter()); err != nil {
		t.Fatal(err)
	}
	masks565 := le(0xf800, 0x07e0, 0x001f)
	v5 := info(124, 13, 9, 32, bmpMasks, 0)
	copy(v5[40:], le(0xff, 0xff00, 0xff0000, -0x1000000))
	rle24 := []byte{}
	for y := 8; y >= 0; y-- {
		for x := range 13 {
			v := letter().GrayAt(x, y).Y
			rle24 = append(rle24, 1, v, v, v)
		}
		rle24 = append(rle24, 0, 0)
	}
	wrongSizes := bmpOf(info(40, 13, 9, 1, 0, 0), two, packed(1, 0, 1, false))
	copy(wrongSizes[2:], le(1<<30))
	copy(wrongSizes[14+20:], le(7, -5, -5))
	noOffset := bmpOf(info(40, 13, 9, 4, 0, 2), two, packed(4, 0, 1, false))
	copy(noOffset[10:], le(3))
	farOffset := bmpOf(info(40, 13, 9, 4, 0, 2), two, packed(4, 0, 1, false))
	copy(farOffset[10:], le(1<<20))
	reserved := bmpOf(info(40, 13, 9, 1, 0, 0), two, packed(1, 0, 1, false))
	copy(reserved[6:], "junk")
	for name, file := range map[string][]byte{
		"1 bit":                 bmpOf(info(40, 13, 9, 1, 0, 0), two, packed(1, 0, 1, false)),
		"1 bit, top down":       bmpOf(info(40, 13, -9, 1, 0, 0), two, packed(1, 0, 1, true)),
		"1 bit, colours turned": bmpOf(info(40, 13, 9, 1, 0, 0), append(two[4:8:8], two[:4]...), packed(1, 1, 0, false)),
		"1 bit, no palette":     bmpOf(info(40, 13, 9, 1, 0, 0), nil, packed(1, 0, 1, false)),
		"2 bits":                bmpOf(info(40, 13, 9, 2, 0, 2), two, packed(2, 0, 1, false)),
		"4 bits":                bmpOf(info(40, 13, 9, 4, 0, 2), two, packed(4, 0, 1, false)),
		"8 bits, short palette": bmpOf(info(40, 13, 9, 8, 0, 0), two, packed(8, 0, 1, false)),
		"15 bits":               bmpOf(info(40, 13, 9, 16, 0, 0), nil, packed(16, 0, 0x7fff, false)),
		"16 bits":               bmpOf(info(40, 13, 9, 16, bmpMasks, 0), masks565, packed(16, 0, 0xffff, false)),
		"24 bits":               bmpOf(info(40, 13, 9, 24, 0, 0), nil, packed(24, 0, 0xffffff, false)),
		"32 bits":               bmpOf(info(40, 13, 9, 32, 0, 0), nil, packed(32, 0, 0xffffff, false)),
		"32 bits, masks":        bmpOf(info(40, 13, 9, 32, bmpMasks, 0), le(0x3ff00000, 0xffc00, 0x3ff), packed(32, 0, 0x3fffffff, false)),
		"32 bits, see-through":  bmpOf(v5, nil, packed(32, 0xff000000, 0, false)),
		"32 bits, no opacity":   bmpOf(v5, nil, packed(32, 0, 0xffffff, false)),
		"RLE8":                  bmpOf(info(40, 13, 9, 8, bmpRLE8, 2), two, rle(8, 0, 1)),
		"RLE4":                  bmpOf(info(40, 13, 9, 4, bmpRLE4, 2), two, rle(4, 0, 1)),
		"RLE24 of OS/2":         bmpOf(info(64, 13, 9, 24, bmpJPEG, 0), nil, rle24),
		"OS/2 1":                bmpOf(core(1), []byte{0, 0, 0, 255, 255, 255}, packed(1, 0, 1, false)),
		"OS/2 1, 24 bits":       bmpOf(core(24), nil, packed(24, 0, 0xffffff, false)),
		"OS/2 2, 16 bytes":      bmpOf(le(16, 13, 9, uint16(1), uint16(1)), two, packed(1, 0, 1, false)),
		"PNG inside":            bmpOf(info(40, 13, 9, 0, bmpPNG, 0), nil, inPNG.Bytes()),
		"wrong sizes":           wrongSizes,
		"offset in the header":  noOffset,
		"offset past the end":   farOffset,
		"reserved bytes":        reserved,
	} {
		p, err := Decode("bmp", file, 1<<20)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if p.Gray.Rect != letter().Rect || !bytes.Equal(p.Gray.Pix, letter().Pix) {
			t.Errorf("%s: %v %v", name, p.Gray.Rect, p.Gray.Pix)
		}
	}
}

// What is cut off gives the rows that are there: the lowest, or the highest of a file that begins at the top.
func TestBMPCutOff(t *testing.T) {
	two := []byte{0, 0, 0, 0, 255, 255, 255, 0}
	whole := bmpOf(info(40, 13, 9, 1, 0, 0), two, packed(1, 0, 1, false))
	turned := bmpOf(info(40, 13, -9, 1, 0, 0), two, packed(1, 0, 1, true))
	runs := bmpOf(info(40, 13, 9, 8, bmpRLE8, 2), two, rle(8, 0, 1))
	for name, c := range map[string]struct {
		file []byte
		rows int
		top  byte // the second pixel of the highest row that is there, and of the lowest: both dark
	}{"pixels": {whole[:len(whole)-4*4], 5, 0}, "from the top": {turned[:len(turned)-4*4], 5, 0}, "runs": {runs[:len(runs)-40], 6, 0}} {
		p, err := Decode("bmp", c.file, 1<<20)
		if err != nil || p.Gray.Rect.Dy() != c.rows || p.Gray.GrayAt(1, 0).Y != 0 || p.Gray.GrayAt(1, c.rows-1).Y != 0 || p.Gray.GrayAt(0, 2).Y != 255 {
			t.Errorf("%s: %+v %v", name, p.Gray, err)
		}
	}
	if p, err := Decode("bmp", turned[:len(turned)-4*4], 1<<20); err != nil || p.Gray.GrayAt(5, 1).Y != 0 {
		t.Errorf("a file that begins at the top: %v", err)
	}
	for n := range whole[:62] {
		if _, err := Decode("bmp", whole[:n], 1<<20); !errors.Is(err, ErrDecode) {
			t.Errorf("%d bytes: %v", n, err)
		}
	}
}

// A file of a few bytes that says it is huge takes no memory for what it does not have.
func TestBMPThatSaysItIsHuge(t *testing.T) {
	file := bmpOf(info(40, 10000, 10000, 8, bmpRLE8, 0), nil, []byte{4, 0, 0, 0, 4, 0})
	if n := testing.AllocsPerRun(1, func() {
		if p, err := Decode("bmp", file, 120_000_000); err != nil || p.Gray.Rect.Dy() != 2 {
			t.Errorf("%v %v", p.Gray, err)
		}
	}); n > 100 {
		t.Errorf("%v allocations", n)
	}
	if _, err := Decode("bmp", bmpOf(info(40, 100000, 100000, 1, 0, 0), nil, make([]byte, 64)), 120_000_000); !errors.Is(err, ErrPixels) {
		t.Errorf("ten thousand million pixels: %v", err)
	}
}

// Where the common decoder gives a picture, this one gives the same.
func TestBMPAsTheCommonDecoderReadsIt(t *testing.T) {
	src := image.NewRGBA(image.Rect(0, 0, 33, 17))
	for i := range src.Pix {
		src.Pix[i] = byte(i * 37)
		if i%4 == 3 {
			src.Pix[i] = 255
		}
	}
	pal := image.NewPaletted(src.Rect, color.Palette{color.RGBA{10, 20, 30, 255}, color.RGBA{200, 100, 0, 255}, color.White})
	for i := range pal.Pix {
		pal.Pix[i] = byte(i % 3)
	}
	for _, m := range []image.Image{src, pal, letter()} {
		var b bytes.Buffer
		if err := bmp.Encode(&b, m); err != nil {
			t.Fatal(err)
		}
		want, err := bmp.Decode(bytes.NewReader(b.Bytes()))
		if err != nil {
			t.Fatal(err)
		}
		got, err := Decode("bmp", b.Bytes(), 1<<20)
		if err != nil {
			t.Fatal(err)
		}
		for i, v := range toGray(want).Pix {
			if d := int(v) - int(got.Gray.Pix[i]); d < -1 || d > 1 {
				t.Fatalf("%T: pixel %d is %d, want %d", m, i, got.Gray.Pix[i], v)
			}
		}
	}
}

func FuzzBMP(f *testing.F) {
	two := []byte{0, 0, 0, 0, 255, 255, 255, 0}
	f.Add(bmpOf(info(40, 13, 9, 8, bmpRLE8, 2), two, rle(8, 0, 1)))
	f.Add(bmpOf(info(40, 13, 9, 4, bmpRLE4, 2), two, rle(4, 0, 1)))
	f.Add(bmpOf(info(64, 13, 9, 24, bmpJPEG, 0), nil, []byte{1, 2, 3, 4, 0, 3, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 0, 2, 1, 1}))
	f.Add(bmpOf(info(124, 13, -9, 32, bmpMasks, 0), nil, packed(32, 0, 1, true)))
	f.Fuzz(func(t *testing.T, in []byte) {
		c, err := bmpConfig(in)
		if err != nil || checkSize("bmp", c, in, 1<<20) != nil {
			return
		}
		if img, err := decodeBMP(in, 1<<20); err == nil && (img.Bounds().Dx() != c.Width || img.Bounds().Dy() > c.Height || img.Bounds().Dy() == 0) {
			t.Errorf("%v of %+v", img.Bounds(), c)
		}
	})
}
