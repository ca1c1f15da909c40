package drawn

import (
	"image"
	"math"
)

// moved is a picture w by h pixels large whose pixel x, y is what lies at from(x, y) of g, and beside(x, y) where that is outside of it.
func moved(g *image.Gray, w, h int, from func(x, y float64) (u, v float64), beside func(x, y int) float64) *image.Gray {
	out := image.NewGray(image.Rect(0, 0, w, h))
	right, bottom := float64(g.Rect.Dx()-1), float64(g.Rect.Dy()-1)
	for i := range out.Pix {
		x, y := i%w, i/w
		u, v := from(float64(x), float64(y))
		if u < 0 || v < 0 || u >= right || v >= bottom {
			out.Pix[i] = level(beside(x, y))
			continue
		}
		a, b := u-math.Floor(u), v-math.Floor(v)
		at := int(v)*g.Stride + int(u)
		out.Pix[i] = level((1-b)*((1-a)*float64(g.Pix[at])+a*float64(g.Pix[at+1])) + b*((1-a)*float64(g.Pix[at+g.Stride])+a*float64(g.Pix[at+g.Stride+1])))
	}
	return out
}

func level(v float64) byte { return byte(math.Max(0, math.Min(255, v+0.5))) }

// point is a place in a picture.
type point struct{ x, y float64 }

// onto maps a photograph back onto a page w by h large whose corners are seen at those given: left above, right above, right below, left below.
func onto(c [4]point, w, h float64) func(x, y float64) (u, v float64) {
	dx1, dx2, sx := c[1].x-c[2].x, c[3].x-c[2].x, c[0].x-c[1].x+c[2].x-c[3].x
	dy1, dy2, sy := c[1].y-c[2].y, c[3].y-c[2].y, c[0].y-c[1].y+c[2].y-c[3].y
	den := dx1*dy2 - dx2*dy1
	g, k := (sx*dy2-dx2*sy)/den, (dx1*sy-sx*dy1)/den
	a, b := c[1].x-c[0].x+g*c[1].x, c[3].x-c[0].x+k*c[3].x
	d, e := c[1].y-c[0].y+g*c[1].y, c[3].y-c[0].y+k*c[3].y
	m := [9]float64{a, b, c[0].x, d, e, c[0].y, g, k, 1} // from the unit square to the photograph; its adjugate maps back
	return func(x, y float64) (u, v float64) {
		p := (m[4]*m[8]-m[5]*m[7])*x + (m[2]*m[7]-m[1]*m[8])*y + m[1]*m[5] - m[2]*m[4]
		q := (m[5]*m[6]-m[3]*m[8])*x + (m[0]*m[8]-m[2]*m[6])*y + m[2]*m[3] - m[0]*m[5]
		s := (m[3]*m[7]-m[4]*m[6])*x + (m[1]*m[6]-m[0]*m[7])*y + m[0]*m[4] - m[1]*m[3]
		return w * p / s, h * q / s
	}
}
