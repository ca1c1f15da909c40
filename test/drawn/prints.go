package drawn

import (
	"fmt"
	"image"
	"math"
	"math/rand/v2"
	"strings"
)

// listing is what a line printer prints: a letter is a grid of dots with gaps between them, as small as sixteen letters an inch.
func (t Type) listing(id string, seed uint64) Page {
	r := rand.New(rand.NewPCG(seed, 8))
	pitch := 2.0 + 0.6*r.Float64() // pixels between dots
	dot := pitch * (0.30 + 0.06*r.Float64())
	c := newCanvas(r, t, 1654, 1500)
	m := usualMatrix()
	if t.Wide {
		m = t.matrixOf(11 + r.IntN(5))
	}
	y := 120.0
	line := func(s string) {
		dots(c, 130, y, m, pins{pitch, pitch, dot, 215}, s)
		y += float64(m.high) * pitch * 1.15
	}
	wide := int(1400 / (float64(m.wide) * pitch))
	for i := range 24 {
		if y > 1400 {
			break
		}
		name := fmt.Sprintf("%04d  %-11s %-10s", 1000+i*7+r.IntN(7), pick(r, places), pick(r, things))
		for len(name)+12 <= wide {
			name += fmt.Sprintf("%11s", amount(r))
		}
		line(name)
		c.lines = append(c.lines, strings.Fields(name))
	}
	return c.scanned(id)
}

// pins are those of a printer: how far its dots are apart, how far they reach, in pixels, and by how many levels they darken the paper.
type pins struct {
	across, down, radius float64
	depth                int
}

// dots prints s with a disc for each dot of a matrix.
func dots(c *canvas, x, y float64, m matrix, p pins, s string) {
	bits := m.bits(s)
	const sub = 4 // to each pixel, so that dots of a pixel or two are round
	for i, on := range bits.Pix {
		if on < 128 {
			continue
		}
		cx, cy := x+p.across*float64(i%bits.Stride), y+p.down*float64(i/bits.Stride)
		for py := int(cy - p.radius - 1); py <= int(cy+p.radius+1); py++ {
			for px := int(cx - p.radius - 1); px <= int(cx+p.radius+1); px++ {
				in := 0
				for k := range sub * sub {
					if math.Hypot(float64(px)+float64(k%sub)/sub+0.125-cx, float64(py)+float64(k/sub)/sub+0.125-cy) <= p.radius {
						in++
					}
				}
				if at := py*c.Stride + px; in > 0 && (image.Point{X: px, Y: py}).In(c.Rect) {
					c.Pix[at] = byte(max(0, int(c.Pix[at])-in*p.depth/(sub*sub)))
				}
			}
		}
	}
}

// receipt is a narrow slip of thermal paper that has faded, more in some places than in others.
func (t Type) receipt(id string, seed uint64) Page {
	r := rand.New(rand.NewPCG(seed, 9))
	c := newCanvas(r, t, 640, 1500)
	f, big := t.mono(t.points(r, 9, 7, 10)), t.bold(13)
	title := strings.ToUpper(pick(r, places)) + " STORES"
	c.print(big, 320-width(big, title)/2, 110, title, 20)
	c.lines = append(c.lines, Line{title})
	y := 190
	for range 14 + r.IntN(8) {
		name, price := pick(r, things)+" "+pick(r, things), fmt.Sprintf("%d.%02d", r.IntN(90), r.IntN(100))
		c.print(f, 50, y, name, 20)
		c.print(f, 590-width(f, price), y, price, 20)
		c.lines = append(c.lines, Line{name, price})
		y += 38
	}
	p := c.scanned(id)
	paper, contrast := 205+40*r.Float64(), 30+25*r.Float64()
	if t.Wide {
		paper, contrast = 190+60*r.Float64(), 26+50*r.Float64()
	}
	wave, at := 200+300*r.Float64(), r.Float64()*6
	p.Image = each(p.Image, func(_, y int, v float64) float64 {
		fade := 0.75 + 0.25*math.Sin(float64(y)/wave+at)
		return paper - contrast*fade*(255-v)/235 + 3*r.NormFloat64()
	})
	return p
}

// shadow is a page photographed with a hand or a telephone between it and the lamp: a hard edge across it, light that falls off.
func (t Type) shadow(id string, seed uint64) Page {
	r := rand.New(rand.NewPCG(seed, 10))
	c := newCanvas(r, t, 1654, 1700)
	f := t.medium(t.points(r, 10, 8, 12))
	c.prose(f, 130, 150, 1520, 36, 40)
	p := c.scanned(id)
	angle, deep := r.Float64()*2*math.Pi, 0.25+0.3*r.Float64()
	sin, cos := math.Sincos(angle)
	off, blur := (r.Float64()-0.5)*500, 4+30*r.Float64()
	fall := 0.2 + 0.3*r.Float64()
	p.Image = each(p.Image, func(x, y int, v float64) float64 {
		d := (float64(x)-827)*cos + (float64(y)-850)*sin
		light := 1 - (1-deep)/(1+math.Exp(-(d-off)/blur))
		light *= 1 - fall*float64(y)/1700
		return (40+v*0.8)*light + 3*r.NormFloat64()
	})
	return p
}
