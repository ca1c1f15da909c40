package raster

import "image"

const (
	// flatCell is the side in pixels of the squares that are looked at, and flatRange by how much the levels of a flat one differ.
	flatCell  = 8
	flatRange = 24
)

// FlatPart is the part of a picture that shows nothing: nearly all of a page with a title on it, half of a landscape below the sky.
func FlatPart(g *image.Gray) float64 {
	w, h := g.Rect.Dx(), g.Rect.Dy()
	flat, all := 0, 0
	for y := 0; y+flatCell <= h; y += flatCell {
		for x := 0; x+flatCell <= w; x += flatCell {
			lo, hi := byte(255), byte(0)
			for row := range flatCell {
				for _, p := range g.Pix[(y+row)*g.Stride+x:][:flatCell] {
					lo, hi = min(lo, p), max(hi, p)
				}
			}
			all++
			if hi-lo < flatRange {
				flat++
			}
		}
	}
	if all == 0 {
		return 1
	}
	return float64(flat) / float64(all)
}
