package raster

import (
	"bytes"
	"encoding/binary"
	"image"
)

func sane(dpi float64) int {
	if dpi < 50 || dpi > 2400 {
		return 0
	}
	return int(dpi + 0.5)
}

// The resolutions of a file across and down, 0 where it does not say.

func pngDPI(d []byte) (x, y int) {
	if i := bytes.Index(d[:min(len(d), 4096)], []byte("pHYs")); i >= 4 && i+13 <= len(d) && d[i+12] == 1 {
		return sane(float64(binary.BigEndian.Uint32(d[i+4:])) * 0.0254), sane(float64(binary.BigEndian.Uint32(d[i+8:])) * 0.0254)
	}
	return 0, 0
}

func bmpDPI(d []byte) (x, y int) {
	if len(d) < 46 || binary.LittleEndian.Uint32(d[bmpFileHeader:]) < bmpInfoHeader {
		return 0, 0
	}
	return sane(float64(binary.LittleEndian.Uint32(d[38:])) * 0.0254), sane(float64(binary.LittleEndian.Uint32(d[42:])) * 0.0254)
}

func jpegDPI(d []byte) (x, y int) {
	if i := bytes.Index(d[:min(len(d), 64)], []byte("JFIF\x00")); i > 0 && i+12 <= len(d) {
		across, down := float64(binary.BigEndian.Uint16(d[i+8:])), float64(binary.BigEndian.Uint16(d[i+10:]))
		switch d[i+7] {
		case 1:
			return sane(across), sane(down)
		case 2:
			return sane(across * 2.54), sane(down * 2.54)
		}
	}
	return 0, 0
}

// jpegSize finds the size that a JPEG states, of whatever kind it is: the common decoder gives none for a kind that it does not read.
func jpegSize(d []byte) (c image.Config, err error) {
	f := jpegFrame(d)
	if f == nil {
		return c, ErrDecode
	}
	c.Height, c.Width = int(binary.BigEndian.Uint16(f[1:])), int(binary.BigEndian.Uint16(f[3:]))
	return c, nil
}

// JPEGBits is how many bits a JPEG has for each colour of a pixel, 0 where it does not say.
func JPEGBits(d []byte) int {
	if f := jpegFrame(d); f != nil {
		return int(f[0])
	}
	return 0
}

// jpegFrame gives what a JPEG says of its frame, from the bits on: five bytes at least, nil where there is none.
func jpegFrame(d []byte) []byte {
	for i := 2; i+9 < len(d); {
		m := d[i+1]
		switch {
		case d[i] != 0xff:
			return nil
		case m == 0xff: // padding
			i++
			continue
		case m >= 0xc0 && m <= 0xcf && m != 0xc4 && m != 0xc8 && m != 0xcc:
			return d[i+4:]
		}
		i += 2 + int(binary.BigEndian.Uint16(d[i+2:]))
	}
	return nil
}

// exifOrientation finds tag 0x0112 in the EXIF part of a jpeg, png or webp file; 1 when absent or broken.
func exifOrientation(format string, d []byte) int {
	var t []byte
	switch format {
	case "jpeg":
		i := bytes.Index(d, []byte("Exif\x00\x00"))
		if i < 0 || i > 256<<10 {
			return 1
		}
		t = d[i+6:]
	case "png":
		i := bytes.Index(d, []byte("eXIf"))
		if i < 0 {
			return 1
		}
		t = d[i+4:]
	default:
		i := bytes.Index(d, []byte("EXIF"))
		if i < 0 || i+8 > len(d) {
			return 1
		}
		t = d[i+8:]
		t = bytes.TrimPrefix(t, []byte("Exif\x00\x00"))
	}
	if len(t) < 8 {
		return 1
	}
	var bo binary.ByteOrder = binary.LittleEndian
	if t[0] == 'M' {
		bo = binary.BigEndian
	} else if t[0] != 'I' {
		return 1
	}
	off := int64(bo.Uint32(t[4:]))
	if off+2 > int64(len(t)) {
		return 1
	}
	n := int64(bo.Uint16(t[off:]))
	for i := range min(n, 512) {
		p := off + 2 + 12*i
		if p+12 > int64(len(t)) {
			return 1
		}
		if bo.Uint16(t[p:]) == 0x0112 {
			if o := int(bo.Uint16(t[p+8:])); o >= 1 && o <= 8 {
				return o
			}
			return 1
		}
	}
	return 1
}
