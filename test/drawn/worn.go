package drawn

import (
	"fmt"
	"image"
	"math"
	"math/rand/v2"
	"strings"
)

// dotMatrix is what a printer of nine pins prints, each a 72nd of an inch below the other: ten or seventeen letters an inch, with a ribbon that is
// new or worn, at 200 or 300 dpi, and on every second page on paper with bars.
func (t Type) dotMatrix(id string, seed uint64) Page {
	r := rand.New(rand.NewPCG(seed, 12))
	dpi := 200 + 100*r.IntN(2)
	down := float64(dpi) / 72
	p := pins{across: down, down: down, radius: down * (0.34 + 0.14*r.Float64()), depth: 90 + r.IntN(110)}
	if r.IntN(2) == 0 {
		p.across = float64(dpi) / 120
	}
	m := usualMatrix()
	if t.Wide { // nine pins print capitals seven high; of twenty-four, each letter as large, the dots are a 180th apart
		if m = t.matrixOf(12); r.IntN(2) == 0 {
			m = t.matrixOf(26)
			p.across, p.down, p.radius = p.across*0.4, down*0.4, p.radius*0.4*1.2
		}
	}
	c := newCanvas(r, t, 1654*dpi/200, 1500*dpi/200)
	left, y, step := 130*float64(dpi)/200, 120*float64(dpi)/200, float64(dpi)/6
	if r.IntN(2) == 0 { // the bars are three lines high
		level := byte(215 + r.IntN(25))
		for i := 0; y+float64(i)*step < float64(c.Rect.Max.Y); i += 6 {
			top := int(y + float64(i)*step)
			c.fill(image.Rect(0, top, c.Rect.Max.X, top+int(3*step)), level)
		}
	}
	wide := int((float64(c.Rect.Max.X) - 2*left) / (float64(m.wide) * p.across))
	for i := range 24 {
		s := fmt.Sprintf("%04d  %-11s %-10s", 1000+i*7+r.IntN(7), pick(r, places), pick(r, things))
		for len(s)+12 <= wide {
			s += fmt.Sprintf("%11s", amount(r))
		}
		dots(c, left+r.Float64()*0.6, y, m, p, s) // the head does not stop where it began
		c.lines = append(c.lines, strings.Fields(s))
		y += step
	}
	out := c.scanned(id)
	out.DPI = dpi
	return out
}

// edges is a page that lies askew on a photocopier whose glass is larger: black beside it, with a few specks, on one to four sides, and text
// close to it.
func (t Type) edges(id string, seed uint64) Page {
	r := rand.New(rand.NewPCG(seed, 13))
	c := newCanvas(r, t, 1654, 1700)
	f := t.medium(t.points(r, 10, 8, 11.5))
	c.prose(f, 90, 110, 1570, 36, 42)
	angle := (1 + 3*r.Float64()) * math.Pi / 180
	if r.IntN(2) == 0 {
		angle = -angle
	}
	var wide [4]float64 // how far the black reaches from the left, the top, the right and the bottom; without it the cover of the glass is white
	for i := range wide {
		if i == int(seed%4) || r.IntN(2) == 0 {
			wide[i] = 20 + 160*r.Float64()
		}
	}
	black, grain := 8+30*r.Float64(), 6+14*r.Float64()
	p := laid(c, angle, wide, func() float64 { return black + grain*math.Abs(r.NormFloat64()) })
	c.Gray = p
	return c.scanned(id)
}

// laid is a page turned about its middle on a ground that is white, and dark beside the sides that are so.
func laid(c *canvas, angle float64, wide [4]float64, dark func() float64) *image.Gray {
	w, h := float64(c.Rect.Dx()), float64(c.Rect.Dy())
	sin, cos := math.Sincos(angle)
	all := image.Rect(0, 0, int(w*cos+h*math.Abs(sin)+wide[0]+wide[2]), int(h*cos+w*math.Abs(sin)+wide[1]+wide[3]))
	out := image.NewGray(all)
	mx, my := (float64(all.Max.X)+wide[0]-wide[2])/2, (float64(all.Max.Y)+wide[1]-wide[3])/2
	for i := range out.Pix {
		x, y := float64(i%out.Stride)-mx, float64(i/out.Stride)-my
		u, v := x*cos+y*sin+w/2, y*cos-x*sin+h/2 // on the page
		beside := u < 0 && wide[0] > 0 || v < 0 && wide[1] > 0 || u >= w && wide[2] > 0 || v >= h && wide[3] > 0
		switch {
		case beside:
			out.Pix[i] = byte(min(255, dark()))
		case u < 1 || v < 1 || u >= w-2 || v >= h-2:
			out.Pix[i] = 250
		default:
			a, b := u-math.Floor(u), v-math.Floor(v)
			at := int(v)*c.Stride + int(u)
			out.Pix[i] = byte((1-b)*((1-a)*float64(c.Pix[at])+a*float64(c.Pix[at+1])) + b*((1-a)*float64(c.Pix[at+c.Stride])+a*float64(c.Pix[at+c.Stride+1])))
		}
	}
	return out
}
