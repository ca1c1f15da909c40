package main

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"io"
)

var pictureKinds = []kind{
	{"png gray, 98 million pixels", "png", pngOf(9900, 9900, 8, 0, false)},
	{"png RGBA, 98 million pixels", "png", pngOf(9900, 9900, 8, 6, false)},
	{"png RGBA interlaced, 98 million pixels", "png", pngOf(9900, 9900, 8, 6, true)},
	{"png RGBA of 16 bits interlaced, 60 million pixels", "png", pngOf(7700, 7700, 16, 6, true)},
	{"png RGB, 98 million pixels", "png", pngOf(9900, 9900, 8, 2, false)},
	{"png gray of 16 bits, 98 million pixels", "png", pngOf(9900, 9900, 16, 0, false)},
	{"png palette, 98 million pixels", "png", pngOf(9900, 9900, 8, 3, false)},
	{"png of 1 bit, 98 million pixels", "png", pngOf(9900, 9900, 1, 0, false)},
	{"png gray interlaced, 98 million pixels", "png", pngOf(9900, 9900, 8, 0, true)},
	{"png one row of 30 million pixels", "png", pngOf(30_000_000, 1, 8, 2, false)},
	{"png one column of 2 million pixels", "png", pngOf(3, 2_000_000, 8, 2, false)},
	{"png of 12 million pixels full of dots", "png", dotsOf(3460, 3460, 4)},
	{"png of 12 million pixels full of large dots", "png", dotsOf(3460, 3460, 12)},
	{"tiff of 12 million pixels full of dots", "tif", tiffDots(3460, 3460, 4)},
	{"tiff of 12 million pixels full of large dots", "tif", tiffDots(3460, 3460, 12)},
	{"jpeg, 98 million pixels", "jpg", jpegOf(9900, 9900, false)},
	{"jpeg gray, 98 million pixels", "jpg", jpegOf(9900, 9900, true)},
	{"gif, 98 million pixels", "gif", gifOf(9900, 9900, 1)},
	{"gif of 2,000 frames of a million pixels", "gif", gifOf(1000, 1000, 2000)},
	{"gif of 300,000 frames of one pixel", "gif", gifOf(1, 1, 300_000)},
	{"bmp of 24 bits, 30 million pixels", "bmp", bmpOf(5500, 5500, 24)},
	{"bmp of 32 bits, see-through, 24 million pixels", "bmp", bmpOf(4900, 4900, 32)},
	{"tiff RGB in one strip, 70 million pixels", "tif", tiffOf(8400, 8400, 3, 8, 1)},
	{"tiff RGB not packed, 30 million pixels", "tif", tiffOf(5500, 5500, 3, 8, 0)},
	{"tiff gray, 98 million pixels", "tif", tiffOf(9900, 9900, 1, 8, 1)},
	{"tiff gray of 16 bits, 70 million pixels", "tif", tiffOf(8400, 8400, 1, 16, 1)},
	{"tiff RGBA, 50 million pixels", "tif", tiffOf(7100, 7100, 4, 8, 1)},
	{"tiff of 1 bit, 98 million pixels", "tif", tiffOf(9900, 9900, 1, 1, 1)},
}

// pngOf makes a PNG with rows of marks. kind is its colour type.
func pngOf(w, h, depth, kind int, interlaced bool) func(*out) {
	return func(o *out) {
		head := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, uint32(w)), uint32(h))
		head = append(head, byte(depth), byte(kind), 0, 0, 0)
		if interlaced {
			head[12] = 1
		}
		_, _ = o.WriteString("\x89PNG\r\n\x1a\n")
		pngChunk(o, "IHDR", head)
		if kind == 3 {
			pngChunk(o, "PLTE", bytes.Repeat([]byte{0, 0, 0, 255, 255, 255}, 128))
		}
		samples := map[int]int{0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[kind]
		var packed bytes.Buffer
		z, _ := zlib.NewWriterLevel(&packed, zlib.BestSpeed)
		passes := [][4]int{{0, 0, 1, 1}}
		if interlaced {
			passes = [][4]int{{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}}
		}
		for _, p := range passes {
			pw, ph := (w-p[0]+p[2]-1)/p[2], (h-p[1]+p[3]-1)/p[3]
			row := bytes.Repeat([]byte{255}, 1+(pw*samples*depth+7)/8)
			row[0] = 0
			marks := bytes.Clone(row)
			for i := 1; i < len(marks); i++ {
				if i%32 < 12 {
					marks[i] = 0
				}
			}
			for y := range ph {
				if y%(60/p[3]+1) < 22/p[3] {
					_, _ = z.Write(marks)
				} else {
					_, _ = z.Write(row)
				}
			}
		}
		_ = z.Close()
		pngChunk(o, "IDAT", packed.Bytes())
		pngChunk(o, "IEND", nil)
	}
}

// dotsOf makes a gray PNG of dots that stand each pixels apart and are half as large.
func dotsOf(w, h, each int) func(*out) {
	return func(o *out) {
		head := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, uint32(w)), uint32(h))
		_, _ = o.WriteString("\x89PNG\r\n\x1a\n")
		pngChunk(o, "IHDR", append(head, 8, 0, 0, 0, 0))
		pngChunk(o, "IDAT", deflated(func(z io.Writer) { dotRows(z, w, h, each, []byte{0}) }))
		pngChunk(o, "IEND", nil)
	}
}

// dotRows writes the rows of such a picture, before each what the format has there.
func dotRows(f io.Writer, w, h, each int, before []byte) {
	white := append(bytes.Clone(before), bytes.Repeat([]byte{255}, w)...)
	dots := bytes.Clone(white)
	for x := range w {
		if x%each < each/2 {
			dots[len(before)+x] = 0
		}
	}
	for y := range h {
		if y%each < each/2 {
			_, _ = f.Write(dots)
		} else {
			_, _ = f.Write(white)
		}
	}
}

func pngChunk(w io.Writer, name string, body []byte) {
	b := append(binary.BigEndian.AppendUint32(nil, uint32(len(body))), name...)
	b = append(b, body...)
	_, _ = w.Write(binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:])))
}

// drawn is a picture that is not in memory.
type drawn struct {
	w, h int
	gray bool
}

func (d drawn) ColorModel() color.Model {
	if d.gray {
		return color.GrayModel
	}
	return color.RGBAModel
}
func (d drawn) Bounds() image.Rectangle { return image.Rect(0, 0, d.w, d.h) }
func (d drawn) At(x, y int) color.Color {
	v := byte(255)
	if y%60 < 22 && x%30 < 12 && x/30%6 != 5 {
		v = 0
	}
	if d.gray {
		return color.Gray{Y: v}
	}
	return color.RGBA{v, v, v, 255}
}

func jpegOf(w, h int, gray bool) func(*out) {
	return func(o *out) {
		var m image.Image = drawn{w, h, gray}
		if gray {
			g := image.NewGray(m.Bounds())
			for y := range h {
				for x := range w {
					if y%60 < 22 && x%30 < 12 && x/30%6 != 5 {
						continue
					}
					g.Pix[y*w+x] = 255
				}
			}
			m = g
		}
		_ = jpeg.Encode(o, m, &jpeg.Options{Quality: 60})
	}
}

func gifOf(w, h, frames int) func(*out) {
	return func(o *out) {
		var one bytes.Buffer
		p := image.NewPaletted(image.Rect(0, 0, w, h), color.Palette{color.White, color.Black})
		for y := range h {
			for x := range w {
				if y%60 < 22 && x%30 < 12 {
					p.Pix[y*w+x] = 1
				}
			}
		}
		_ = gif.Encode(&one, p, nil)
		b := one.Bytes()
		head := 13 + 3<<(b[10]&7+1)
		if b[10]&0x80 == 0 {
			head = 13
		}
		_, _ = o.Write(b[:head])
		for range frames {
			_, _ = o.Write(b[head : len(b)-1])
		}
		_, _ = o.WriteString(";")
	}
}

func bmpOf(w, h, depth int) func(*out) {
	return func(o *out) {
		le := binary.LittleEndian
		const head = 14 + 108
		b := make([]byte, head)
		copy(b, "BM")
		le.PutUint32(b[10:], head)
		le.PutUint32(b[14:], 108)
		le.PutUint32(b[18:], uint32(w))
		le.PutUint32(b[22:], uint32(h))
		le.PutUint16(b[26:], 1)
		le.PutUint16(b[28:], uint16(depth))
		if depth == 32 {
			le.PutUint32(b[30:], 3)
			for i, m := range []uint32{0xff0000, 0xff00, 0xff, 0xff000000} {
				le.PutUint32(b[54+4*i:], m)
			}
		}
		_, _ = o.Write(b)
		row := make([]byte, (w*depth+31)/32*4)
		letterRows(fixed{o, row}, w, h, depth/8)
	}
}

// fixed writes rows with the padding of a BMP, the first pixel see-through.
type fixed struct {
	o   *out
	row []byte
}

func (f fixed) Write(p []byte) (int, error) {
	copy(f.row, p)
	clear(f.row[:3])
	return f.o.Write(f.row)
}

// tiffDots makes a gray TIFF of such dots.
func tiffDots(w, h, each int) func(*out) {
	return tiffWith(w, h, 1, 8, 1, func(f io.Writer) { dotRows(f, w, h, each, nil) })
}

// tiffOf makes a TIFF in one strip with rows of marks, packed where pack is 1.
func tiffOf(w, h, samples, depth, pack int) func(*out) {
	return tiffWith(w, h, samples, depth, pack, func(f io.Writer) { letterRows(f, (w*samples*depth+7)/8, h, 1) })
}

func tiffWith(w, h, samples, depth, pack int, letters func(f io.Writer)) func(*out) {
	return func(o *out) {
		var body bytes.Buffer
		compression := 1
		switch pack {
		case 1:
			compression = 8
			z, _ := zlib.NewWriterLevel(&body, zlib.BestSpeed)
			letters(z)
			_ = z.Close()
		default:
			letters(&body)
		}
		le := binary.LittleEndian
		_, _ = o.Write(le.AppendUint32([]byte("II*\x00"), uint32(8+body.Len())))
		_, _ = o.Write(body.Bytes())
		photometric := 1
		if samples >= 3 {
			photometric = 2
		}
		at := uint32(8 + body.Len())
		tags := [][3]uint32{{256, 4, uint32(w)}, {257, 4, uint32(h)}, {258, 3, uint32(depth)}, {259, 3, uint32(compression)}, {262, 3, uint32(photometric)}, {273, 4, 8}, {277, 3, uint32(samples)}, {278, 4, uint32(h)}, {279, 4, uint32(body.Len())}}
		if samples == 4 {
			tags = append(tags, [3]uint32{338, 3, 2})
		}
		b := le.AppendUint16(nil, uint16(len(tags)))
		extra := at + 2 + 12*uint32(len(tags)) + 4
		for _, t := range tags {
			b = le.AppendUint16(le.AppendUint16(b, uint16(t[0])), uint16(t[1]))
			if t[0] == 258 && samples > 2 {
				b = le.AppendUint32(le.AppendUint32(b, uint32(samples)), extra)
				continue
			}
			b = le.AppendUint32(le.AppendUint32(b, 1), t[2])
		}
		b = le.AppendUint32(b, 0)
		for range samples {
			b = le.AppendUint16(b, uint16(depth))
		}
		_, _ = o.Write(b)
	}
}
