package raster

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"slices"
	"testing"

	"golang.org/x/image/tiff"
)

// stripped is a TIFF of w by h pixels in strips of so many rows.
func stripped(w, h, rows, samples int, packed bool) []byte {
	le := binary.LittleEndian
	out := []byte("II*\x00\x00\x00\x00\x00")
	var at, size []uint32
	v := uint32(9)
	for y := 0; y < h; y += rows {
		raw := make([]byte, min(rows, h-y)*w*samples)
		for i := range raw {
			v = v*1664525 + 1013904223
			raw[i] = byte(v >> 24)
		}
		if packed {
			var b bytes.Buffer
			z := zlib.NewWriter(&b)
			_, _ = z.Write(raw)
			_ = z.Close()
			raw = b.Bytes()
		}
		at, size = append(at, uint32(len(out))), append(size, uint32(len(raw)))
		out = append(out, raw...)
	}
	if len(out)%2 == 1 {
		out = append(out, 0)
	}
	list := func(n []uint32) uint32 {
		if len(n) == 1 {
			return n[0]
		}
		p := uint32(len(out))
		for _, v := range n {
			out = le.AppendUint32(out, v)
		}
		return p
	}
	offsets, counts := list(at), list(size)
	bits := uint32(8)
	if samples > 2 {
		bits = uint32(len(out))
		for range samples {
			out = le.AppendUint16(out, 8)
		}
	}
	compression, photometric := uint32(1), uint32(1)
	if packed {
		compression = 8
	}
	if samples >= 3 {
		photometric = 2
	}
	le.PutUint32(out[4:], uint32(len(out)))
	tags := [][4]uint32{{256, 4, 1, uint32(w)}, {257, 4, 1, uint32(h)}, {258, 3, uint32(samples), bits}, {259, 3, 1, compression}, {262, 3, 1, photometric},
		{273, 4, uint32(len(at)), offsets}, {277, 3, 1, uint32(samples)}, {278, 4, 1, uint32(rows)}, {279, 4, uint32(len(size)), counts}}
	if samples == 4 {
		tags = append(tags, [4]uint32{338, 3, 1, 2}) // opacity
	}
	out = le.AppendUint16(out, uint16(len(tags)))
	for _, t := range tags {
		out = le.AppendUint16(le.AppendUint16(out, uint16(t[0])), uint16(t[1]))
		out = le.AppendUint32(le.AppendUint32(out, t[2]), t[3])
	}
	return append(out, 0, 0, 0, 0)
}

// A page that is decoded strip by strip is the one that is decoded as a whole.
func TestTIFFStripByStrip(t *testing.T) {
	for name, data := range map[string][]byte{
		"gray, packed":      stripped(61, 997, 13, 1, true),
		"colour, packed":    stripped(61, 997, 100, 3, true),
		"gray, one strip":   stripped(61, 1100, 1100, 1, false),
		"colour, unpacked":  stripped(61, 500, 7, 3, false),
		"one packed strip":  stripped(61, 1100, 1100, 3, true),
		"two long strips":   stripped(61, 1100, 600, 1, true),
		"opacity":           stripped(61, 1100, 1100, 4, true),
		"opacity, unpacked": stripped(61, 1100, 50, 4, false),
	} {
		m, err := tiff.Decode(bytes.NewReader(data))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		f, err := OpenTIFF(data, 10)
		if err != nil {
			t.Fatal(err)
		}
		b := m.Bounds()
		s := f.strips(0, b.Dx(), b.Dy(), stripsFrom)
		if s == nil {
			t.Fatalf("%s: decoded as a whole", name)
		}
		if g, err := s.decode(); err != nil || !slices.Equal(g.Pix, toGray(m).Pix) {
			t.Errorf("%s: another picture: %v", name, err)
		}
		if f.strips(0, b.Dx(), b.Dy(), 1) != nil {
			t.Errorf("%s: a small page is decoded by strips", name)
		}
	}
}
