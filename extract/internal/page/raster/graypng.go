package raster

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"image"
	"io"
	"math"
)

// largePNG is from how many pixels on a PNG is turned into gray row by row: four to eight times less memory than the picture in its
// colours, and half for one without.
const largePNG = 16 << 20

// Kinds of pixels in a PNG.
const (
	pngGray, pngRGB, pngPalette, pngGrayAlpha, pngRGBA = 0, 2, 3, 4, 6
)

// rowPNG reads a PNG row by row.
type rowPNG struct {
	*pngParts
	w, h      int
	kind      byte
	depth     int
	samples   int
	wide      int       // bytes a sample, 1 where several share one
	light     [256]byte // of the palette's colours
	opaque    [256]byte
	key       []byte // the one colour that is not there, in samples of 16 bits
	cur, prev []byte
	in        *bufio.Reader
}

// pass is which pixels of a picture follow each other in a PNG: from where, and every how manyth.
type pass struct{ x, y, dx, dy int }

// interlaced are the passes of Adam7.
var interlaced = []pass{{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}}

// rowsOfPNG prepares for that; nil where the picture is small, or broken in a way that the common decoder tells.
func rowsOfPNG(data []byte) *rowPNG {
	c := pngChunks(data)
	if c == nil {
		return nil
	}
	w, h := int64(binary.BigEndian.Uint32(c.header)), int64(binary.BigEndian.Uint32(c.header[4:]))
	if pngRow(c.header, w) == 0 || w <= 0 || h <= 0 || w > math.MaxInt32 || h > math.MaxInt32 || w > largePNG*4 || w*h < largePNG {
		return nil
	}
	p := &rowPNG{pngParts: c, w: int(w), h: int(h), kind: c.header[9], depth: int(c.header[8]), wide: max(1, int(c.header[8])/8)}
	p.samples = map[byte]int{pngGray: 1, pngRGB: 3, pngPalette: 1, pngGrayAlpha: 2, pngRGBA: 4}[p.kind]
	whole := p.depth == 8 || p.depth == 16
	few := p.depth == 1 || p.depth == 2 || p.depth == 4
	if !whole && (!few || p.kind != pngGray && p.kind != pngPalette) || p.kind == pngPalette && p.depth == 16 || c.header[12] > 1 {
		return nil
	}
	return p.colours()
}

// colours reads palette and transparency.
func (p *rowPNG) colours() *rowPNG {
	known := p.kind != pngPalette
	for _, c := range p.others {
		switch body := c[1]; string(c[0]) {
		case "PLTE":
			for i := 0; p.kind == pngPalette && i < 256 && 3*i+3 <= len(body); i++ {
				p.light[i], p.opaque[i], known = luma(uint32(body[3*i]), uint32(body[3*i+1]), uint32(body[3*i+2])), 255, true
			}
		case "tRNS":
			if p.kind == pngPalette {
				copy(p.opaque[:], body)
			} else if len(body) >= 2*p.samples && !p.alpha() {
				p.key = body[:2*p.samples]
			}
		}
	}
	if !known {
		return nil
	}
	return p
}

// decode gives the gray picture.
func (p *rowPNG) decode() (*image.Gray, error) {
	ground := byte(255)
	if p.alpha() || p.key != nil || p.kind == pngPalette {
		var err error
		if ground, err = p.ground(); err != nil {
			return nil, err
		}
	}
	g := NewGray(image.Rect(0, 0, p.w, p.h))
	return g, p.each(func(y int, a pass) {
		row := g.Pix[y*p.w:][:p.w]
		for n, x := 0, a.x; x < p.w; n, x = n+1, x+a.dx {
			light, a := p.pixel(n)
			if a == 255 {
				row[x] = light
				continue
			}
			row[x] = byte((uint32(light)*a + uint32(ground)*(255-a) + 127) / 255)
		}
	})
}

func (p *rowPNG) alpha() bool { return p.kind == pngGrayAlpha || p.kind == pngRGBA }

// pixel is how light pixel x of the current row is, and how opaque.
func (p *rowPNG) pixel(x int) (light byte, alpha uint32) {
	if p.depth < 8 || p.kind == pngPalette {
		return p.packed(x)
	}
	s := p.cur[x*p.samples*p.wide:][:p.samples*p.wide]
	light, alpha = s[0], 255
	if p.samples >= 3 {
		light = luma(uint32(s[0]), uint32(s[p.wide]), uint32(s[2*p.wide]))
	}
	switch {
	case p.alpha():
		alpha = uint32(s[(p.samples-1)*p.wide])
	case p.key != nil && p.isKey(s):
		alpha = 0
	}
	return light, alpha
}

// packed is a pixel of which several are in a byte, or one of the palette.
func (p *rowPNG) packed(x int) (light byte, alpha uint32) {
	at := x * p.depth
	v := p.cur[at>>3] >> (8 - p.depth - at&7) & byte(1<<p.depth-1)
	if p.kind == pngPalette {
		return p.light[v], uint32(p.opaque[v])
	}
	if p.key != nil && binary.BigEndian.Uint16(p.key) == uint16(v) {
		return 0, 0
	}
	return byte(int(v) * 255 / (1<<p.depth - 1)), 255
}

func (p *rowPNG) isKey(s []byte) bool {
	for i := range p.samples {
		v := uint16(s[i*p.wide])
		if p.wide == 2 {
			v = binary.BigEndian.Uint16(s[2*i:])
		}
		if v != binary.BigEndian.Uint16(p.key[2*i:]) {
			return false
		}
	}
	return true
}

// ground is what the picture is laid on: groundOf, for rows.
func (p *rowPNG) ground() (byte, error) {
	const faint, pale = 0x40, 153
	step := groundStep(p.w, p.h)
	var g ground
	err := p.each(func(y int, a pass) {
		if y%step != 0 {
			return
		}
		for n, x := 0, a.x; x < p.w; n, x = n+1, x+a.dx {
			if x%step == 0 {
				l, a := p.pixel(n)
				g.note(a < faint, l > pale)
			}
		}
	})
	return g.tone(), err
}

// each unpacks the rows, one after the other, and says where in the picture each belongs.
func (p *rowPNG) each(row func(y int, a pass)) error {
	passes := []pass{{0, 0, 1, 1}}
	if p.header[12] == 1 {
		passes = interlaced
	}
	p.in = bufio.NewReaderSize(p.unpacked(), 64<<10)
	for _, a := range passes {
		across, down := (p.w-a.x+a.dx-1)/a.dx, (p.h-a.y+a.dy-1)/a.dy
		if across <= 0 || down <= 0 {
			continue
		}
		n := (across*p.samples*p.depth + 7) / 8
		p.cur, p.prev = make([]byte, n), nil
		if down > 1 { // a single row may be very long
			p.prev = make([]byte, n)
		}
		for k := range down {
			if err := p.next(); err != nil {
				return fmt.Errorf("row %d of a PNG: %w", k, err)
			}
			row(a.y+k*a.dy, a)
		}
	}
	return nil
}

// next unpacks a row.
func (p *rowPNG) next() error {
	if p.prev != nil {
		p.cur, p.prev = p.prev, p.cur
	}
	filter, err := p.in.ReadByte()
	if err == nil {
		_, err = io.ReadFull(p.in, p.cur)
	}
	if err != nil {
		return err
	}
	return unfilter(filter, p.cur, p.prev, max(1, p.samples*p.depth/8))
}

// unfilter turns differences into the bytes they are of; each is how many bytes a pixel has. A row above that is not there, prev nil, is black.
func unfilter(filter byte, cur, prev []byte, each int) error {
	switch filter {
	case 0:
	case 1:
		for i := each; i < len(cur); i++ {
			cur[i] += cur[i-each]
		}
	case 2:
		for i := range prev {
			cur[i] += prev[i]
		}
	case 3:
		for i := range cur {
			left, above := 0, 0
			if i >= each {
				left = int(cur[i-each])
			}
			if prev != nil {
				above = int(prev[i])
			}
			cur[i] += byte((left + above) / 2)
		}
	case 4:
		if prev == nil {
			return unfilter(1, cur, nil, each) // what is left foretells it best
		}
		for i := range cur {
			left, corner := 0, 0
			if i >= each {
				left, corner = int(cur[i-each]), int(prev[i-each])
			}
			cur[i] += paeth(left, int(prev[i]), corner)
		}
	default:
		return ErrDecode
	}
	return nil
}

// paeth is the neighbour that is nearest to what the three of them foretell.
func paeth(left, above, corner int) byte {
	dl, da, dc := above-corner, left-corner, left+above-2*corner
	dl, da, dc = max(dl, -dl), max(da, -da), max(dc, -dc)
	switch {
	case dl <= da && dl <= dc:
		return byte(left)
	case da <= dc:
		return byte(above)
	}
	return byte(corner)
}
