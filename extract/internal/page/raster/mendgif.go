package raster

import (
	"bytes"
	"compress/lzw"
	"encoding/binary"
	"io"
)

const (
	gifScreen     = 13 // signature and what is said of the screen
	gifDescriptor = 10
)

// mendGIF keeps the rows of the first picture that can be unpacked. Interlaced ones are left alone.
func mendGIF(data []byte, maxPixels int) []byte {
	if len(data) < gifScreen {
		return nil
	}
	head := gifScreen + gifColours(data[10])
	at := gifPicture(data, head)
	if at < 0 {
		return nil
	}
	d := bytes.Clone(data[at : at+gifDescriptor])
	w, h := int(binary.LittleEndian.Uint16(d[5:])), int(binary.LittleEndian.Uint16(d[7:]))
	start := at + gifDescriptor + gifColours(d[9])
	if w == 0 || h == 0 || w*h > maxPixels || d[9]&0x40 != 0 || start >= len(data) {
		return nil
	}
	width := int(data[start])
	if width < 2 || width > 8 {
		return nil
	}
	body := gifBlocks(data[start+1:])
	pixels, _ := io.ReadAll(io.LimitReader(lzw.NewReader(bytes.NewReader(body), lzw.LSB, width), int64(w*h)))
	rows := len(pixels) / w
	if rows == 0 {
		return nil
	}
	binary.LittleEndian.PutUint16(d[7:], uint16(rows))
	out := append(bytes.Clone(data[:at]), d...)
	out = append(out, data[at+gifDescriptor:start+1]...)
	return gifPacked(out, pixels[:rows*w], width)
}

// gifColours is how many bytes the table of colours has that a byte of flags tells of.
func gifColours(flags byte) int {
	if flags&0x80 == 0 {
		return 0
	}
	return 3 << (flags&7 + 1)
}

// gifPicture finds where the first picture is described, -1 when there is none.
func gifPicture(d []byte, at int) int {
	for at+gifDescriptor <= len(d) {
		switch d[at] {
		case ',':
			return at
		case '!':
			at += 2
			for at < len(d) && d[at] != 0 {
				at += 1 + int(d[at])
			}
			at++
		default:
			return -1
		}
	}
	return -1
}

// gifBlocks puts together what is in blocks, as far as they go.
func gifBlocks(d []byte) []byte {
	var out []byte
	for len(d) > 0 && d[0] != 0 {
		n := min(len(d), 1+int(d[0]))
		out, d = append(out, d[1:n]...), d[n:]
	}
	return out
}

// gifPacked adds pixels and the end of the file.
func gifPacked(out, pixels []byte, width int) []byte {
	var packed bytes.Buffer
	z := lzw.NewWriter(&packed, lzw.LSB, width)
	if _, err := z.Write(pixels); err != nil || z.Close() != nil {
		return nil
	}
	for b := packed.Next(255); len(b) > 0; b = packed.Next(255) {
		out = append(append(out, byte(len(b))), b...)
	}
	return append(out, 0, ';')
}
