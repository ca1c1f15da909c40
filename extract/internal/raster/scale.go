package raster

import (
	"image"

	"golang.org/x/image/draw"
)

// Scale resizes by factor f with a smooth kernel.
func Scale(g *image.Gray, f float64) *image.Gray {
	w, h := max(1, int(float64(g.Rect.Dx())*f+0.5)), max(1, int(float64(g.Rect.Dy())*f+0.5))
	o := image.NewGray(image.Rect(0, 0, w, h))
	draw.CatmullRom.Scale(o, o.Rect, g, g.Rect, draw.Src, nil)
	return o
}

// Median3 removes pepper and salt: each pixel becomes the median of its 3 x 3 neighbourhood.
func Median3(g *image.Gray) *image.Gray {
	w, h := g.Rect.Dx(), g.Rect.Dy()
	o := image.NewGray(image.Rect(0, 0, w, h))
	copy(o.Pix, g.Pix)
	sort2 := func(a, b byte) (byte, byte) { return min(a, b), max(a, b) }
	for y := 1; y < h-1; y++ {
		a, b, c := g.Pix[(y-1)*w:], g.Pix[y*w:], g.Pix[(y+1)*w:]
		for x := 1; x < w-1; x++ {
			p := [9]byte{a[x-1], a[x], a[x+1], b[x-1], b[x], b[x+1], c[x-1], c[x], c[x+1]}
			// The usual 19-exchange network for the median of nine.
			p[1], p[2] = sort2(p[1], p[2])
			p[4], p[5] = sort2(p[4], p[5])
			p[7], p[8] = sort2(p[7], p[8])
			p[0], p[1] = sort2(p[0], p[1])
			p[3], p[4] = sort2(p[3], p[4])
			p[6], p[7] = sort2(p[6], p[7])
			p[1], p[2] = sort2(p[1], p[2])
			p[4], p[5] = sort2(p[4], p[5])
			p[7], p[8] = sort2(p[7], p[8])
			p[3] = max(p[0], p[3])
			p[5] = min(p[5], p[8])
			p[4], p[7] = sort2(p[4], p[7])
			p[6] = max(p[3], p[6])
			p[4] = max(p[1], p[4])
			p[2] = min(p[2], p[5])
			p[4] = min(p[4], p[7])
			p[4], p[2] = sort2(p[4], p[2])
			p[4] = max(p[6], p[4])
			o.Pix[y*w+x] = min(p[4], p[2])
		}
	}
	return o
}

// Flatten divides by the local paper brightness, which removes shadows and uneven light.
func Flatten(g *image.Gray) *image.Gray {
	w, h := g.Rect.Dx(), g.Rect.Dy()
	paper := image.NewGray(image.Rect(0, 0, (w+cell-1)/cell, (h+cell-1)/cell))
	cells(g, func(cx, cy int, hist *[256]int, n int) {
		paper.Pix[cy*paper.Stride+cx] = byte(max(at(hist, n-1-n/5), 16))
	})
	light := image.NewGray(g.Rect)
	draw.BiLinear.Scale(light, light.Rect, paper, paper.Rect, draw.Src, nil)
	o := image.NewGray(g.Rect)
	for i, p := range g.Pix {
		o.Pix[i] = byte(min(255, int(p)*250/max(1, int(light.Pix[i]))))
	}
	return o
}
