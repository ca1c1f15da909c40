package raster

import (
	"image"
	"math"
	"slices"
)

// Noisy says that the picture is strewn with specks or grain which a median filter removes. Letters
// are told from specks by their neighbours: strokes are connected.
func Noisy(g *image.Gray) bool {
	w, h := g.Rect.Dx(), g.Rect.Dy()
	if w < 64 || h < 64 {
		return false
	}
	const far, enough = 48, 60000
	specks, seen := 0, 0
	var grain [2048]int
	step := max(1, int(math.Sqrt(float64(w)*float64(h)/enough)))
	for y := 1; y < h-1; y += step {
		a, b, c := g.Pix[(y-1)*g.Stride:], g.Pix[y*g.Stride:], g.Pix[(y+1)*g.Stride:]
		for x := 1; x < w-1; x += step {
			n := [8]int{int(a[x-1]), int(a[x]), int(a[x+1]), int(b[x-1]), int(b[x+1]), int(c[x-1]), int(c[x]), int(c[x+1])}
			p, over, under := int(b[x]), 0, 0
			for _, v := range n {
				if v-p > far {
					over++
				} else if p-v > far {
					under++
				}
			}
			if over >= 7 || under >= 7 {
				specks++
			}
			// The Laplacian of a Laplacian ignores flat and sloping light.
			l := n[0] - 2*n[1] + n[2] - 2*n[3] + 4*p - 2*n[4] + n[5] - 2*n[6] + n[7]
			grain[min(2047, int(math.Abs(float64(l))))]++
			seen++
		}
	}
	return specks*1000 > seen*6 || float64(median(grain[:], seen))*1.48/6 > 4
}

func median(hist []int, total int) int {
	n := 0
	for v, c := range hist {
		if n += c; 2*n >= total {
			return v
		}
	}
	return 0
}

// cell is the side of the squares in which light and paper are looked at, in pixels.
const cell = 32

// Negative says that letters are lighter than their paper: in most squares with any contrast the
// middle pixel is at the dark end. Shadows do not confuse it.
func Negative(g *image.Gray) bool {
	dark, light := 0, 0
	var all [256]int
	cells(g, func(_, _ int, hist *[256]int, n int) {
		for v, k := range hist {
			all[v] += k
		}
		lo, mid, hi := at(hist, n/50), at(hist, n/2), at(hist, n-1-n/50)
		switch {
		case hi-lo < 50:
		case mid-lo < hi-mid:
			dark++
		default:
			light++
		}
	})
	// A solid block has dark squares along its edges, but most of its page is paper.
	n := g.Rect.Dx() * g.Rect.Dy()
	lo, mid, hi := at(&all, n/50), at(&all, n/2), at(&all, n-1-n/50)
	return mid-lo < hi-mid && dark+light >= 8 && dark > 2*light
}

// Uneven says that the paper is much darker in some parts of the page than in others, or that ink
// and paper lie close together.
func Uneven(g *image.Gray) bool {
	var paper []int
	cells(g, func(_, _ int, hist *[256]int, n int) { paper = append(paper, at(hist, n-1-n/5)) })
	if len(paper) < 16 {
		return false
	}
	slices.Sort(paper)
	lo, hi := paper[len(paper)/10], paper[len(paper)*9/10]
	return lo*100 < hi*78 && lo > 8
}

// cells calls f with the histogram of each square.
func cells(g *image.Gray, f func(cx, cy int, hist *[256]int, n int)) {
	w, h := g.Rect.Dx(), g.Rect.Dy()
	for y0 := 0; y0 < h; y0 += cell {
		for x0 := 0; x0 < w; x0 += cell {
			var hist [256]int
			n := 0
			for y := y0; y < min(h, y0+cell); y++ {
				for _, p := range g.Pix[y*g.Stride+x0 : y*g.Stride+min(w, x0+cell)] {
					hist[p]++
					n++
				}
			}
			f(x0/cell, y0/cell, &hist, n)
		}
	}
}

// at is the level of the pixel with rank k, counted from the darkest.
func at(hist *[256]int, k int) int {
	for v, n := range hist {
		if k -= n; k < 0 {
			return v
		}
	}
	return 255
}

// leastContrast is the distance of levels from which a page has ink.
const leastContrast = 24

const (
	// paleContrast is the distance of levels that ink and paper of a page have that is not pale.
	paleContrast = 80
	// leastInk is one in how many pixels is ink of a page with a short line on it.
	leastInk = 2000
)

// Pale says that ink is hardly darker than its paper, all over the page: receipts of thermal paper fade so.
func Pale(g *image.Gray) bool {
	hist, n := histogram(g), g.Rect.Dx()*g.Rect.Dy()
	return at(hist, n-1-n/100)-at(hist, n/leastInk) < paleContrast
}

// Blank says that a page has no ink worth reading: its levels, without a few outermost pixels, lie close together.
func Blank(g *image.Gray) bool {
	hist, n := histogram(g), len(g.Pix)
	few := n / 20000
	return at(hist, n-1-few)-at(hist, few) < leastContrast
}

// Stretch spreads the levels between the darkest and the lightest hundredth over the whole range.
func Stretch(g *image.Gray) *image.Gray {
	hist, n := histogram(g), len(g.Pix)
	lo, hi := at(hist, n/200), at(hist, n-1-n/100)
	if hi-lo < 16 || hi-lo > 180 {
		return g
	}
	var lut [256]byte
	for v := range lut {
		lut[v] = byte(max(0, min(255, (v-lo)*255/(hi-lo))))
	}
	o := image.NewGray(g.Rect)
	for i, p := range g.Pix {
		o.Pix[i] = lut[p]
	}
	return o
}
