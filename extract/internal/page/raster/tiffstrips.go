package raster

import (
	"bytes"
	"image"
	"io"

	"golang.org/x/image/tiff"
)

// stripsFrom is from how many bytes of decoded pixels on a TIFF is turned into gray strip by strip.
const stripsFrom = 64 << 20

// Tags of a directory that say where its pixels are.
const (
	tagHeight, tagCompression, tagPhotometric, tagOffsets, tagSamples, tagRows, tagCounts, tagPlanar, tagTileWidth = 257, 259, 262, 273, 277, 278, 279, 284, 322
)

// tiffStrips is a page of a TIFF that is decoded strip by strip: each is given to the decoder as a picture of its own.
type tiffStrips struct {
	t             *TIFF
	off           uint32
	n             int
	width, height int
	rows          int // of a strip
	at, size      []uint32
}

// strips prepares for that; nil for a page that is not large, or whose strips are not pictures of their own: tiles, planes, and opacity, for
// which the ground is chosen by the whole.
func (t *TIFF) strips(i, width, height int, each int64) *tiffStrips {
	s := &tiffStrips{t: t, off: t.dirs[i], width: width, height: height}
	s.n, _, _ = t.dir(s.off)
	if int64(width)*int64(height)*each < stripsFrom || width <= 0 || height <= 0 {
		return nil
	}
	get := func(tag uint16, def uint32) uint32 {
		if v, ok := t.value(s.off, s.n, tag); ok {
			return v
		}
		return def
	}
	if samples := get(tagSamples, 1); get(tagTileWidth, 0) != 0 || get(tagPlanar, 1) != 1 || samples == 2 || samples > 3 && get(tagPhotometric, 1) != 5 {
		return nil
	}
	s.rows = int(min(get(tagRows, uint32(height)), uint32(height)))
	s.at, s.size = t.list(s.off, s.n, tagOffsets), t.list(s.off, s.n, tagCounts)
	if s.rows <= 0 || len(s.at) != len(s.size) || len(s.at) != (height+s.rows-1)/s.rows {
		return nil
	}
	if get(tagCompression, 1) == 1 {
		s.split()
	}
	if len(s.at) < 4 {
		return nil // it saves next to nothing
	}
	return s
}

// split makes short strips of long ones that are not packed.
func (s *tiffStrips) split() {
	const short = 256
	if len(s.at) != 1 || s.rows <= short || int(s.size[0])%s.height != 0 {
		return
	}
	start, row := s.at[0], s.size[0]/uint32(s.height)
	s.at, s.size, s.rows = nil, nil, short
	for y := 0; y < s.height; y += short {
		s.at = append(s.at, start+uint32(y)*row)
		s.size = append(s.size, uint32(min(short, s.height-y))*row)
	}
}

// decode gives the gray page.
func (s *tiffStrips) decode() (*image.Gray, error) {
	g := image.NewGray(image.Rect(0, 0, s.width, s.height))
	for k := range s.at {
		y := k * s.rows
		m, err := tiff.Decode(s.view(k, min(s.rows, s.height-y)))
		if err != nil {
			return nil, err
		}
		strip := toGray(m)
		if strip.Rect.Dx() != s.width {
			return nil, errTIFF
		}
		copy(g.Pix[y*s.width:], strip.Pix)
	}
	return g, nil
}

// view is the file with a directory behind its end that tells of strip k only.
func (s *tiffStrips) view(k, rows int) *tiffView {
	bo, data := s.t.bo, s.t.data
	at := int64(s.off)
	tail := make([]byte, len(data)&1, 2+12*s.n+5)
	start := len(data) + len(tail)
	tail = append(tail, data[at:at+2+12*int64(s.n)]...)
	tail = append(tail, 0, 0, 0, 0)
	for i := range s.n {
		e := tail[len(data)&1+2+12*i:]
		var v uint32
		switch bo.Uint16(e) {
		case tagHeight, tagRows:
			v = uint32(rows)
		case tagOffsets:
			v = s.at[k]
		case tagCounts:
			v = s.size[k]
		default:
			continue
		}
		bo.PutUint16(e[2:], 4)
		bo.PutUint32(e[4:], 1)
		bo.PutUint32(e[8:], v)
	}
	v := &tiffView{data: data, tail: tail, head: [8]byte(data[:8])}
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
