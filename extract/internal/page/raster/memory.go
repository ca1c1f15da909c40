package raster

import (
	"encoding/binary"
	"image"
	"image/color"
	"runtime/debug"
)

// largeGray is from how many pixels on a picture is made after what nobody uses any longer has gone back: no page of A4 has so many.
const largeGray = 9_000_000

// NewGray is image.NewGray. Where other programs take the processor, the collector comes too late for the pictures that a large one was made of; so
// it is called, and waited for, before there is another.
func NewGray(r image.Rectangle) *image.Gray {
	if r.Dx()*r.Dy() >= largeGray {
		debug.FreeOSMemory()
	}
	return image.NewGray(r)
}

// checkSize refuses a picture without a size, and one that decoding takes too much for.
func checkSize(format string, c image.Config, data []byte, maxPixels int) error {
	switch {
	case c.Width <= 0 || c.Height <= 0:
		return ErrDecode
	case !affords(format, c, data, maxPixels):
		return ErrPixels
	}
	return nil
}

// affords says that a picture is within the limit of pixels, and that decoding it takes no more memory than that limit
// stands for: a child that runs out of memory can name no reason.
func affords(format string, c image.Config, data []byte, maxPixels int) bool {
	pixels := int64(c.Width) * int64(c.Height)
	if pixels > int64(maxPixels) {
		return false
	}
	each := 1 + decoded(c.ColorModel) // the gray picture that is made of it
	switch {
	case format == "png" && rowsOfPNG(data) != nil:
		each = 1
	case format == "tiff":
		each += decoded(c.ColorModel) // a strip is unpacked before it is looked at, and may be the whole
	case format == "jpeg" && progressive(data):
		each += 12 // four bytes a coefficient, three colours
	}
	return pixels*each+int64(len(data)) <= int64(maxPixels)*11/2
}

// decoded is how many bytes a pixel takes in the pictures of Go's decoders.
func decoded(m color.Model) int64 {
	switch m {
	case color.GrayModel:
		return 1
	case color.Gray16Model:
		return 2
	case color.YCbCrModel:
		return 3
	case color.RGBA64Model, color.NRGBA64Model:
		return 8
	}
	if _, ok := m.(color.Palette); ok {
		return 1
	}
	return 4
}

// largeJPEG is from how many bytes on, for which Go's decoder has use, a JPEG is better decoded by one that makes it smaller meanwhile.
const largeJPEG = 100 << 20

// LargeJPEG gives size and resolution of a JPEG within the limit that takes much memory in its full size; ok is false for any other. The
// resolution is 0 where none is stated.
func LargeJPEG(data []byte, maxPixels int) (w, h, dpi int, ok bool) {
	c, err := config("jpeg", data)
	if err != nil || c.Width <= 0 || c.Height <= 0 || !affords("jpeg", c, data, maxPixels) {
		return 0, 0, 0, false
	}
	each := int64(3)
	if progressive(data) {
		each += 12
	}
	if across, down := jpegDPI(data); across == down {
		dpi = across
	}
	return c.Width, c.Height, dpi, int64(c.Width)*int64(c.Height)*each > largeJPEG
}

// progressive says that a JPEG comes in several scans, all of whose coefficients are held until the last.
func progressive(data []byte) bool {
	for i := 2; i+4 <= len(data) && data[i] == 0xff; {
		switch m := data[i+1]; {
		case m == 0xff: // padding
			i++
			continue
		case m == 0xc2:
			return true
		case m == 0xda || m == 0xc0 || m == 0xc1:
			return false
		}
		i += 2 + int(binary.BigEndian.Uint16(data[i+2:]))
	}
	return false
}
