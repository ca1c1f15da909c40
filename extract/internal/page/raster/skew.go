package raster

import (
	"image"
	"math"
)

// skewAngle estimates by how many degrees the text lines of a page w by h pixels large lean, by the angle at
// which the row profile of its ink points is sharpest; one that is hardly sharper than none is none.
// ok is false when no angle stands out.
func skewAngle(pts [][2]int16, w, h int) (deg float64, ok bool) {
	deg, best, ok := sharpest(pts, w, h, 0, 12)
	if ok && best < profile(pts, w, h, 0)*1.03 {
		return 0, true
	}
	return deg, ok
}

// sharpest finds the angle, up to reach degrees from about, at which ink points have the sharpest row
// profile, and how sharp it is.
func sharpest(pts [][2]int16, w, h int, about, reach float64) (deg, best float64, ok bool) {
	if len(pts) < 200 {
		return 0, 0, false
	}
	coarse := thin(pts, 12000)
	score := func(deg float64) float64 { return profile(coarse, w, h, deg) }
	best, deg = score(about), about
	sum, n := 0.0, 0
	for a := about - reach; a <= about+reach; a += 0.5 {
		s := score(a)
		sum += s
		n++
		if s > best {
			best, deg = s, a
		}
	}
	if best < 1.15*sum/float64(n) || math.Abs(deg-about) >= reach {
		return 0, 0, false
	}
	score = func(deg float64) float64 { return profile(pts, w, h, deg) }
	best = score(deg)
	for step := 0.25; step >= 0.05; step /= 2 {
		for _, a := range []float64{deg - step, deg + step} {
			if s := score(a); s > best {
				best, deg = s, a
			}
		}
	}
	return deg, best, true
}

// inkPoints lists the dark pixels of a reduced copy that have light above them: the upper edges of letters.
func inkPoints(g *image.Gray) (pts [][2]int16, w, h int) {
	f := max(1, min(g.Rect.Dx(), g.Rect.Dy())/700)
	s := Shrink(g, f)
	w, h = s.Rect.Dx(), s.Rect.Dy()
	level := threshold(s)
	for y := 1; y < h; y++ {
		for x := range w {
			if s.Pix[y*w+x] <= level && s.Pix[(y-1)*w+x] > level {
				pts = append(pts, [2]int16{int16(x), int16(y)})
			}
		}
	}
	return thin(pts, 60000), w, h
}

// thin takes points at equal distances in the list, so that at most n are left.
func thin(pts [][2]int16, n int) [][2]int16 {
	k := len(pts)/n + 1
	if k == 1 {
		return pts
	}
	out := make([][2]int16, 0, n)
	for i := 0; i < len(pts); i += k {
		out = append(out, pts[i])
	}
	return out
}

func profile(pts [][2]int16, w, h int, deg float64) float64 {
	t := int64(math.Tan(deg*math.Pi/180) * 65536)
	pad := int(math.Abs(float64(w)*float64(t)/65536)) + 2
	rows := make([]int32, h+2*pad)
	for _, p := range pts {
		rows[int(p[1])+pad+int(int64(p[0])*t>>16)]++
	}
	s := 0.0
	for _, r := range rows {
		s += float64(r) * float64(r)
	}
	return s
}

// Shrink averages f x f pixels into one.
func Shrink(g *image.Gray, f int) *image.Gray {
	if f <= 1 {
		return g
	}
	w, h := max(1, g.Rect.Dx()/f), max(1, g.Rect.Dy()/f)
	o := NewGray(image.Rect(0, 0, w, h))
	sums := make([]uint32, w)
	for y := range min(h, g.Rect.Dy()/f) {
		clear(sums)
		for j := range f {
			row := g.Pix[(y*f+j)*g.Stride:][:min(w*f, g.Rect.Dx())]
			for x := range sums {
				for _, p := range row[min(x*f, len(row)):min(x*f+f, len(row))] {
					sums[x] += uint32(p)
				}
			}
		}
		for x, v := range sums {
			o.Pix[y*w+x] = byte(v / uint32(f*f))
		}
	}
	return o
}
