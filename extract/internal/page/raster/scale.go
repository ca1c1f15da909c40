package raster

import (
	"image"
	"math"
	"slices"

	"golang.org/x/image/draw"
)

// Scale resizes by factor f with the Catmull-Rom kernel, which keeps edges sharp; when reducing the
// kernel is stretched, so that pixels that fall together are averaged. Columns come first, then rows.
func Scale(g *image.Gray, f float64) *image.Gray {
	return resize(g, max(1, int(float64(g.Rect.Dx())*f+0.5)), max(1, int(float64(g.Rect.Dy())*f+0.5)))
}

func resize(g *image.Gray, w, h int) *image.Gray {
	o := NewGray(image.Rect(0, 0, w, h))
	var t tap // of a new column, made anew for each row where there are very many old ones
	across := columns(g.Rect.Dx(), w)
	sums := make([]int32, g.Rect.Dx())
	for y, d := range taps(g.Rect.Dy(), h) {
		clear(sums)
		for i, share := range d.shares {
			row := g.Pix[(d.first+i)*g.Stride:][:len(sums)]
			for x, p := range row {
				sums[x] += int32(p) * share
			}
		}
		out := o.Pix[y*w:][:w]
		for x := range out {
			if across != nil {
				t = across[x]
			} else {
				t.of(x, len(sums), w)
			}
			v := int32(whole * whole / 2)
			for i, share := range t.shares {
				v += sums[t.first+i] * share
			}
			out[x] = byte(max(0, min(255, v/(whole*whole))))
		}
	}
	return o
}

// whole is the sum of a new pixel's shares. With it 255 * whole * whole leaves room in 32 bits for
// what the kernel overshoots.
const whole = 1024

// tap says which old pixels a new one is made of, and with what shares.
type tap struct {
	first  int
	shares []int32
}

// manyColumns is from how many old columns on their taps, sixteen bytes a column, are not kept.
const manyColumns = 1 << 20

// columns are the taps of new columns, nil where they are not kept.
func columns(from, to int) []tap {
	if from > manyColumns {
		return nil
	}
	return taps(from, to)
}

func taps(from, to int) []tap {
	out := make([]tap, to)
	for i := range out {
		out[i].of(i, from, to)
	}
	return out
}

// of makes t that of new pixel i of so many out of so many old ones.
func (t *tap) of(i, from, to int) {
	step := float64(from) / float64(to)
	wide := max(1, step)
	middle := (float64(i)+0.5)*step - 0.5
	first, last := max(0, int(math.Ceil(middle-2*wide))), min(from-1, int(middle+2*wide))
	n, sum := last-first+1, 0.0
	weight := func(k int) float64 { return catmullRom((float64(first+k) - middle) / wide) }
	for k := range n {
		sum += weight(k)
	}
	t.first, t.shares = first, slices.Grow(t.shares[:0], n)[:n]
	rest := int32(whole)
	for k := range n {
		t.shares[k] = int32(math.Round(weight(k) / sum * whole))
		rest -= t.shares[k]
	}
	t.shares[n/2] += rest // rounding must not change the brightness
}

// catmullRom is the kernel at distance d.
func catmullRom(d float64) float64 {
	switch d = math.Abs(d); {
	case d < 1:
		return (1.5*d-2.5)*d*d + 1
	case d < 2:
		return ((-0.5*d+2.5)*d-4)*d + 2
	}
	return 0
}

// Median3 removes pepper and salt: each pixel becomes the median of its 3 x 3 neighbourhood.
func Median3(g *image.Gray) *image.Gray {
	w, h := g.Rect.Dx(), g.Rect.Dy()
	o := NewGray(image.Rect(0, 0, w, h))
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
	paper := NewGray(image.Rect(0, 0, (w+cell-1)/cell, (h+cell-1)/cell))
	cells(g, func(cx, cy int, hist *[256]int, n int) {
		paper.Pix[cy*paper.Stride+cx] = byte(max(at(hist, n-1-n/5), 16))
	})
	light := NewGray(g.Rect)
	draw.BiLinear.Scale(light, light.Rect, paper, paper.Rect, draw.Src, nil)
	o := NewGray(g.Rect)
	for i, p := range g.Pix {
		o.Pix[i] = byte(min(255, int(p)*250/max(1, int(light.Pix[i]))))
	}
	return o
}
