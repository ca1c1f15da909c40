package raster

import (
	"image"
	"slices"
)

// runReader unpacks run-length encoding. Rows are made as they are reached, so that a file takes no more memory than it fills.
type runReader struct {
	*bmpFile
	in   []byte
	out  []byte // whole rows in the order of the file
	x, y int
}

// runs reads a picture in runs. Pixels that it leaves out have the palette's first colour, as viewers show them; rows that it does not
// reach because the file ends are not there.
func (b *bmpFile) runs() (image.Image, error) {
	r := &runReader{bmpFile: b, in: b.pixels}
	ended := r.read()
	if len(r.out) == 0 {
		return nil, errBMP
	}
	n := b.height
	if ended {
		r.reach(n - 1)
	} else {
		n = len(r.out) / b.width
	}
	g := &image.Gray{Pix: r.out, Stride: b.width, Rect: image.Rect(0, 0, b.width, n)}
	if !b.topDown {
		for low, high := 0, n-1; low < high; low, high = low+1, high-1 {
			swap(g.Pix[low*b.width:][:b.width], g.Pix[high*b.width:][:b.width])
		}
	}
	return g, nil
}

func swap(a, b []byte) {
	for i := range a {
		a[i], b[i] = b[i], a[i]
	}
}

// read follows the runs; it says whether they came to their mark of the end.
func (r *runReader) read() (ended bool) {
	for len(r.in) >= 2 && r.y < r.height {
		n, v := int(r.in[0]), r.in[1]
		switch {
		case n > 0 && r.rle24():
			if len(r.in) < 4 {
				return false
			}
			r.fill(n, luma(uint32(r.in[3]), uint32(r.in[2]), uint32(v)))
			r.in = r.in[4:]
			continue
		case n > 0:
			r.run(n, v)
		case v == 0:
			r.reach(r.y) // a row may hold nothing
			r.x, r.y = 0, r.y+1
		case v == 1:
			return true
		case v == 2:
			if len(r.in) < 4 {
				return false
			}
			r.x, r.y = r.x+int(r.in[2]), r.y+int(r.in[3])
			r.in = r.in[2:]
		default:
			r.in = r.in[2:]
			r.literal(int(v))
			continue
		}
		r.in = r.in[2:]
	}
	return r.y >= r.height
}

// run repeats a pixel, or two of four bits in turn.
func (r *runReader) run(n int, v byte) {
	if r.packing == bmpRLE8 {
		r.fill(n, r.gray[v])
		return
	}
	r.each(n, func(i int) byte { return r.gray[v>>(4*(^i&1))&15] })
}

func (r *runReader) fill(n int, shade byte) {
	r.each(n, func(int) byte { return shade })
}

// literal takes n pixels as they stand; they fill whole words. A file that ends among them gives those that are there.
func (r *runReader) literal(n int) {
	depth := r.depth
	taken := (n*depth + 15) / 16 * 2
	here := r.in[:min(taken, len(r.in))]
	n = min(n, len(here)*8/depth)
	r.each(n, func(i int) byte {
		switch depth {
		case 4:
			return r.gray[here[i/2]>>(4*(^i&1))&15]
		case 8:
			return r.gray[here[i]]
		}
		return luma(uint32(here[3*i+2]), uint32(here[3*i+1]), uint32(here[3*i]))
	})
	r.in = r.in[len(here):]
}

// each sets n pixels from here on; what goes over the edge of a row is lost.
func (r *runReader) each(n int, shade func(i int) byte) {
	r.reach(r.y)
	row := r.out[r.y*r.width:][:r.width]
	for i := 0; i < n && r.x < r.width; i++ {
		row[r.x] = shade(i)
		r.x++
	}
}

// reach makes all rows up to y.
func (r *runReader) reach(y int) {
	from, to := len(r.out), (min(y, r.height-1)+1)*r.width
	if to <= from {
		return
	}
	r.out = slices.Grow(r.out, to-from)[:to]
	for i := from; i < to; i++ {
		r.out[i] = r.gray[0]
	}
}
