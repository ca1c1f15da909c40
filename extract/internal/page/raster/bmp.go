package raster

import (
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	"math/bits"
)

// How the pixels of a BMP are packed, as its header numbers it.
const (
	bmpPlain  = 0
	bmpRLE8   = 1
	bmpRLE4   = 2
	bmpMasks  = 3 // BITFIELDS; Huffman in a header of OS/2
	bmpJPEG   = 4 // RLE of 24 bits in a header of OS/2
	bmpPNG    = 5
	bmpMasks4 = 6 // BITFIELDS with one for opacity
)

const (
	bmpFileHeader = 14
	bmpCoreHeader = 12 // of OS/2 1 and Windows 2
	bmpInfoHeader = 40
	bmpOS2Header  = 64
	// bmpAlphaHeader is the shortest header that holds a mask for opacity.
	bmpAlphaHeader = 56
	bmpLongest     = 256 // no header is longer; the longest that is defined has 124 bytes
	maxBMPSide     = 1 << 20
)

var errBMP = errors.New("no BMP that can be read")

// bmpFile is what the header of a BMP says. The sizes of the file and of the pixels that it states are not used: programs write what
// they like there, and viewers go by what is there.
type bmpFile struct {
	width, height int
	topDown       bool
	depth         int
	packing       uint32
	header        int
	masks         [4]uint32 // red, green, blue, opacity
	gray          [256]byte // how light the palette's colours are
	pixels        []byte
}

// parseBMP reads the header, the masks and the palette.
func parseBMP(d []byte) (*bmpFile, error) {
	if len(d) < bmpFileHeader+bmpCoreHeader || d[0] != 'B' || d[1] != 'M' {
		return nil, errBMP
	}
	size := binary.LittleEndian.Uint32(d[bmpFileHeader:])
	if size < bmpCoreHeader || size > bmpLongest || int(size) > len(d)-bmpFileHeader {
		return nil, fmt.Errorf("%w: a header of %d bytes", errBMP, size)
	}
	b := &bmpFile{header: int(size)}
	h := d[bmpFileHeader : bmpFileHeader+size]
	used, each := b.shape(h), 4
	if size == bmpCoreHeader {
		each = 3
	}
	if b.width <= 0 || b.height <= 0 || b.width > maxBMPSide || b.height > maxBMPSide {
		return nil, fmt.Errorf("%w: %d by %d", errBMP, b.width, b.height)
	}
	after := d[bmpFileHeader+size:]
	after = after[b.readMasks(h, after):]
	start := int64(binary.LittleEndian.Uint32(d[10:]))
	least := int64(len(d) - len(after))
	colours := 0
	if b.depth > 0 && b.depth <= 8 {
		colours = 1 << b.depth
		if used > 0 && used < uint32(colours) {
			colours = int(used)
		}
		if start >= least && start < int64(len(d)) { // the palette ends where the pixels begin
			colours = min(colours, int(start-least)/each)
		}
		b.palette(after[:min(colours, len(after)/each)*each], each)
	}
	if start < least || start >= int64(len(d)) {
		start = least + int64(colours*each)
	}
	b.pixels = d[min(start, int64(len(d))):]
	return b, b.check()
}

// shape reads sizes and packing; it gives the number of colours that the palette is said to have.
func (b *bmpFile) shape(h []byte) (colours uint32) {
	le := binary.LittleEndian
	if len(h) < 16 {
		b.width, b.height, b.depth = int(le.Uint16(h[4:])), int(le.Uint16(h[6:])), int(le.Uint16(h[10:]))
		return 0
	}
	b.width, b.height, b.depth = int(int32(le.Uint32(h[4:]))), int(int32(le.Uint32(h[8:]))), int(le.Uint16(h[14:]))
	if b.height < 0 {
		b.height, b.topDown = -b.height, true
	}
	if len(h) >= 20 { // the fields of OS/2 2 may end anywhere from here on
		b.packing = le.Uint32(h[16:])
	}
	if len(h) >= 36 {
		colours = le.Uint32(h[32:])
	}
	return colours
}

// readMasks finds out which bits of a pixel are which colour, and how many bytes after the header say so.
func (b *bmpFile) readMasks(h, after []byte) (taken int) {
	switch b.depth {
	case 16:
		b.masks = [4]uint32{0x7c00, 0x03e0, 0x001f}
	case 32:
		b.masks = [4]uint32{0xff0000, 0xff00, 0xff}
	default:
		return 0
	}
	// A header that is longer than that of Windows 3 has place for masks. Where the bits are not said to be packed so, that of opacity
	// counts all the same.
	if len(h) >= bmpAlphaHeader && len(h) != bmpOS2Header {
		b.masks[3] = binary.LittleEndian.Uint32(h[52:])
	}
	if b.packing != bmpMasks && b.packing != bmpMasks4 {
		return 0
	}
	from := h[min(len(h), bmpInfoHeader):]
	if len(from) < 12 || len(h) == bmpOS2Header {
		from = after
		if taken = 12; b.packing == bmpMasks4 {
			taken = 16
		}
		if len(from) < taken {
			return 0
		}
	}
	for i := range 3 {
		b.masks[i] = binary.LittleEndian.Uint32(from[4*i:])
	}
	if taken == 16 {
		b.masks[3] = binary.LittleEndian.Uint32(from[12:])
	}
	return taken
}

// palette keeps how light each colour is. Without one the colours are those from black to white.
func (b *bmpFile) palette(p []byte, each int) {
	if len(p) == 0 {
		for i := range 1 << b.depth {
			b.gray[i] = byte(i * 255 / (1<<b.depth - 1))
		}
	}
	for i := 0; (i+1)*each <= len(p); i++ {
		b.gray[i] = luma(uint32(p[i*each+2]), uint32(p[i*each+1]), uint32(p[i*each]))
	}
}

// luma is how light a colour of three bytes is.
func luma(r, g, b uint32) byte { return byte((299*r + 587*g + 114*b + 500) / 1000) }

// check says whether this is a packing that is read.
func (b *bmpFile) check() error {
	ok := false
	switch b.packing {
	case bmpPlain:
		ok = b.depth == 1 || b.depth == 2 || b.depth == 4 || b.depth == 8 || b.depth == 16 || b.depth == 24 || b.depth == 32
	case bmpRLE8:
		ok = b.depth == 8
	case bmpRLE4:
		ok = b.depth == 4
	case bmpMasks, bmpMasks4:
		ok = (b.depth == 16 || b.depth == 32) && bits.OnesCount32(b.masks[0]|b.masks[1]|b.masks[2]) > 0
	case bmpJPEG:
		ok = b.rle24() || b.embedded() != ""
	case bmpPNG:
		ok = b.embedded() != ""
	}
	if !ok {
		return fmt.Errorf("%w: packing %d of %d bits", errBMP, b.packing, b.depth)
	}
	return nil
}

// rle24 says that packing 4 is that of OS/2.
func (b *bmpFile) rle24() bool {
	return b.packing == bmpJPEG && b.depth == 24 && b.header == bmpOS2Header
}

// embedded names the format of a picture that is in the file as it is; "" for pixels.
func (b *bmpFile) embedded() string {
	switch {
	case b.packing == bmpPNG:
		return "png"
	case b.packing == bmpJPEG && !b.rle24():
		return "jpeg"
	}
	return ""
}

// bmpConfig is the size of the picture, and what decoding it gives.
func bmpConfig(d []byte) (image.Config, error) {
	b, err := parseBMP(d)
	if err != nil {
		return image.Config{}, err
	}
	if format := b.embedded(); format != "" {
		return config(format, b.pixels)
	}
	c := image.Config{Width: b.width, Height: b.height, ColorModel: color.GrayModel}
	if b.masks[3] != 0 {
		c.ColorModel = color.NRGBAModel
	}
	return c, nil
}

// decodeBMP reads pixels straight into gray. A file that ends early gives the rows that are there.
func decodeBMP(d []byte, maxPixels int) (image.Image, error) {
	b, err := parseBMP(d)
	if err != nil {
		return nil, err
	}
	if format := b.embedded(); format != "" {
		p, err := Decode(format, b.pixels, maxPixels)
		if err != nil {
			return nil, err
		}
		return p.Gray, nil
	}
	if b.packing == bmpRLE8 || b.packing == bmpRLE4 || b.rle24() {
		return b.runs()
	}
	return b.rows()
}
