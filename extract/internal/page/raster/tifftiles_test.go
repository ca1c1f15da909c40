package raster

import (
	"bytes"
	"encoding/binary"
	"testing"
)

// tiled is a gray TIFF of w by h in tiles of 16, whose directory stands before its pixels. A tile has the tone of its number.
func tiled(w, h int) []byte {
	const tags, side = 10, 16
	le := binary.LittleEndian
	n := (w + side - 1) / side * ((h + side - 1) / side)
	lists := uint32(8 + 2 + 12*tags + 4)
	b := le.AppendUint16(le.AppendUint32([]byte("II*\x00"), 8), tags)
	for _, e := range [][4]uint32{{256, 3, 1, uint32(w)}, {257, 3, 1, uint32(h)}, {258, 3, 1, 8}, {259, 3, 1, 1}, {262, 3, 1, 1}, {277, 3, 1, 1}, {322, 3, 1, side}, {323, 3, 1, side},
		{324, 4, uint32(n), lists}, {325, 4, uint32(n), lists + 4*uint32(n)}} {
		b = le.AppendUint32(le.AppendUint32(le.AppendUint16(le.AppendUint16(b, uint16(e[0])), uint16(e[1])), e[2]), e[3])
	}
	b = le.AppendUint32(b, 0)
	for k := range n {
		b = le.AppendUint32(b, lists+8*uint32(n)+uint32(k*side*side))
	}
	for range n {
		b = le.AppendUint32(b, side*side)
	}
	for k := range n {
		b = append(b, bytes.Repeat([]byte{byte(k)}, side*side)...)
	}
	return b
}

// Of a TIFF in tiles that was cut off the tiles are read that are there; where one of a row is missing it is white.
func TestWhatIsLeftOfTiles(t *testing.T) {
	const w, h = 50, 40 // four tiles across, three down
	file := tiled(w, h)
	f, err := OpenTIFF(file, 9)
	if err != nil {
		t.Fatal(err)
	}
	whole, err := f.Page(0, 1<<20)
	if err != nil || whole.Cut {
		t.Fatal(err)
	}
	for missing, want := range map[int]struct{ rows, tiles int }{1: {40, 11}, 256: {40, 11}, 4 * 256: {32, 8}, 4*256 + 9: {32, 7}, 12 * 256: {0, 0}} {
		f, err := OpenTIFF(file[:len(file)-missing], 9)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Page(0, 1<<20); err == nil {
			t.Fatalf("%d bytes cut off: the page is read as whole", missing)
		}
		p, err := f.Left(0, 1<<20)
		if want.rows == 0 {
			if err == nil {
				t.Errorf("%d bytes cut off: %v", missing, p.Gray.Rect)
			}
			continue
		}
		if err != nil || !p.Cut || p.Gray.Rect.Dx() != w || p.Gray.Rect.Dy() != want.rows {
			t.Errorf("%d bytes cut off: %v %v", missing, p, err)
			continue
		}
		for y := range p.Gray.Rect.Dy() {
			for x := range w {
				tone := whole.Gray.GrayAt(x, y)
				if y/16*4+x/16 >= want.tiles {
					tone.Y = 255
				}
				if got := p.Gray.GrayAt(x, y); got != tone {
					t.Fatalf("%d bytes cut off: %d,%d is %d, want %d", missing, x, y, got.Y, tone.Y)
				}
			}
		}
	}
}
