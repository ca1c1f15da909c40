package raster

import "image"

const (
	// darkestShade and lightestShade, the latter in parts of the paper's level, are the grounds that are lightened: what is darker is a bar with light
	// type, which the engine reads by itself, or a picture.
	darkestShade  = 80
	lightestShade = 0.86
	// leastShaded and mostShaded are how much of a page is shaded that has such grounds: more is a photograph, or paper that is gray all over.
	leastShaded, mostShaded = 0.004, 0.5
	// nearShade is by how much the pixels differ from a ground that are of it, and nearPart their least part: a picture has none that is so even.
	nearShade, nearPart = 16, 0.6
	// shadeRows is every which row is looked at.
	shadeRows = 3
)

// Shaded says that a page has gray grounds behind some of its text, as tables have behind rows and columns. Gaps between letters are less than
// gap pixels wide.
func Shaded(g *image.Gray, gap int) bool {
	limit := shadeLimit(g)
	ground, above := make([]byte, g.Rect.Dx()), make([]byte, g.Rect.Dx())
	n, near := 0, 0
	for y := 0; y < g.Rect.Dy(); y += shadeRows {
		row := g.Pix[y*g.Stride:][:len(ground)]
		closed(ground, row, gap)
		for x, v := range ground {
			if v >= darkestShade && v < limit && max(v, above[x])-min(v, above[x]) <= nearShade { // a rule is of one row
				n++
				if v-row[x] <= nearShade {
					near++
				}
			}
		}
		ground, above = above, ground
	}
	part := float64(shadeRows*n) / float64(max(1, len(g.Pix)))
	return part > leastShaded && part < mostShaded && float64(near) > nearPart*float64(n)
}

// Unshaded is a copy on which gray grounds are as light as the paper, and what stands on them as dark against it as it was against them.
func Unshaded(g *image.Gray, gap int) *image.Gray {
	limit := shadeLimit(g)
	w := g.Rect.Dx()
	o := NewGray(g.Rect)
	ground := make([]byte, w)
	for y := range g.Rect.Dy() {
		row, out := g.Pix[y*g.Stride:][:w], o.Pix[y*o.Stride:][:w]
		closed(ground, row, gap)
		for x, v := range ground {
			if out[x] = row[x]; v >= darkestShade && v < limit {
				out[x] = byte(min(255, int(row[x])*255/int(v)))
			}
		}
	}
	return o
}

// shadeLimit is the level from which on the ground is paper.
func shadeLimit(g *image.Gray) byte {
	return byte(lightestShade * float64(at(histogram(g), g.Rect.Dx()*g.Rect.Dy()*3/4)))
}

// closed writes the ground of a row: what is dark for less than gap pixels takes the level of what is beside it (a closing, whose edges stay
// where they are).
func closed(out, row []byte, gap int) {
	w := len(row)
	high := make([]byte, w)
	window(high, row, gap, func(a, b byte) bool { return a >= b })
	window(out, high, gap, func(a, b byte) bool { return a <= b })
}

// window writes the first of the values about each place, as before orders them, over gap places.
func window(out, in []byte, gap int, before func(a, b byte) bool) {
	half := gap / 2
	queue := make([]int, 0, len(in)) // places whose value may become the first, best first
	head, next := 0, 0
	for x := range in {
		for ; next < len(in) && next <= x+half; next++ {
			for len(queue) > head && before(in[next], in[queue[len(queue)-1]]) {
				queue = queue[:len(queue)-1]
			}
			queue = append(queue, next)
		}
		for queue[head] < x-half {
			head++
		}
		out[x] = in[queue[head]]
	}
}
