package raster

import (
	"bytes"
	"fmt"

	"github.com/gen2brain/heic"
)

// maxHEICPixels is below what other formats may have: the decoder holds the picture several times over
// in a memory of its own, 12 million pixels in about 400 MiB of the child's default 1024.
const maxHEICPixels = 20_000_000

// decodeHEIC reads the main picture of a HEIC or HEIF file. The decoder runs as WebAssembly, so that what breaks
// it stays inside its memory; turning and mirroring as the file says is done by it.
func decodeHEIC(data []byte, maxPixels int) (p Picture, err error) {
	c, err := heic.DecodeConfig(bytes.NewReader(data))
	switch {
	case err != nil:
		return p, fmt.Errorf("%w: %w", ErrDecode, err)
	case c.Width <= 0 || c.Height <= 0:
		return p, ErrDecode
	case int64(c.Width)*int64(c.Height) > int64(min(maxPixels, maxHEICPixels)):
		return p, ErrPixels
	}
	img, err := heic.Decode(bytes.NewReader(data))
	if err != nil {
		return p, fmt.Errorf("%w: %w", ErrDecode, err)
	}
	p.Gray = toGray(img)
	return p, nil
}
