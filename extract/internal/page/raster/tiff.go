package raster

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"io"

	"golang.org/x/image/tiff"
)

// TIFF gives the pages of a TIFF file one by one. x/image reads only the first directory, so each
// page is decoded from a view of the file whose header points at that page's directory.
type TIFF struct {
	data []byte
	bo   binary.ByteOrder
	dirs []uint32
}

// maxTIFFTags bounds one directory; real ones have a few dozen tags.
const maxTIFFTags = 4096

var errTIFF = errors.New("not a TIFF file")

// OpenTIFF lists the pages. Directory chains that loop or leave the file end there.
func OpenTIFF(data []byte, maxPages int) (*TIFF, error) {
	if len(data) < 8 {
		return nil, errTIFF
	}
	t := &TIFF{data: data}
	switch {
	case bytes.HasPrefix(data, []byte("II*\x00")):
		t.bo = binary.LittleEndian
	case bytes.HasPrefix(data, []byte("MM\x00*")):
		t.bo = binary.BigEndian
	default:
		return nil, errTIFF
	}
	seen := map[uint32]bool{}
	for off := t.bo.Uint32(data[4:]); off != 0 && !seen[off] && len(t.dirs) <= maxPages; {
		seen[off] = true
		n, end, ok := t.dir(off)
		if !ok {
			break
		}
		// A directory with a reduced-image flag is a thumbnail, not a page.
		if v, ok := t.value(off, n, 254); !ok || v&1 == 0 || len(t.dirs) == 0 {
			t.dirs = append(t.dirs, off)
		}
		if end+4 > int64(len(data)) {
			break
		}
		off = t.bo.Uint32(data[end:])
	}
	if len(t.dirs) == 0 {
		return nil, fmt.Errorf("%w: no page", ErrDecode)
	}
	return t, nil
}

func (t *TIFF) dir(off uint32) (n int, end int64, ok bool) {
	o := int64(off)
	if o < 8 || o+2 > int64(len(t.data)) {
		return 0, 0, false
	}
	n = int(t.bo.Uint16(t.data[o:]))
	end = o + 2 + 12*int64(n)
	return n, end, n > 0 && n <= maxTIFFTags && end <= int64(len(t.data))
}

func (t *TIFF) value(off uint32, n int, tag uint16) (uint32, bool) {
	for i := range n {
		p := t.data[int64(off)+2+12*int64(i):]
		if t.bo.Uint16(p) == tag {
			if t.bo.Uint16(p[2:]) == 3 {
				return uint32(t.bo.Uint16(p[8:])), true
			}
			return t.bo.Uint32(p[8:]), true
		}
	}
	return 0, false
}

// Width is the number of columns that page i states, 0 when it states none or is over the limit.
func (t *TIFF) Width(i, maxPixels int) int {
	n, _, _ := t.dir(t.dirs[i])
	w, _ := t.value(t.dirs[i], n, 256)
	h, _ := t.value(t.dirs[i], n, 257)
	if w == 0 || h == 0 || uint64(w)*uint64(h) > uint64(maxPixels) {
		return 0
	}
	return int(w)
}

// Pages counts them.
func (t *TIFF) Pages() int { return len(t.dirs) }

// Page decodes page i.
func (t *TIFF) Page(i int, maxPixels int) (Picture, error) { return t.page(i, maxPixels, t.gray) }

// Left decodes what is left of page i where no decoder reads all of it.
func (t *TIFF) Left(i int, maxPixels int) (Picture, error) {
	p, err := t.page(i, maxPixels, func(i int, c image.Config, _ io.Reader) (*image.Gray, error) {
		g := t.left(i, c.Width, c.Height)
		if g == nil {
			g = t.leftTiles(i, c.Width, c.Height)
		}
		if g == nil {
			return nil, errTIFF
		}
		return g, nil
	})
	p.Cut = err == nil
	return p, err
}

func (t *TIFF) page(i int, maxPixels int, decode func(int, image.Config, io.Reader) (*image.Gray, error)) (p Picture, err error) {
	defer recovered(&err)
	r := &tiffView{data: t.data, head: [8]byte(t.data[:8])}
	t.bo.PutUint32(r.head[4:], t.dirs[i])
	c, err := tiff.DecodeConfig(r)
	if err != nil {
		return p, fmt.Errorf("%w: %w", ErrDecode, err)
	}
	if err := checkSize("tiff", c, t.data, maxPixels); err != nil {
		return p, err
	}
	g, err := decode(i, c, r)
	if err != nil {
		return p, fmt.Errorf("%w: %w", ErrDecode, err)
	}
	n, _, _ := t.dir(t.dirs[i])
	off := t.dirs[i]
	p.Gray, p.DPI = square(g, t.dpi(off, n, 282), t.dpi(off, n, 283), maxPixels)
	if o, ok := t.value(off, n, 274); ok {
		p.Gray = orient(p.Gray, int(o))
	}
	return p, nil
}

// gray decodes page i, strip by strip where that saves memory and the strips are as the file says.
func (t *TIFF) gray(i int, c image.Config, r io.Reader) (*image.Gray, error) {
	if s := t.strips(i, c.Width, c.Height, decoded(c.ColorModel)); s != nil {
		if g, err := s.decode(); err == nil {
			return g, nil
		}
	}
	img, err := tiff.Decode(r)
	if err != nil {
		return nil, err
	}
	return toGray(img), nil
}

// dpi reads the resolution that a tag holds.
func (t *TIFF) dpi(off uint32, n int, tag uint16) int {
	at, ok := t.value(off, n, tag)
	if !ok || int64(at)+8 > int64(len(t.data)) {
		return 0
	}
	den := t.bo.Uint32(t.data[at+4:])
	if den == 0 {
		return 0
	}
	v := float64(t.bo.Uint32(t.data[at:])) / float64(den)
	if unit, _ := t.value(off, n, 296); unit == 3 {
		v *= 2.54
	}
	return sane(v)
}

// tiffView is the file with another first-directory offset.
type tiffView struct {
	data []byte
	tail []byte // behind it
	head [8]byte
	pos  int64
}

func (v *tiffView) Read(p []byte) (int, error) {
	n, err := v.ReadAt(p, v.pos)
	v.pos += int64(n)
	if n > 0 {
		err = nil
	}
	return n, err
}
