package raster

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"testing"
)

// tiffAtFront is a gray TIFF of 40 rows in strips of so many, whose directory stands before its pixels. Row y has the tone y.
func tiffAtFront(t *testing.T, rows int, packed bool) []byte {
	const w, h = 50, 40
	le := binary.LittleEndian
	var strips [][]byte
	for y := 0; y < h; y += rows {
		var b bytes.Buffer
		for r := y; r < min(h, y+rows); r++ {
			b.Write(bytes.Repeat([]byte{byte(r)}, w))
		}
		if packed {
			var z bytes.Buffer
			p, _ := zlib.NewWriterLevel(&z, zlib.NoCompression)
			if _, err := p.Write(b.Bytes()); err != nil || p.Close() != nil {
				t.Fatal(err)
			}
			b = z
		}
		strips = append(strips, b.Bytes())
	}
	compression := uint32(1)
	if packed {
		compression = 8
	}
	n := uint32(len(strips))
	const tags = 9
	lists := uint32(8 + 2 + 12*tags + 4)
	at, size := lists, lists+4*n
	first := lists + 8*n
	if n == 1 {
		at, size, first = lists, uint32(len(strips[0])), lists
	}
	b := le.AppendUint16(le.AppendUint32([]byte("II*\x00"), 8), tags)
	for _, e := range [][4]uint32{{256, 3, 1, w}, {257, 3, 1, h}, {258, 3, 1, 8}, {259, 3, 1, compression}, {262, 3, 1, 1}, {273, 4, n, at}, {277, 3, 1, 1}, {278, 3, 1, uint32(rows)}, {279, 4, n, size}} {
		b = le.AppendUint32(le.AppendUint32(le.AppendUint16(le.AppendUint16(b, uint16(e[0])), uint16(e[1])), e[2]), e[3])
	}
	b = le.AppendUint32(b, 0)
	if n > 1 {
		for _, s := range strips {
			b = le.AppendUint32(b, first)
			first += uint32(len(s))
		}
		for _, s := range strips {
			b = le.AppendUint32(b, uint32(len(s)))
		}
	}
	for _, s := range strips {
		b = append(b, s...)
	}
	return b
}

// Of a TIFF that was cut off the rows are read that are there, whatever its strips.
func TestWhatIsLeftOfATIFF(t *testing.T) {
	for name, c := range map[string]struct {
		rows   int
		packed bool
	}{"one strip": {40, false}, "one packed strip": {40, true}, "strips": {7, false}, "packed strips": {7, true}} {
		file := tiffAtFront(t, c.rows, c.packed)
		for cut, want := range map[int][2]int{0: {40, 40}, 500: {22, 30}, 1990: {0, 0}} {
			f, err := OpenTIFF(file[:len(file)-cut], 9)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			p, err := f.Left(0, 1<<20)
			if want[0] == 0 {
				if err == nil && p.Gray.Rect.Dy() > 1 {
					t.Errorf("%s without its pixels: %v", name, p.Gray.Rect)
				}
				continue
			}
			if err != nil {
				t.Errorf("%s, %d bytes cut off: %v", name, cut, err)
				continue
			}
			h := p.Gray.Rect.Dy()
			if h < want[0] || h > want[1] {
				t.Errorf("%s, %d bytes cut off: %d rows", name, cut, h)
			}
			for y := range h {
				if p.Gray.GrayAt(49, y).Y != byte(y) {
					t.Fatalf("%s, %d bytes cut off: row %d is %d", name, cut, y, p.Gray.GrayAt(49, y).Y)
				}
			}
		}
	}
}
