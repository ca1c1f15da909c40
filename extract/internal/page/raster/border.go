package raster

import "image"

const (
	// borderLook is how many pixels the shorter side of the copy has on which dark edges are looked for.
	borderLook = 200
	// borderPart is the most of a side that is taken for an edge.
	borderPart = 3
)

// WithoutBorder cuts off the dark edges of a scan that is larger than its page. A picture without such edges is returned as it is.
func WithoutBorder(g *image.Gray) *image.Gray {
	k := max(1, min(g.Rect.Dx(), g.Rect.Dy())/borderLook)
	small := Shrink(g, k)
	w, h := small.Rect.Dx(), small.Rect.Dy()
	hist := histogram(small)
	dark := byte(at(hist, w*h*3/4) / 2) // most of the upper quarter is paper
	row := func(y int) bool { return mostlyDark(small, image.Rect(0, y, w, y+1), dark) }
	column := func(x int) bool { return mostlyDark(small, image.Rect(x, 0, x+1, h), dark) }
	box := image.Rect(edge(w, column, false), edge(h, row, false), w-edge(w, column, true), h-edge(h, row, true))
	if box == small.Rect {
		return g
	}
	return Crop(g, image.Rect(box.Min.X*k, box.Min.Y*k, box.Max.X*k, box.Max.Y*k))
}

// edge counts the dark lines at one end of n, and one more, which may be half dark.
func edge(n int, dark func(int) bool, last bool) int {
	k := 0
	for k < n/borderPart {
		i := k
		if last {
			i = n - 1 - k
		}
		if !dark(i) {
			break
		}
		k++
	}
	if k == 0 {
		return 0
	}
	return k + 1
}

func mostlyDark(g *image.Gray, r image.Rectangle, level byte) bool {
	n := 0
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for _, p := range g.Pix[y*g.Stride+r.Min.X : y*g.Stride+r.Max.X] {
			if p < level {
				n++
			}
		}
	}
	return 2*n > r.Dx()*r.Dy()
}

// Crop is a copy of a part of a picture.
func Crop(g *image.Gray, r image.Rectangle) *image.Gray {
	r = r.Intersect(image.Rect(0, 0, g.Rect.Dx(), g.Rect.Dy()))
	o := NewGray(image.Rect(0, 0, r.Dx(), r.Dy()))
	for y := range r.Dy() {
		copy(o.Pix[y*o.Stride:][:r.Dx()], g.Pix[(r.Min.Y+y)*g.Stride+r.Min.X:])
	}
	return o
}
