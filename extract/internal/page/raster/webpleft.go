package raster

import (
	"bytes"
	"encoding/binary"
	"hash/maphash"
	"image"

	"golang.org/x/image/webp"
)

const (
	// webpBytes is more than what a pixel of a WebP takes in its file.
	webpBytes = 5
	// maxFill bounds what a WebP that was cut off is filled up with: one of more than 12 million pixels is not.
	maxFill = 60_000_000
)

// leftOfWebP gives the first rows of a WebP that was cut off, nil where there are none. Its decoder gives all rows or nothing, so the end is
// filled up with one byte and then with another: the rows that are the same both times come from the file.
func leftOfWebP(data []byte, maxPixels int) *image.Gray {
	if len(data) < 12 {
		return nil
	}
	whole := 8 + int64(binary.LittleEndian.Uint32(data[4:]))
	c, err := config("webp", data)
	if err != nil || whole <= int64(len(data)) || checkSize("webp", c, data, maxPixels) != nil {
		return nil
	}
	fill := c.Width * c.Height * webpBytes
	if fill > maxFill {
		return nil
	}
	seed := maphash.MakeSeed()
	var before []uint64
	for _, end := range []byte{0, 0xff, 0x55, 0xaa, 1, 0x33} {
		g := filledUp(data, fill, end)
		if g == nil {
			continue
		}
		var sums []uint64
		for y := range g.Rect.Dy() {
			sums = append(sums, maphash.Bytes(seed, g.Pix[y*g.Stride:][:g.Rect.Dx()]))
		}
		if before == nil {
			before = sums
			continue
		}
		n := 0
		for n < min(len(sums), len(before)) && sums[n] == before[n] {
			n++
		}
		if n == 0 {
			return nil
		}
		return &image.Gray{Pix: g.Pix[:n*g.Stride], Stride: g.Stride, Rect: image.Rect(0, 0, g.Rect.Dx(), n)}
	}
	return nil
}

// filledUp decodes a WebP behind whose end stands one byte again and again, as often as any picture of its size needs; nil where that is no picture.
func filledUp(data []byte, fill int, end byte) (g *image.Gray) {
	defer func() {
		if recover() != nil {
			g = nil
		}
	}()
	le := binary.LittleEndian
	all := make([]byte, len(data)+fill)
	for i := copy(all, data); i < len(all); i++ {
		all[i] = end
	}
	le.PutUint32(all[4:], uint32(len(all)-8))
	for at := int64(12); at+8 <= int64(len(data)); {
		n := int64(le.Uint32(all[at+4:]))
		if at+8+n > int64(len(data)) { // the chunk that was cut off takes what was filled in
			le.PutUint32(all[at+4:], uint32(int64(len(all))-at-8))
			break
		}
		at += 8 + n + n&1
	}
	m, err := webp.Decode(bytes.NewReader(still(all)))
	if err != nil {
		return nil
	}
	return toGray(m)
}
