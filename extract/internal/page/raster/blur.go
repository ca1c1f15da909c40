package raster

import (
	"image"
	"math"
)

// Blurred is a copy in which each pixel is spread over its neighbours, normally distributed with a standard deviation of sigma pixels.
func Blurred(g *image.Gray, sigma float64) *image.Gray {
	shares := bell(sigma)
	half := len(shares) / 2
	w, h := g.Rect.Dx(), g.Rect.Dy()
	o := NewGray(image.Rect(0, 0, w, h))
	sums := make([]int32, w)
	for y := range h {
		clear(sums)
		for i, share := range shares {
			row := g.Pix[max(0, min(h-1, y+i-half))*g.Stride:][:w]
			for x, p := range row {
				sums[x] += int32(p) * share
			}
		}
		out := o.Pix[y*o.Stride:][:w]
		for x := range out {
			v := int32(whole * whole / 2)
			for i, share := range shares {
				v += sums[max(0, min(w-1, x+i-half))] * share
			}
			out[x] = byte(v / (whole * whole))
		}
	}
	return o
}

// bell is the normal distribution in whole pixels, out to where nothing of it is left.
func bell(sigma float64) []int32 {
	half := int(math.Ceil(2.5 * sigma))
	weights, sum := make([]float64, 2*half+1), 0.0
	for i := range weights {
		d := float64(i-half) / sigma
		weights[i] = math.Exp(-d * d / 2)
		sum += weights[i]
	}
	out, rest := make([]int32, len(weights)), int32(whole)
	for i, v := range weights {
		out[i] = int32(v / sum * whole)
		rest -= out[i]
	}
	out[half] += rest
	return out
}
