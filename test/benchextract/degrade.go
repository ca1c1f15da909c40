package main

import (
	"bytes"
	"hash/fnv"
	"image"
	"image/color"
	"image/jpeg"
	"math"
	"math/rand/v2"
)

// damage is one way in which scans go wrong; how badly is drawn from the page's own generator.
type damage struct {
	name, meaning string
	// apply returns the damaged page and its resolution in dots per inch.
	apply func(r *rand.Rand, g *image.Gray) (*image.Gray, int)
}

// scanDPI is the resolution the pages of set B were scanned at.
const scanDPI = 300

func damages() []damage {
	keep := func(f func(*rand.Rand, *image.Gray) *image.Gray) func(*rand.Rand, *image.Gray) (*image.Gray, int) {
		return func(r *rand.Rand, g *image.Gray) (*image.Gray, int) { return f(r, g), scanDPI }
	}
	return []damage{
		{"clean", "as scanned", keep(func(_ *rand.Rand, g *image.Gray) *image.Gray { return g })},
		{"turned", "by 90, 180 or 270 degrees", keep(func(r *rand.Rand, g *image.Gray) *image.Gray { return quarter(g, 1+r.IntN(3)) })},
		{"skewed", "by 1 to 4 degrees", keep(func(r *rand.Rand, g *image.Gray) *image.Gray { return tilt(g, sign(r)*between(r, 1, 4), paper) })},
		{"noisy", "1 to 3 % salt and pepper, grain of 10 to 30 levels", keep(noise)},
		{"jpeg", "quality 8 to 20", keep(compressed)},
		{"coarse", "100 to 150 dpi", coarse},
		{"pale", "little contrast, light falling off to one side", keep(pale)},
		{"blurred", "a spread of 1.5 to 2.5 pixels", keep(func(r *rand.Rand, g *image.Gray) *image.Gray { return blur(g, between(r, 1.5, 2.5)) })},
		{"bordered", "black edges around a page laid down askew", keep(bordered)},
	}
}

const paper = 255

// generator is seeded by what is damaged and how, so that every run damages alike.
func generator(id, kind string) *rand.Rand {
	h := fnv.New64a()
	_, _ = h.Write([]byte(id + "/" + kind))
	return rand.New(rand.NewPCG(h.Sum64(), 1))
}

func between(r *rand.Rand, lo, hi float64) float64 { return lo + (hi-lo)*r.Float64() }

func sign(r *rand.Rand) float64 { return float64(2*r.IntN(2) - 1) }

func level(v float64) byte { return byte(math.Max(0, math.Min(255, v+0.5))) }

// remap builds a page of size w x h from a function of its pixels.
func remap(w, h int, f func(x, y int) byte) *image.Gray {
	o := image.NewGray(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			o.Pix[y*o.Stride+x] = f(x, y)
		}
	}
	return o
}

// quarter turns clockwise by n quarter turns.
func quarter(g *image.Gray, n int) *image.Gray {
	for range n {
		w, h, src := g.Rect.Dx(), g.Rect.Dy(), g
		g = remap(h, w, func(x, y int) byte { return src.Pix[(h-1-x)*src.Stride+y] })
	}
	return g
}

// tilt turns by deg about the middle, bilinear; what comes from outside is of the level given.
func tilt(g *image.Gray, deg float64, outside byte) *image.Gray {
	w, h := g.Rect.Dx(), g.Rect.Dy()
	sin, cos := math.Sincos(deg * math.Pi / 180)
	cx, cy := float64(w)/2, float64(h)/2
	at := func(x, y int) float64 {
		if x < 0 || y < 0 || x >= w || y >= h {
			return float64(outside)
		}
		return float64(g.Pix[y*g.Stride+x])
	}
	return remap(w, h, func(x, y int) byte {
		dx, dy := float64(x)-cx, float64(y)-cy
		sx, sy := cx+dx*cos-dy*sin, cy+dx*sin+dy*cos
		ix, iy := int(math.Floor(sx)), int(math.Floor(sy))
		ax, ay := sx-float64(ix), sy-float64(iy)
		return level((at(ix, iy)*(1-ax)+at(ix+1, iy)*ax)*(1-ay) + (at(ix, iy+1)*(1-ax)+at(ix+1, iy+1)*ax)*ay)
	})
}

func noise(r *rand.Rand, g *image.Gray) *image.Gray {
	share, grain := between(r, 0.01, 0.03), between(r, 10, 30)
	return remap(g.Rect.Dx(), g.Rect.Dy(), func(x, y int) byte {
		if r.Float64() < share {
			return byte(255 * r.IntN(2))
		}
		return level(float64(g.Pix[y*g.Stride+x]) + grain*r.NormFloat64())
	})
}

func compressed(r *rand.Rand, g *image.Gray) *image.Gray {
	var b bytes.Buffer
	if jpeg.Encode(&b, g, &jpeg.Options{Quality: 8 + r.IntN(13)}) != nil {
		return g
	}
	m, err := jpeg.Decode(&b)
	if err != nil {
		return g
	}
	return remap(g.Rect.Dx(), g.Rect.Dy(), func(x, y int) byte { return color.GrayModel.Convert(m.At(x, y)).(color.Gray).Y })
}

// coarse averages the pixels that fall together at the lower resolution, as a scanner does.
func coarse(r *rand.Rand, g *image.Gray) (*image.Gray, int) {
	dpi := 100 + r.IntN(51)
	step := float64(scanDPI) / float64(dpi)
	soft := blur(g, step/3)
	w, h := int(float64(g.Rect.Dx())/step), int(float64(g.Rect.Dy())/step)
	return remap(w, h, func(x, y int) byte {
		return soft.Pix[int((float64(y)+0.5)*step)*soft.Stride+int((float64(x)+0.5)*step)]
	}), dpi
}

func pale(r *rand.Rand, g *image.Gray) *image.Gray {
	ink, back, fall := between(r, 90, 130), between(r, 190, 230), between(r, 0.3, 0.5)
	sin, cos := math.Sincos(between(r, 0, 2*math.Pi))
	w, h := float64(g.Rect.Dx()), float64(g.Rect.Dy())
	return remap(g.Rect.Dx(), g.Rect.Dy(), func(x, y int) byte {
		v := ink + (back-ink)*float64(g.Pix[y*g.Stride+x])/255
		side := ((float64(x)/w-0.5)*cos+(float64(y)/h-0.5)*sin)/math.Sqrt2 + 0.5
		return level(v*(1-fall*side) + 3*r.NormFloat64())
	})
}

func bordered(r *rand.Rand, g *image.Gray) *image.Gray {
	w, h := g.Rect.Dx(), g.Rect.Dy()
	var edge [4]int
	for i := range edge {
		if i == 0 || r.IntN(2) == 0 {
			edge[i] = int(between(r, 0.01, 0.04) * float64(w))
		}
	}
	page := tilt(g, sign(r)*between(r, 0.3, 1.2), 20)
	return remap(w+edge[0]+edge[1], h+edge[2]+edge[3], func(x, y int) byte {
		x, y = x-edge[0], y-edge[2]
		if x < 0 || y < 0 || x >= w || y >= h {
			return level(20 + 6*r.NormFloat64())
		}
		return page.Pix[y*page.Stride+x]
	})
}

// blur is Gaussian, one direction after the other.
func blur(g *image.Gray, spread float64) *image.Gray {
	n := int(math.Ceil(3 * spread))
	kernel, sum := make([]float64, 2*n+1), 0.0
	for i := range kernel {
		d := float64(i - n)
		kernel[i] = math.Exp(-d * d / (2 * spread * spread))
		sum += kernel[i]
	}
	w, h := g.Rect.Dx(), g.Rect.Dy()
	pass := func(src *image.Gray, dx, dy int) *image.Gray {
		return remap(w, h, func(x, y int) byte {
			v := 0.0
			for i, k := range kernel {
				sx, sy := min(w-1, max(0, x+(i-n)*dx)), min(h-1, max(0, y+(i-n)*dy))
				v += k * float64(src.Pix[sy*src.Stride+sx])
			}
			return level(v / sum)
		})
	}
	return pass(pass(g, 1, 0), 0, 1)
}
