package raster

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"

	"golang.org/x/image/tiff"
	"golang.org/x/image/webp"
)

var (
	ErrDecode = errors.New("the picture cannot be decoded")
	ErrPixels = errors.New("the picture has too many pixels")
)

// Picture is one page of a picture file.
type Picture struct {
	Gray *image.Gray
	DPI  int // 0 when the file does not say
	// Cut says that these are the first rows only: the file was cut off or is damaged behind them.
	Cut bool
}

// Decode reads the one picture of a png, jpeg, webp, gif, bmp or heic file; the format is named by the caller.
func Decode(format string, data []byte, maxPixels int) (p Picture, err error) {
	defer recovered(&err)
	if format == "heic" {
		return decodeHEIC(data, maxPixels)
	}
	p, err = decode(format, data, maxPixels)
	if !errors.Is(err, ErrDecode) {
		return p, err
	}
	if format == "webp" {
		if g := leftOfWebP(data, maxPixels); g != nil {
			return Picture{Gray: g, Cut: true}, nil
		}
	}
	if left := mended(format, data, maxPixels); left != nil {
		p, err = decode(format, left, maxPixels)
		p.Cut = rows(format, left) < rows(format, data)
	}
	return p, err
}

// rows is how many a picture states.
func rows(format string, data []byte) int {
	c, _ := config(format, data)
	return c.Height
}

// decode reads a picture that is whole.
func decode(format string, data []byte, maxPixels int) (p Picture, err error) {
	c, err := config(format, data)
	if err != nil {
		return p, fmt.Errorf("%w: %w", ErrDecode, err)
	}
	if err := checkSize(format, c, data, maxPixels); err != nil {
		return p, err
	}
	var img image.Image
	var across, down int
	r := bytes.NewReader(data)
	switch format {
	case "png":
		if p := rowsOfPNG(data); p != nil {
			img, err = p.decode()
		} else {
			img, err = png.Decode(r)
		}
		across, down = pngDPI(data)
	case "jpeg":
		img, err = jpeg.Decode(r)
		across, down = jpegDPI(data)
	case "gif":
		img, err = gif.Decode(r)
	case "bmp":
		img, err = decodeBMP(data, maxPixels)
		across, down = bmpDPI(data)
	case "webp":
		img, err = webp.Decode(bytes.NewReader(still(data)))
	default:
		return p, fmt.Errorf("%w: %s", ErrDecode, format)
	}
	if err != nil {
		return p, fmt.Errorf("%w: %w", ErrDecode, err)
	}
	p.Gray, p.DPI = square(toGray(img), across, down, maxPixels)
	if format == "jpeg" || format == "png" || format == "webp" {
		p.Gray = orient(p.Gray, exifOrientation(format, data))
	}
	return p, nil
}

// Width is the number of columns that a picture file states, 0 when it states none or is over the limit.
func Width(format string, data []byte, maxPixels int) int {
	w, _ := stated(format, data, maxPixels)
	return w
}

// Pixels is how many a picture file states, 0 where Width is.
func Pixels(format string, data []byte, maxPixels int) int {
	w, h := stated(format, data, maxPixels)
	return w * h
}

// stated are the columns and rows of Width and Pixels.
func stated(format string, data []byte, maxPixels int) (w, h int) {
	var err error
	defer recovered(&err)
	if format == "heic" || format == "bmp" {
		return 0, 0 // no other decoder knows it, or finds more in it
	}
	c, err := config(format, data)
	if err != nil && format == "jpeg" {
		c, err = jpegSize(data)
	}
	if err != nil || c.Width <= 0 || c.Height <= 0 || int64(c.Width)*int64(c.Height) > int64(maxPixels) {
		return 0, 0
	}
	return c.Width, c.Height
}

func config(format string, data []byte) (image.Config, error) {
	r := bytes.NewReader(data)
	switch format {
	case "png":
		return png.DecodeConfig(r)
	case "jpeg":
		return jpeg.DecodeConfig(r)
	case "gif":
		return gif.DecodeConfig(r)
	case "bmp":
		return bmpConfig(data)
	case "webp":
		return webp.DecodeConfig(bytes.NewReader(still(data)))
	}
	return tiff.DecodeConfig(r)
}

// recovered turns a decoder's panic into an error: decoders are fed hostile bytes.
func recovered(err *error) {
	if r := recover(); r != nil {
		*err = fmt.Errorf("%w: decoder panic: %v", ErrDecode, r)
	}
}

// orient applies an EXIF orientation 1..8.
func orient(g *image.Gray, o int) *image.Gray {
	switch o {
	case 2:
		return flip(g)
	case 3:
		return Turn(g, 180)
	case 4:
		return flip(Turn(g, 180))
	case 5:
		return flip(Turn(g, 90))
	case 6:
		return Turn(g, 90)
	case 7:
		return flip(Turn(g, 270))
	case 8:
		return Turn(g, 270)
	}
	return g
}
