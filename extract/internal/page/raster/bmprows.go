package raster

import (
	"encoding/binary"
	"image"
	"image/color"
	"math/bits"
)

// rows reads pixels that are not packed into runs: as many rows as the file has, the last perhaps in part.
func (b *bmpFile) rows() (image.Image, error) {
	stride := (b.width*b.depth + 31) / 32 * 4
	n := min(b.height, (len(b.pixels)+stride-1)/stride)
	if n == 0 || len(b.pixels) < min(stride, (b.width*b.depth+7)/8) {
		return nil, errBMP // not one row of them
	}
	if b.depth == 32 && b.seeThrough(stride*n) {
		return b.translucent(stride, n), nil
	}
	g := NewGray(image.Rect(0, 0, b.width, n))
	for y := range n {
		line := b.pixels[y*stride:]
		b.grayRow(g.Pix[b.place(y, n)*b.width:][:b.width], line[:min(stride, len(line))])
	}
	return g, nil
}

// place is where row y of n in the file is in the picture.
func (b *bmpFile) place(y, n int) int {
	if b.topDown {
		return y
	}
	return n - 1 - y
}

// grayRow turns one row into gray; what is missing at its end is paper.
func (b *bmpFile) grayRow(out, line []byte) {
	n := min(len(out), len(line)*8/b.depth)
	switch b.depth {
	case 1, 2, 4:
		each, mask := b.depth, byte(1<<b.depth-1)
		for x := range n {
			at := x * each
			out[x] = b.gray[line[at>>3]>>(8-each-at&7)&mask]
		}
	case 8:
		for x := range n {
			out[x] = b.gray[line[x]]
		}
	case 16:
		for x := range n {
			out[x] = b.masked(uint32(binary.LittleEndian.Uint16(line[2*x:])))
		}
	case 24:
		for x := range n {
			p := line[3*x : 3*x+3 : 3*x+3]
			out[x] = luma(uint32(p[2]), uint32(p[1]), uint32(p[0]))
		}
	case 32:
		for x := range n {
			out[x] = b.masked(binary.LittleEndian.Uint32(line[4*x:]))
		}
	}
	for x := n; x < len(out); x++ {
		out[x] = 255
	}
}

// masked is how light a pixel is whose colours are told apart by masks.
func (b *bmpFile) masked(v uint32) byte {
	return luma(under(v, b.masks[0]), under(v, b.masks[1]), under(v, b.masks[2]))
}

// under gives the bits under a mask as a number from 0 to 255.
func under(v, mask uint32) uint32 {
	if mask == 0 {
		return 0
	}
	low := bits.TrailingZeros32(mask)
	v, mask = v&mask>>low, mask>>low
	return uint32(uint64(v) * 255 / uint64(mask))
}

// seeThrough says that some pixels are opaque and some are not. Where all are said to be invisible the bits are left
// over, not meant: a picture that shows nothing is not kept.
func (b *bmpFile) seeThrough(n int) bool {
	if b.masks[3] == 0 {
		return false
	}
	clear, opaque := false, false
	for p := b.pixels[:min(n, len(b.pixels))]; len(p) >= 4; p = p[4:] {
		if under(binary.LittleEndian.Uint32(p), b.masks[3]) < 255 {
			clear = true
		}
		if binary.LittleEndian.Uint32(p)&b.masks[3] != 0 {
			opaque = true
		}
		if clear && opaque {
			return true
		}
	}
	return false
}

// translucent lays pixels on a ground, which is chosen by what is drawn on it.
func (b *bmpFile) translucent(stride, n int) image.Image {
	at := func(x, y int) color.NRGBA {
		line := b.pixels[b.place(y, n)*stride:]
		if 4*x+4 > len(line) {
			return color.NRGBA{}
		}
		v := binary.LittleEndian.Uint32(line[4*x:])
		return color.NRGBA{R: byte(under(v, b.masks[0])), G: byte(under(v, b.masks[1])), B: byte(under(v, b.masks[2])), A: byte(under(v, b.masks[3]))}
	}
	step := groundStep(b.width, n)
	var on ground
	for y := 0; y < n; y += step {
		for x := 0; x < b.width; x += step {
			l, a := lightness(at(x, y))
			on.note(a < 0x4000, l*5 > a*3)
		}
	}
	tone := color.Gray{Y: on.tone()}
	g := NewGray(image.Rect(0, 0, b.width, n))
	for y := range n {
		for x := range b.width {
			g.Pix[y*b.width+x] = laidOn(tone, at(x, y))
		}
	}
	return g
}
