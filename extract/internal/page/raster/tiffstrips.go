package raster

import (
	"bytes"
	"compress/zlib"
	"image"
	"image/color"
	"io"

	"golang.org/x/image/tiff"
	"golang.org/x/image/tiff/lzw"
)

// stripsFrom is from how many bytes of decoded pixels on a TIFF is turned into gray strip by strip.
const stripsFrom = 64 << 20

// Tags of a directory that say where its pixels are.
const (
	tagHeight, tagBits, tagCompression, tagPhotometric, tagOffsets, tagSamples, tagRows, tagCounts, tagPlanar, tagTileWidth = 257, 258, 259, 262, 273, 277, 278, 279, 284, 322
)

// stripRows is how many rows of a long strip are decoded at a time.
const stripRows = 256

// tiffStrips is a page of a TIFF that is decoded strip by strip: each is given to the decoder as a picture of its own.
type tiffStrips struct {
	t             *TIFF
	off           uint32
	n             int
	width, height int
	rows          int // of a strip
	at, size      []uint32
	packing       uint32
	rowBytes      int  // of what a strip unpacks to
	clear         bool // it has opacity
	ground        byte // what it is laid on
	cut           bool // a strip may be cut off
}

// strips prepares for that; nil for a page that is not large, or whose strips are not pictures of their own: tiles and planes.
func (t *TIFF) strips(i, width, height int, each int64) *tiffStrips {
	if int64(width)*int64(height)*each < stripsFrom {
		return nil
	}
	s := t.layout(i, width, height)
	if s != nil && (s.rows > stripRows && (s.rowBytes <= 0 || s.unpacked(0) == nil) || s.rows <= stripRows && len(s.at) < 4) {
		return nil // it saves next to nothing
	}
	return s
}

// layout finds the strips of a page, nil for one whose strips are not pictures of their own.
func (t *TIFF) layout(i, width, height int) *tiffStrips {
	s := &tiffStrips{t: t, off: t.dirs[i], width: width, height: height}
	s.n, _, _ = t.dir(s.off)
	if width <= 0 || height <= 0 {
		return nil
	}
	get := func(tag uint16, def uint32) uint32 {
		if v, ok := t.value(s.off, s.n, tag); ok {
			return v
		}
		return def
	}
	samples := get(tagSamples, 1)
	if get(tagTileWidth, 0) != 0 || get(tagPlanar, 1) != 1 || samples == 2 || samples > 4 {
		return nil
	}
	s.clear, s.ground = samples == 4 && get(tagPhotometric, 1) != 5, 255
	s.rows = int(min(get(tagRows, uint32(height)), uint32(height)))
	s.at, s.size = t.list(s.off, s.n, tagOffsets), t.list(s.off, s.n, tagCounts)
	if s.rows <= 0 || len(s.at) != len(s.size) || len(s.at) != (height+s.rows-1)/s.rows {
		return nil
	}
	s.packing = get(tagCompression, 1)
	for _, b := range t.list(s.off, s.n, tagBits) {
		s.rowBytes += int(b) * width
	}
	s.rowBytes = (s.rowBytes + 7) / 8
	return s
}

// unpacked reads what strip k unpacks to, nil where the strip is not there or packed in a way that only the decoder knows.
func (s *tiffStrips) unpacked(k int) io.Reader {
	data, from, to := s.t.data, int64(s.at[k]), int64(s.at[k])+int64(s.size[k])
	if from > int64(len(data)) || to > int64(len(data)) && !s.cut {
		return nil
	}
	to = min(to, int64(len(data)))
	r := bytes.NewReader(data[from:to])
	switch s.packing {
	case 1:
		return r
	case 5:
		return lzw.NewReader(r, lzw.MSB, 8)
	case 8, 32946:
		if z, err := zlib.NewReader(r); err == nil {
			return z
		}
	}
	return nil
}

// decode gives the gray page.
func (s *tiffStrips) decode() (*image.Gray, error) {
	if s.clear {
		var g ground
		step := groundStep(s.width, s.height)
		if err := s.each(func(y int, m image.Image) error { g.look(m, y, step); return nil }); err != nil {
			return nil, err
		}
		s.ground = g.tone()
	}
	g := NewGray(image.Rect(0, 0, s.width, s.height))
	return g, s.each(func(y int, m image.Image) error {
		strip := toGrayOn(m, func() color.Gray { return color.Gray{Y: s.ground} })
		if strip.Rect.Dx() != s.width {
			return errTIFF
		}
		copy(g.Pix[y*s.width:], strip.Pix)
		return nil
	})
}

// each decodes the page some rows at a time; y is the first of them.
func (s *tiffStrips) each(rows func(y int, m image.Image) error) error {
	for k := range s.at {
		y := k * s.rows
		n := min(s.rows, s.height-y)
		if s.rows <= stripRows {
			if err := s.part(s.view(k, n, nil), y, rows); err != nil {
				return err
			}
			continue
		}
		r := s.unpacked(k)
		if r == nil {
			return errTIFF
		}
		body := make([]byte, min(n, stripRows)*s.rowBytes)
		for end := y + n; y < end; y += stripRows {
			body = body[:min(end-y, stripRows)*s.rowBytes]
			if _, err := io.ReadFull(r, body); err != nil {
				return err
			}
			if err := s.part(s.view(k, min(end-y, stripRows), body), y, rows); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *tiffStrips) part(v *tiffView, y int, rows func(y int, m image.Image) error) error {
	m, err := tiff.Decode(v)
	if err != nil {
		return err
	}
	return rows(y, m)
}

// view is the file with a directory behind its end that tells of some rows of strip k only: of all of them, or of those that body holds.
func (s *tiffStrips) view(k, rows int, body []byte) *tiffView {
	return s.t.changed(s.off, s.n, body, func(tag uint16, bodyAt uint32) (uint32, bool) {
		switch tag {
		case tagHeight, tagRows:
			return uint32(rows), true
		case tagOffsets:
			if body != nil {
				return bodyAt, true
			}
			return s.at[k], true
		case tagCounts:
			if body != nil {
				return uint32(len(body)), true
			}
			return s.size[k], true
		case tagCompression:
			return 1, body != nil
		}
		return 0, false
	})
}

// changed is the file with the directory of n tags at off once more behind its end, and body behind that. value gives the number that a tag has
// there, false for one that stays; bodyAt is where body is.
func (t *TIFF) changed(off uint32, n int, body []byte, value func(tag uint16, bodyAt uint32) (uint32, bool)) *tiffView {
	bo, data, at := t.bo, t.data, int64(off)
	tail := make([]byte, len(data)&1, 2+12*n+5)
	start := len(data) + len(tail)
	tail = append(tail, data[at:at+2+12*int64(n)]...)
	tail = append(tail, 0, 0, 0, 0)
	for i := range n {
		e := tail[len(data)&1+2+12*i:]
		v, ok := value(bo.Uint16(e), uint32(start+2+12*n+4))
		if !ok {
			continue
		}
		bo.PutUint16(e[2:], 4)
		bo.PutUint32(e[4:], 1)
		bo.PutUint32(e[8:], v)
	}
	v := &tiffView{data: data, tail: append(tail, body...), head: [8]byte(data[:8])}
	bo.PutUint32(v.head[4:], uint32(start))
	return v
}

// list gives the numbers of a tag.
func (t *TIFF) list(off uint32, n int, tag uint16) []uint32 {
	for i := range n {
		e := t.data[int64(off)+2+12*int64(i):]
		if t.bo.Uint16(e) != tag {
			continue
		}
		each := map[uint16]int64{3: 2, 4: 4}[t.bo.Uint16(e[2:])]
		count := int64(t.bo.Uint32(e[4:]))
		from := e[8:12]
		if each*count > 4 {
			p := int64(t.bo.Uint32(e[8:]))
			if p > int64(len(t.data)) || each*count > int64(len(t.data))-p {
				return nil
			}
			from = t.data[p:]
		}
		var out []uint32
		for k := range count {
			switch each {
			case 2:
				out = append(out, uint32(t.bo.Uint16(from[2*k:])))
			case 4:
				out = append(out, t.bo.Uint32(from[4*k:]))
			}
		}
		return out
	}
	return nil
}

var _ io.ReaderAt = (*tiffView)(nil)

// ReadAt reads the file with what was changed at its head and put behind its end.
func (v *tiffView) ReadAt(p []byte, off int64) (int, error) {
	n := 0
	if off < int64(len(v.data)) {
		n, _ = bytes.NewReader(v.data).ReadAt(p, off)
		if off >= 0 && off < 8 {
			copy(p[:n], v.head[off:])
		}
	}
	if n < len(p) && len(v.tail) > 0 {
		k, _ := bytes.NewReader(v.tail).ReadAt(p[n:], off+int64(n)-int64(len(v.data)))
		n += k
	}
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}
