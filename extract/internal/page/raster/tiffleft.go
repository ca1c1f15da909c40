package raster

import (
	"image"
	"image/color"
	"io"
)

// leftRows is how many rows of a strip that may be cut off are decoded at a time.
const leftRows = 16

// left gives the first rows of page i, as many as can be decoded: the file was cut off or is damaged behind them. nil where there are none, and
// for pages of tiles or planes.
func (t *TIFF) left(i, width, height int) *image.Gray {
	s := t.layout(i, width, height)
	if s == nil {
		return nil
	}
	s.cut = true
	g := NewGray(image.Rect(0, 0, width, height))
	rows := 0
	for k := range s.at {
		n := min(s.rows, height-k*s.rows)
		if s.leftOf(k, n, g, &rows); rows < k*s.rows+n {
			break
		}
	}
	if rows == 0 {
		return nil
	}
	return &image.Gray{Pix: g.Pix[:rows*g.Stride], Stride: g.Stride, Rect: image.Rect(0, 0, width, rows)}
}

// leftOf decodes the n rows of strip k, as far as they are there, and counts them.
func (s *tiffStrips) leftOf(k, n int, g *image.Gray, rows *int) {
	put := func(y int, m image.Image) error {
		strip := toGrayOn(m, func() color.Gray { return color.Gray{Y: s.ground} })
		if strip.Rect.Dx() != s.width {
			return errTIFF
		}
		copy(g.Pix[y*s.width:], strip.Pix)
		*rows = y + strip.Rect.Dy()
		return nil
	}
	y := k * s.rows
	r := s.unpacked(k)
	if r == nil || s.rowBytes <= 0 { // packed in a way that only the decoder knows
		_ = s.part(s.view(k, n, nil), y, put)
		return
	}
	body := make([]byte, min(n, leftRows)*s.rowBytes)
	for end := y + n; y < end; {
		some := min(end-y, leftRows)
		got, err := io.ReadFull(r, body[:some*s.rowBytes])
		whole := got / s.rowBytes
		if whole == 0 || s.part(s.view(k, whole, body[:whole*s.rowBytes]), y, put) != nil || err != nil {
			return
		}
		y += whole
	}
}
