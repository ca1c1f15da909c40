package raster

import (
	"image"
	"slices"
)

const (
	// darkSide is how many pixels the shorter side of the copy has on which dark grounds are looked for.
	darkSide = 700
	// leastDark and mostDark are how much of a page has dark grounds that has them: more is a page of light type, or a photograph.
	leastDark, mostDark = 0.002, 0.6
	// lightPixels is the least part of a dark ground that is light type; a bar and the black beside a page have none. mostLight is the most of it.
	lightPixels, mostLight = 0.02, 0.5
	// betweenLetters is the least part of a row of light letters that is the ground between them, which is darker than halfGray. In a light row between
	// two dark ones the letters are all that is dark.
	betweenLetters, halfGray = 0.4, 140
	// thickDark is how many pixels of the copy a ground is high at least.
	thickDark = 6
	// straightEdges is the least part of the edges down a ground that go straight down: a drawing's do not, those of a page skewed by four degrees do.
	straightEdges = 0.92
	// typeOver is by how many levels type is lighter than a dark ground at least.
	typeOver = 60
)

// darkGround is a dark one with light type on it: its level, and that of the type.
type darkGround struct{ level, letters byte }

// Dark says that a page has light type on dark grounds, as heads and columns of tables have. Letters are less than gap pixels high, and gaps between
// dark grounds and beside them are wider.
func Dark(g *image.Gray, gap int) bool {
	_, all := darkGrounds(g, gap)
	return len(all) > 0
}

// Undarkened is a copy with dark type on light paper in the place of light type on dark grounds; where there is none it is the picture itself.
func Undarkened(g *image.Gray, gap int) *image.Gray {
	k := max(1, min(g.Rect.Dx(), g.Rect.Dy())/darkSide)
	small := Shrink(g, k)
	of, all := darkGrounds(small, gap/k)
	if len(all) == 0 {
		return g
	}
	o := NewGray(g.Rect)
	w, h := small.Rect.Dx(), small.Rect.Dy()
	of = edged(of, w, h)
	for y := range g.Rect.Dy() {
		row, out := g.Pix[y*g.Stride:][:g.Rect.Dx()], o.Pix[y*o.Stride:]
		for x, v := range row {
			n := of[min(y/k, h-1)*w+min(x/k, w-1)]
			switch {
			case n == softEdge:
				out[x] = 255
			case n > 0:
				d := all[n-1]
				out[x] = byte(255 - max(0, min(255, (int(v)-int(d.level))*255/int(d.letters-d.level))))
			default:
				out[x] = v
			}
		}
	}
	return o
}

// softEdge is the number of what lies on the edge of a dark ground, half on it and half beside it.
const softEdge = 1<<16 - 1

// edged numbers the pixels that are less than two away from the edge of a dark ground, on either side.
func edged(of []uint16, w, h int) []uint16 {
	out := slices.Clone(of)
	for y := range h {
		for x := range w {
			n := of[y*w+x]
			for _, d := range [4]int{-2, -1, 1, 2} {
				if n == 0 && (x+d >= 0 && x+d < w && of[y*w+x+d] > 0 || y+d >= 0 && y+d < h && of[(y+d)*w+x] > 0) ||
					n > 0 && d*d == 1 && (x+d >= 0 && x+d < w && of[y*w+x+d] == 0 || y+d >= 0 && y+d < h && of[(y+d)*w+x] == 0) {
					out[y*w+x] = softEdge
				}
			}
		}
	}
	return out
}

// darkGrounds finds the dark grounds of a page: for each pixel the number of the one it is in, from 1.
func darkGrounds(g *image.Gray, gap int) (of []uint16, all []darkGround) {
	w, h := g.Rect.Dx(), g.Rect.Dy()
	solid, enough := darkRuns(g, gap)
	if !enough {
		return nil, nil // most pages
	}
	whole := bridged(solid, w, h, gap)
	between := make([]bool, w*h)
	for i := range between {
		between[i] = whole[i] && !solid[i]
	}
	eachPatch(between, w, h, func(patch []int32) {
		dark := 0
		for _, i := range patch {
			if g.Pix[int(i)/w*g.Stride+int(i)%w] < halfGray {
				dark++
			}
		}
		if float64(dark) < betweenLetters*float64(len(patch)) {
			for _, i := range patch {
				whole[i] = false
			}
		}
	})
	of = make([]uint16, w*h)
	n := 0
	eachPatch(whole, w, h, func(patch []int32) {
		if d, ok := lettered(g, patch, gap); ok && straight(whole, w, patch) >= straightEdges && len(all) < softEdge-1 {
			all = append(all, d)
			n += len(patch)
			for _, i := range patch {
				of[i] = uint16(len(all))
			}
		}
	})
	if part := float64(n) / float64(w*h); part < leastDark || part > mostDark {
		return nil, nil
	}
	return of, all
}

// darkRuns are the pixels in dark runs across of gap pixels and more, and whether there are so many, one below the other, that they may be grounds:
// a rule is thin.
func darkRuns(g *image.Gray, gap int) (solid []bool, enough bool) {
	w, h := g.Rect.Dx(), g.Rect.Dy()
	thick := 0
	for y := range h {
		run := 0
		for x, p := range g.Pix[y*g.Stride:][:w] {
			if p >= darkestShade {
				run = 0
				continue
			}
			if run++; run < gap {
				continue
			}
			if solid == nil {
				solid = make([]bool, w*h)
			}
			from := x
			if run == gap {
				from = x - gap + 1
			}
			for i := from; i <= x; i++ {
				solid[y*w+i] = true
			}
			if y >= thickDark && solid[(y-thickDark)*w+x] {
				thick++
			}
		}
	}
	return solid, float64(thick) > leastDark/2*float64(w*h)
}

// bridged is a mask, and what lies between two of its pixels of a column that are less than gap apart.
func bridged(mask []bool, w, h, gap int) []bool {
	out := slices.Clone(mask)
	last := make([]int, w) // row below the last pixel of the mask, 0: none
	for y := range h {
		for x := range w {
			if !mask[y*w+x] {
				continue
			}
			if last[x] > 0 && y-last[x] < gap {
				for v := last[x]; v < y; v++ {
					out[v*w+x] = true
				}
			}
			last[x] = y + 1
		}
	}
	return out
}

// lettered says whether a patch is a dark ground with light type on it.
func lettered(g *image.Gray, patch []int32, gap int) (darkGround, bool) {
	if len(patch) < gap*gap {
		return darkGround{}, false
	}
	w := g.Rect.Dx()
	var hist [256]int
	for _, i := range patch {
		hist[g.Pix[int(i)/w*g.Stride+int(i)%w]]++
	}
	n := len(patch)
	level := at(&hist, n/2)
	near, light := 0, 0
	for v, k := range hist {
		switch {
		case v > level+typeOver:
			light += k
		case max(v, level)-min(v, level) <= nearShade:
			near += k
		}
	}
	if level >= darkestShade || float64(near) < nearPart*float64(n) || float64(light) < lightPixels*float64(n) || float64(light) > mostLight*float64(n) {
		return darkGround{}, false
	}
	return darkGround{byte(level), byte(max(level+typeOver, at(&hist, n-1-light/4)))}, true
}

// straight is the part of the left edges of a patch that lie exactly below the one above. mask has all patches.
func straight(mask []bool, w int, patch []int32) float64 {
	edge := func(i int) bool { return mask[i] && (i%w == 0 || !mask[i-1]) }
	edges, below := 0, 0
	for _, i := range patch {
		if edge(int(i)) {
			edges++
			if int(i) >= w && edge(int(i)-w) {
				below++
			}
		}
	}
	return float64(below) / float64(max(1, edges))
}

// eachPatch calls f with the pixels of each connected part of a mask. f keeps nothing of them, and may change the mask.
func eachPatch(mask []bool, w, h int, f func(patch []int32)) {
	mask = slices.Clone(mask)
	var patch []int32
	for i, in := range mask {
		if !in {
			continue
		}
		mask[i] = false
		patch = append(patch[:0], int32(i))
		for k := 0; k < len(patch); k++ {
			at := int(patch[k])
			x := at % w
			for _, next := range [4]struct {
				at int
				ok bool
			}{{at - 1, x > 0}, {at + 1, x < w-1}, {at - w, at >= w}, {at + w, at+w < w*h}} {
				if next.ok && mask[next.at] {
					mask[next.at] = false
					patch = append(patch, int32(next.at))
				}
			}
		}
		f(patch)
	}
}
