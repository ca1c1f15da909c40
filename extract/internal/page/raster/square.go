package raster

import "image"

// What two resolutions of one picture may be apart: below it they are one, above it they are not true.
const (
	leastApart = 1.25
	mostApart  = 4
)

// square makes the pixels of a picture as high as they are wide: a fax has 204 dots an inch across and
// 98 down. It enlarges along the coarser axis, unless that gives more than maxPixels, and returns the resolution.
func square(g *image.Gray, across, down, maxPixels int) (*image.Gray, int) {
	if across == 0 || down == 0 {
		return g, across
	}
	w, h := g.Rect.Dx(), g.Rect.Dy()
	ratio := float64(max(across, down)) / float64(min(across, down))
	if across > down {
		h = int(float64(h) * ratio)
	} else {
		w = int(float64(w) * ratio)
	}
	if ratio < leastApart || ratio > mostApart || int64(w)*int64(h) > int64(maxPixels) {
		return g, across
	}
	return resize(g, w, h), max(across, down)
}
