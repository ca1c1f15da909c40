package raster

import "image"

const (
	// inkReach is how far from the ink of letters, in pixels, their soft edges reach.
	inkReach = 3
	// strokePixels is the most that a stroke of a letter is thick, in pixels.
	strokePixels = 24
	// overprintStep is every which row is looked at.
	overprintStep = 3
	// leastOver is the least part of the strokes that stand on lighter ink of a page that is printed over, and mostOver the most: more is a page on gray
	// paper, or a picture.
	leastOver, mostOver = 0.02, 0.7
	// inkRange is by how many levels ink differs from paper at least.
	inkRange = 100
)

// Overprinted says that some of the letters of a page stand on lighter ink that is no even ground: a watermark, a stamp, what shows through from
// the other side. white is the level from which on that ink is lighter than letters.
func Overprinted(g *image.Gray) (white byte, ok bool) {
	w, h := g.Rect.Dx(), g.Rect.Dy()
	hist := histogram(g)
	paper, ink := at(hist, w*h*3/4), at(hist, w*h/200)
	if paper-ink < inkRange || w < 8*inkReach {
		return 0, false
	}
	dark, light := byte(ink+(paper-ink)/3), byte(paper-(paper-ink)/8)
	lighter := func(x, y int) bool { // of lighter ink, away from any that is dark
		if x < inkReach || y < inkReach || x >= w-inkReach || y >= h-inkReach {
			return false
		}
		if v := g.Pix[y*g.Stride+x]; v <= dark || v >= light {
			return false
		}
		for dy := -inkReach; dy <= inkReach; dy++ {
			for _, p := range g.Pix[(y+dy)*g.Stride+x-inkReach:][:2*inkReach+1] {
				if p <= dark {
					return false
				}
			}
		}
		return true
	}
	var levels [256]int
	strokes, over, all := 0, 0, 0
	for y := 0; y < h; y += overprintStep {
		row := g.Pix[y*g.Stride:][:w]
		for x := 0; x < w; x++ {
			if row[x] > dark {
				continue
			}
			from := x
			for x < w && row[x] <= dark {
				x++
			}
			if x-from > strokePixels {
				continue
			}
			strokes++
			for _, beside := range [2]int{from - inkReach - 2, x + inkReach + 1} {
				if lighter(beside, y) {
					over++
					levels[row[beside]]++
					all++
				}
			}
		}
	}
	if float64(over) < leastOver*float64(strokes) || float64(over) > mostOver*float64(strokes) || all < 50 {
		return 0, false
	}
	return byte(at(&levels, all/10)), true
}

// Whitened is a copy in which what is as light as white, or lighter, is paper, and what is darker is spread over the levels up to it.
func Whitened(g *image.Gray, white byte) *image.Gray {
	ink := at(histogram(g), g.Rect.Dx()*g.Rect.Dy()/200)
	var lut [256]byte
	for v := range lut {
		lut[v] = byte(max(0, min(255, (v-ink)*255/max(1, int(white)-ink))))
	}
	o := NewGray(image.Rect(0, 0, g.Rect.Dx(), g.Rect.Dy()))
	for y := range g.Rect.Dy() {
		out := o.Pix[y*o.Stride:]
		for x, p := range g.Pix[y*g.Stride:][:g.Rect.Dx()] {
			out[x] = lut[p]
		}
	}
	return o
}
