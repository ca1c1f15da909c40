package raster

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"image"
	"io"
	"math"
)

// largePNG is from how many bytes on of decoded colours a PNG is turned into gray row by row: four to eight times less memory than the
// picture in its colours.
const largePNG = 64 << 20

// Kinds of pixels in a PNG that have more than one byte.
const (
	pngGray, pngRGB, pngGrayAlpha, pngRGBA = 0, 2, 4, 6
)

// rowPNG reads a PNG row by row.
type rowPNG struct {
	*pngParts
	w, h      int
	samples   int
	wide      int // bytes a sample
	cur, prev []byte
	in        *bufio.Reader
}

// rowsOfPNG prepares for that; nil where the picture is small, or of a kind that is left to the common decoder.
func rowsOfPNG(data []byte) *rowPNG {
	p := pngChunks(data)
	if p == nil || p.header[12] != 0 || p.header[8] < 8 {
		return nil
	}
	for _, c := range p.others {
		if string(c[0]) == "tRNS" {
			return nil
		}
	}
	samples := map[byte]int{pngGray: 1, pngRGB: 3, pngGrayAlpha: 2, pngRGBA: 4}[p.header[9]]
	w, h := int64(binary.BigEndian.Uint32(p.header)), int64(binary.BigEndian.Uint32(p.header[4:]))
	wide := int64(p.header[8]) / 8
	if samples == 0 || w <= 0 || h <= 0 || w > math.MaxInt32 || h > math.MaxInt32 || w > largePNG || w*h*4*wide < largePNG || int64(samples)*wide == 1 {
		return nil
	}
	return &rowPNG{pngParts: p, w: int(w), h: int(h), samples: samples, wide: int(wide)}
}

// decode gives the gray picture.
func (p *rowPNG) decode() (*image.Gray, error) {
	ground := byte(255)
	if p.alpha() {
		var err error
		if ground, err = p.ground(); err != nil {
			return nil, err
		}
	}
	g := image.NewGray(image.Rect(0, 0, p.w, p.h))
	return g, p.each(func(y int) {
		for x := range p.w {
			light, a := p.pixel(x)
			g.Pix[y*p.w+x] = byte((uint32(light)*a + uint32(ground)*(255-a) + 127) / 255)
		}
	})
}

func (p *rowPNG) alpha() bool { return p.header[9] == pngGrayAlpha || p.header[9] == pngRGBA }

// pixel is how light a pixel of the current row is, and how opaque.
func (p *rowPNG) pixel(x int) (light byte, alpha uint32) {
	s := p.cur[x*p.samples*p.wide:]
	light, alpha = s[0], 255
	if p.samples >= 3 {
		light = luma(uint32(s[0]), uint32(s[p.wide]), uint32(s[2*p.wide]))
	}
	if p.alpha() {
		alpha = uint32(s[(p.samples-1)*p.wide])
	}
	return light, alpha
}

// ground is what the picture is laid on: groundOf, for rows.
func (p *rowPNG) ground() (byte, error) {
	const faint, pale = 0x40, 153
	step := groundStep(p.w, p.h)
	var g ground
	err := p.each(func(y int) {
		if y%step != 0 {
			return
		}
		for x := 0; x < p.w; x += step {
			l, a := p.pixel(x)
			g.note(a < faint, l > pale)
		}
	})
	return g.tone(), err
}

// each unpacks the rows, one after the other.
func (p *rowPNG) each(row func(y int)) error {
	n := p.w * p.samples * p.wide
	p.in = bufio.NewReaderSize(p.unpacked(), 64<<10)
	p.cur, p.prev = make([]byte, n), make([]byte, n)
	for y := range p.h {
		p.cur, p.prev = p.prev, p.cur
		filter, err := p.in.ReadByte()
		if err == nil {
			_, err = io.ReadFull(p.in, p.cur)
		}
		if err == nil {
			err = unfilter(filter, p.cur, p.prev, p.samples*p.wide)
		}
		if err != nil {
			return fmt.Errorf("row %d of a PNG: %w", y, err)
		}
		row(y)
	}
	return nil
}

// unfilter turns differences into the bytes they are of; each is how many bytes a pixel has.
func unfilter(filter byte, cur, prev []byte, each int) error {
	switch filter {
	case 0:
	case 1:
		for i := each; i < len(cur); i++ {
			cur[i] += cur[i-each]
		}
	case 2:
		for i := range cur {
			cur[i] += prev[i]
		}
	case 3:
		for i := range cur {
			left := 0
			if i >= each {
				left = int(cur[i-each])
			}
			cur[i] += byte((left + int(prev[i])) / 2)
		}
	case 4:
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
