package worker

import (
	"errors"
	"math"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/page/mupdf"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/page/raster"
)

// nativeDPI is what MuPDF takes a JPEG 2000 picture for that does not say: at this resolution a pixel stays one.
const nativeDPI = 72

// secondTry decodes page i of a picture file with MuPDF when the first decoder gave up: it knows JPEG inside
// TIFF and more colours, and shows what is left of a picture that was cut off. width is the number of columns that
// the file states, 0 when it states none within the limits: such a file is not tried, for it could take any memory.
func secondTry(path string, i, width, maxPixels int, first error) (raster.Picture, error) {
	if !errors.Is(first, raster.ErrDecode) || width == 0 {
		return raster.Picture{}, first
	}
	opened, err := mupdf.Open(path)
	if err != nil {
		return raster.Picture{}, first
	}
	defer opened.Close()
	if i >= opened.Pages() {
		return raster.Picture{}, first
	}
	pic, err := drawn(opened, i, width, maxPixels)
	if err != nil {
		return raster.Picture{}, errors.Join(first, err)
	}
	return pic, nil
}

// drawn draws page i at the resolution at which its pixels stay what they are.
func drawn(opened *mupdf.Document, i, width, maxPixels int) (raster.Picture, error) {
	points, _, err := opened.Size(i)
	if err != nil || points <= 0 {
		return raster.Picture{}, errors.Join(err, mupdf.ErrPage)
	}
	dpi := float64(width) * 72 / points
	// Rounding up may add a row and a column to the picture.
	g, err := opened.GrayAnyway(i, dpi, maxPixels+maxPixels/8)
	return raster.Picture{Gray: g, DPI: int(math.Round(dpi))}, err
}
