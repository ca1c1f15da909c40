package raster

import (
	"bytes"
	"compress/zlib"
	"image"
	"image/color"
	"image/png"
	"testing"
)

func TestLargePNGOf16Bits(t *testing.T) {
	const side = 4100
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

// Every kind of pixels gives row by row what it gives by the common decoder, interlaced too.
func TestPNGKindsRowByRow(t *testing.T) {
	for _, c := range []struct {
		kind, depth int
		trns        []byte
	}{
		{0, 1, nil}, {0, 2, []byte{0, 1}}, {0, 4, nil}, {0, 8, nil}, {0, 8, []byte{0, 77}}, {0, 16, nil}, {2, 8, []byte{0, 1, 0, 2, 0, 3}}, {2, 16, nil},
		{3, 1, nil}, {3, 4, []byte{0, 255, 80}}, {3, 8, nil}, {3, 8, []byte{10, 20, 30, 0, 0, 0, 255}}, {4, 8, nil}, {4, 16, nil}, {6, 8, nil}, {6, 16, nil},
	} {
		for _, lace := range []bool{false, true} {
			data := rawPNG(c.kind, c.depth, 61, 37, lace, c.trns)
			m, err := png.Decode(bytes.NewReader(data))
			if err != nil {
				t.Fatalf("%+v: %v", c, err)
			}
			p := rowsOfSmall(data)
			if p == nil {
				t.Fatalf("%+v interlaced %v: left to the common decoder", c, lace)
			}
			g, err := p.decode()
			if err != nil {
				t.Fatalf("%+v interlaced %v: %v", c, lace, err)
			}
			for i, want := range toGray(m).Pix {
				if d := int(want) - int(g.Pix[i]); d < -2 || d > 2 {
					t.Errorf("%+v interlaced %v: pixel %d is %d, want %d", c, lace, i, g.Pix[i], want)
					break
				}
			}
		}
	}
}

// rowsOfSmall is rowsOfPNG for a picture that is not large: its header is made to say that it is, and put right.
func rowsOfSmall(data []byte) *rowPNG {
	large := bytes.Clone(data)
	copy(large[16:], []byte{0, 0, 0x20, 0, 0, 0, 0x20, 0})
	p := rowsOfPNG(large)
	if p == nil {
		return nil
	}
	copy(p.header, data[16:29])
	p.w, p.h = int(data[19]), int(data[23])
	return p
}

// rawPNG packs pixels that differ.
func rawPNG(kind, depth, w, h int, lace bool, trns []byte) []byte {
	head := []byte{0, 0, 0, byte(w), 0, 0, 0, byte(h), byte(depth), byte(kind), 0, 0, 0}
	passes := []pass{{0, 0, 1, 1}}
	if lace {
		head[12], passes = 1, interlaced
	}
	out := pngChunk([]byte(pngSignature), "IHDR", head)
	if kind == 3 {
		var palette []byte
		for i := range 3 * (1 << depth) {
			palette = append(palette, byte(i*37))
		}
		out = pngChunk(out, "PLTE", palette)
	}
	if trns != nil {
		out = pngChunk(out, "tRNS", trns)
	}
	samples := map[int]int{0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[kind]
	var packed bytes.Buffer
	z := zlib.NewWriter(&packed)
	v := uint32(3)
	for _, a := range passes {
		for range (h - a.y + a.dy - 1) / a.dy {
			row := make([]byte, 1+((w-a.x+a.dx-1)/a.dx*samples*depth+7)/8)
			for i := range row {
				v = v*1664525 + 1013904223
				if row[i] = byte(v >> 24); i == 0 {
					row[i] %= 5
				}
				if i > 0 && v>>20%4 == 0 {
					row[i] = byte(i % 4)
				}
			}
			_, _ = z.Write(row)
		}
	}
	_ = z.Close()
	return pngChunk(pngChunk(out, "IDAT", packed.Bytes()), "IEND", nil)
}

// A row without one above it is unpacked as below a black one.
func TestUnfilterOfTheFirstRow(t *testing.T) {
	for filter := range byte(5) {
		a, b := []byte{9, 200, 3, 77, 250, 1, 128}, []byte{9, 200, 3, 77, 250, 1, 128}
		if err := unfilter(filter, a, make([]byte, len(a)), 3); err != nil {
			t.Fatal(err)
		}
		if err := unfilter(filter, b, nil, 3); err != nil || !bytes.Equal(a, b) {
			t.Errorf("filter %d: %v, want %v: %v", filter, b, a, err)
		}
	}
}
