package raster

import (
	"bytes"
	"compress/zlib"
	"image"
	"image/color"
	"image/gif"
	"image/png"
	"io"
	"testing"
)

// noise does not pack, so that a half of a file is half of its rows.
func noise() *image.Paletted {
	p := image.NewPaletted(image.Rect(0, 0, 200, 100), color.Palette{color.Black, color.Gray{90}, color.Gray{160}, color.White})
	for i, v := 0, uint32(1); i < len(p.Pix); i++ {
		v = v*1664525 + 1013904223
		p.Pix[i] = byte(v >> 30)
	}
	return p
}

func encoded(t testing.TB, format string, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	err := png.Encode(&b, m)
	if format == "gif" {
		b.Reset()
		err = gif.Encode(&b, m, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// badFilter is a gray PNG whose row y names a filter that there is none of.
func badFilter(t *testing.T, m *image.Gray, y int) []byte {
	t.Helper()
	p := pngChunks(encoded(t, "png", m))
	raw, err := io.ReadAll(p.unpacked())
	if err != nil {
		t.Fatal(err)
	}
	raw[y*(m.Rect.Dx()+1)] = 9
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	_, _ = z.Write(raw)
	_ = z.Close()
	return p.file(b.Bytes())
}

// What viewers show of a damaged picture is read: the rows before the damage, all of them where only a check sum is wrong.
func TestWhatIsLeftOfAPicture(t *testing.T) {
	src := noise()
	want := toGray(noise()) // whose pixels it may use
	turned := func(b []byte, at int) []byte {
		b = bytes.Clone(b)
		b[at] ^= 0x55
		return b
	}
	file, moving := encoded(t, "png", src), encoded(t, "gif", src)
	idat := bytes.Index(file, []byte("IDAT"))
	packed := len(file) - 12 - 4 - idat // up to the check sum of IDAT
	for name, c := range map[string]struct {
		format      string
		data        []byte
		least, most int
	}{
		"png cut off": {"png", file[:len(file)/2], 30, 60},
		"png with a filter that there is none of": {"png", badFilter(t, want, 40), 40, 40},
		"png without its end":                     {"png", file[:len(file)-12], 100, 100},
		"png, check sum of header":                {"png", turned(file, 8+8+13), 100, 100},
		"png, check sum of pixels":                {"png", turned(file, len(file)-13), 100, 100},
		"png, check sum of zlib":                  {"png", turned(file, idat+packed-2), 100, 100},
		"png of 8 samples, cut off":               {"png", encoded(t, "png", want)[:5000], 20, 80},
		"gif cut off":                             {"gif", moving[:len(moving)/2], 40, 60},
		"gif without its end":                     {"gif", moving[:len(moving)-1], 100, 100},
		"gif cut in its last block":               {"gif", moving[:len(moving)-3], 98, 100},
	} {
		p, err := Decode(c.format, c.data, 1<<20)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		n := p.Gray.Rect.Dy()
		if n < c.least || n > c.most || p.Gray.Rect.Dx() != 200 || !bytes.Equal(p.Gray.Pix, want.Pix[:200*n]) {
			t.Errorf("%s: %d rows, or other pixels", name, n)
		}
	}
	for format, data := range map[string][]byte{"png": file, "gif": moving} {
		for n := range 60 {
			if p, err := Decode(format, data[:n], 1<<20); err == nil && n < 40 {
				t.Errorf("%s of %d bytes: %v", format, n, p.Gray.Rect)
			}
		}
		if left := mended(format, data, 200*99); left != nil {
			t.Errorf("%s of more pixels than allowed was mended", format)
		}
	}
}

// A kind that the common decoder does not read says how wide it is all the same, which the second decoder needs.
func TestWidthOfEveryJPEG(t *testing.T) {
	for name, c := range map[string]struct {
		data string
		want int
	}{
		"arithmetic": {"\xff\xd8\xff\xe0\x00\x04ab\xff\xff\xc9\x00\x0b\x08\x00\x20\x00\x40\x01\x01\x11\x00", 64},
		"tables":     {"\xff\xd8\xff\xc4\x00\x04ab\xff\xc9\x00\x0b\x08\x00\x20\x00\x41\x01\x01\x11\x00", 65},
		"too large":  {"\xff\xd8\xff\xc9\x00\x0b\x08\xff\xff\xff\xff\x01\x01\x11\x00", 0},
		"none":       {"\xff\xd8\xff\xe0\x00\x04ab", 0},
	} {
		if got := Width("jpeg", []byte(c.data), 1<<20); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}

func FuzzMended(f *testing.F) {
	file, moving := encoded(f, "png", noise()), encoded(f, "gif", noise())
	f.Add(file[:len(file)/2])
	f.Add(moving[:len(moving)/2])
	f.Fuzz(func(t *testing.T, in []byte) {
		for _, format := range []string{"png", "gif"} {
			if left := mended(format, in, 1<<20); left != nil {
				_, _ = decode(format, left, 1<<20)
			}
		}
	})
}
