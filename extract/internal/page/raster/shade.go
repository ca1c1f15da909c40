package raster

import (
	"image"
	"slices"
)

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

// Unshaded is a copy on which gray grounds are as light as the paper, and what stands on them as dark against it as it was against them, also
// where it was lighter than they are. Letters are less than gap pixels high, and gaps between them less than gap pixels wide.
func Unshaded(g *image.Gray, gap int) *image.Gray { return unshaded(g, gap, bandRows) }

// bandRows is how many rows have their grounds looked for at a time: three pictures of the size of a large scan would not fit into a reader.
const bandRows = 1024

func unshaded(g *image.Gray, gap, rows int) *image.Gray {
	limit := shadeLimit(g)
	w, h := g.Rect.Dx(), g.Rect.Dy()
	o := NewGray(image.Rect(0, 0, w, h))
	for top := 0; top < h; top += rows {
		first, end := max(0, top-gap), min(h, top+rows+gap) // what is behind light letters may begin above the band, and end below
		grounds := image.NewGray(image.Rect(0, 0, w, end-first))
		for y := first; y < end; y++ {
			closed(grounds.Pix[(y-first)*w:][:w], g.Pix[y*g.Stride:][:w], gap)
		}
		behind := behindLight(grounds, gap)
		for y := top; y < min(h, top+rows); y++ {
			row, out, ground := g.Pix[y*g.Stride:][:w], o.Pix[y*w:][:w], grounds.Pix[(y-first)*w:][:w]
			for x, v := range ground {
				if out[x] = row[x]; v >= darkestShade && v < limit {
					out[x] = byte(min(255, int(row[x])*255/int(v)))
				}
			}
			var beside [][]byte
			for _, v := range [2]int{y - softRows, y + softRows} {
				if v >= 0 && v < h {
					beside = append(beside, g.Pix[v*g.Stride:][:w])
				}
			}
			darkenLight(out, row, beside, ground, behind.Pix[(y-first)*w:][:w], limit, gap)
		}
	}
	return o
}

// behindLight are the grounds, and where one is light for less than gap pixels down the page the darker one above and below it: rows of light
// letters look like paper between gray.
func behindLight(grounds *image.Gray, gap int) *image.Gray {
	w, h := grounds.Rect.Dx(), grounds.Rect.Dy()
	o := image.NewGray(grounds.Rect)
	column, low, out := make([]byte, h), make([]byte, h), make([]byte, h)
	for x := range w {
		for y := range column {
			column[y] = grounds.Pix[y*w+x]
		}
		window(low, column, gap, func(a, b byte) bool { return a <= b })
		window(out, low, gap, func(a, b byte) bool { return a >= b })
		for y, v := range out {
			o.Pix[y*w+x] = v
		}
	}
	return o
}

const (
	// lightPart is the least part of a row through light letters that is the gray between them. In a white row between gray ones there is next to none.
	lightPart = 0.12
	// darkPart is the most of it that is darker than the gray by twice nearShade: a white row between gray ones has dark letters.
	darkPart = 0.04
	// softRows is over how many rows the edge of a gray ground is soft, where it is half white and no letters; whitePart is the least part of a white row
	// that is white, next to which it lies.
	softRows, whitePart = 2, 0.75
)

// darkenLight writes the stretches of a row that are light letters on a gray ground as dark ones on paper. beside are the rows above and below. There is gray
// within gap pixels of a word.
func darkenLight(out, row []byte, beside [][]byte, ground, behind []byte, limit byte, gap int) {
	light := func(x int) bool {
		return behind[x] >= darkestShade && behind[x] < limit && int(ground[x])-int(behind[x]) > nearShade
	}
	for x := 0; x < len(row); x++ {
		from, near, dark := x, 0, 0
		for ; x < len(row) && light(x); x++ {
			switch d := int(row[x]) - int(behind[x]); {
			case d < -2*nearShade:
				dark++
			case d <= nearShade:
				near++
			}
		}
		n := float64(x - from)
		if float64(near) <= lightPart*n || float64(dark) > darkPart*n || slices.ContainsFunc(beside, func(b []byte) bool { return white(b[max(0, from-gap):min(len(b), x+gap)], behind[from]) }) {
			continue
		}
		for i := from; i < x; i++ {
			over := max(0, int(row[i])-int(behind[i]))
			out[i] = byte(255 - min(255, over*255/max(1, int(ground[i])-int(behind[i]))))
		}
	}
}

// white says that a stretch is of a white row: most of it is lighter than the gray behind. Beside a word there is gray.
func white(row []byte, behind byte) bool {
	n := 0
	for _, v := range row {
		if int(v)-int(behind) > nearShade {
			n++
		}
	}
	return float64(n) > whitePart*float64(len(row))
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
