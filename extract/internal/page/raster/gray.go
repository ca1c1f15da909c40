// Package raster decodes pictures into gray pages and straightens, scales and cleans them.
package raster

import (
	"image"
	"image/color"
	"image/draw"
	"math"
)

// toGray flattens any picture onto its ground as 8-bit gray. It may use the picture's own pixels for that.
func toGray(src image.Image) *image.Gray {
	return toGrayOn(src, func() color.Gray { return groundOf(src) })
}

// toGrayOn is toGray with a ground that is asked for where one is needed.
func toGrayOn(src image.Image, groundOf func() color.Gray) *image.Gray {
	b := src.Bounds()
	w, h := b.Dx(), b.Dy()
	if g, ok := src.(*image.Gray); ok && g.Stride == w && b.Min == (image.Point{}) {
		return &image.Gray{Pix: g.Pix[: w*h : w*h], Stride: w, Rect: b} // behind its last row a JPEG has more of a block
	}
	if m, ok := src.(*image.YCbCr); ok && b.Min == (image.Point{}) && m.YStride >= w {
		// The picture is nobody else's: its rows move together where they are.
		for y := range h {
			copy(m.Y[y*w:(y+1)*w], m.Y[y*m.YStride:])
		}
		return &image.Gray{Pix: m.Y[: w*h : w*h], Stride: w, Rect: image.Rect(0, 0, w, h)}
	}
	out := &image.Gray{Stride: w, Rect: image.Rect(0, 0, w, h)}
	if _, ok := src.(*image.Paletted); !ok {
		out.Pix = NewGray(out.Rect).Pix
	}
	switch m := src.(type) {
	case *image.Gray:
		for y := range h {
			copy(out.Pix[y*w:(y+1)*w], m.Pix[y*m.Stride:y*m.Stride+w])
		}
	case *image.YCbCr:
		for y := range h {
			o := m.YOffset(b.Min.X, b.Min.Y+y)
			copy(out.Pix[y*w:(y+1)*w], m.Y[o:o+w])
		}
	case *image.Paletted:
		var lut [256]byte
		ground := groundOf()
		for i, c := range m.Palette {
			if i < 256 {
				lut[i] = laidOn(ground, c)
			}
		}
		out.Pix = m.Pix[: w*h : w*h] // in the place of what they were, for large ones
		for y := range h {
			row := m.Pix[y*m.Stride : y*m.Stride+w]
			for x, p := range row {
				out.Pix[y*w+x] = lut[p]
			}
		}
	default:
		rgba, ground := image.NewRGBA(image.Rect(0, 0, w, min(h, 256))), image.NewUniform(groundOf())
		for top := 0; top < h; top += 256 {
			n := min(256, h-top)
			draw.Draw(rgba, rgba.Bounds(), ground, image.Point{}, draw.Src)
			draw.Draw(rgba, image.Rect(0, 0, w, n), src, image.Pt(b.Min.X, b.Min.Y+top), draw.Over)
			for y := range n {
				row := rgba.Pix[y*rgba.Stride:]
				o := out.Pix[(top+y)*w:]
				for x := range w {
					p := row[4*x : 4*x+3 : 4*x+3]
					o[x] = byte((299*uint32(p[0]) + 587*uint32(p[1]) + 114*uint32(p[2]) + 500) / 1000)
				}
			}
		}
	}
	return out
}

// laidOn is how light c is on a ground that shows through it.
func laidOn(ground color.Gray, c color.Color) byte {
	l, a := lightness(c)
	return byte((l + (0xffff-a)*uint32(ground.Y)/255) >> 8)
}

// lightness of a colour, its transparency counted as black, and how opaque it is; both 0..0xffff.
func lightness(c color.Color) (l, a uint32) {
	r, g, b, a := c.RGBA()
	return (299*r + 587*g + 114*b + 500) / 1000, a
}

// groundOf is what a picture with transparent parts is laid on.
func groundOf(src image.Image) color.Gray {
	b := src.Bounds()
	var g ground
	g.look(src, 0, groundStep(b.Dx(), b.Dy()))
	return color.Gray{Y: g.tone()}
}

// ground counts pixels of a picture with transparent parts, for what it is to be laid on.
type ground struct{ clear, drawn, light int }

// groundStep is how far those are apart that are looked at.
func groundStep(w, h int) int {
	const enough = 30000
	return max(1, int(math.Sqrt(float64(w)*float64(h)/enough)))
}

// look notes every step-th pixel of every step-th row of a picture, or of the part of one that begins at row top.
func (g *ground) look(src image.Image, top, step int) {
	b := src.Bounds()
	for y := b.Min.Y; y < b.Max.Y; y++ {
		if (top+y-b.Min.Y)%step != 0 {
			continue
		}
		for x := b.Min.X; x < b.Max.X; x += step {
			l, a := lightness(src.At(x, y))
			g.note(a < 0x4000, l*5 > a*3)
		}
	}
}

func (g *ground) note(clear, light bool) {
	if clear {
		g.clear++
		return
	}
	g.drawn++
	if light {
		g.light++
	}
}

// tone is that of white paper, or black where nearly all that is drawn is light and would not show on white.
func (g ground) tone() byte {
	if g.clear > g.drawn && g.light*20 > g.drawn*19 {
		return 0
	}
	return 255
}

// Turn rotates clockwise by 0, 90, 180 or 270 degrees.
func Turn(g *image.Gray, deg int) *image.Gray {
	w, h := g.Rect.Dx(), g.Rect.Dy()
	switch ((deg % 360) + 360) % 360 {
	case 90:
		o := NewGray(image.Rect(0, 0, h, w))
		for y := range h {
			for x := range w {
				o.Pix[x*h+(h-1-y)] = g.Pix[y*g.Stride+x]
			}
		}
		return o
	case 180:
		o := NewGray(image.Rect(0, 0, w, h))
		for y := range h {
			for x := range w {
				o.Pix[(h-1-y)*w+(w-1-x)] = g.Pix[y*g.Stride+x]
			}
		}
		return o
	case 270:
		o := NewGray(image.Rect(0, 0, h, w))
		for y := range h {
			for x := range w {
				o.Pix[(w-1-x)*h+y] = g.Pix[y*g.Stride+x]
			}
		}
		return o
	}
	return g
}

// flip mirrors left and right.
func flip(g *image.Gray) *image.Gray {
	w, h := g.Rect.Dx(), g.Rect.Dy()
	o := NewGray(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			o.Pix[y*w+w-1-x] = g.Pix[y*g.Stride+x]
		}
	}
	return o
}

// histogram counts the pixels of each level.
func histogram(g *image.Gray) *[256]int {
	var hist [256]int
	w := g.Rect.Dx()
	for y := range g.Rect.Dy() {
		for _, p := range g.Pix[y*g.Stride : y*g.Stride+w] {
			hist[p]++
		}
	}
	return &hist
}

// threshold finds Otsu's level between ink and paper.
func threshold(g *image.Gray) byte {
	hist := histogram(g)
	total, sum := g.Rect.Dx()*g.Rect.Dy(), 0.0
	for i, n := range hist {
		sum += float64(i) * float64(n)
	}
	var sb, best float64
	var wb int
	level := 127
	for i, n := range hist {
		wb += n
		if wb == 0 || wb == total {
			continue
		}
		sb += float64(i) * float64(n)
		mb, mf := sb/float64(wb), (sum-sb)/float64(total-wb)
		if v := float64(wb) * float64(total-wb) * (mb - mf) * (mb - mf); v > best {
			best, level = v, i
		}
	}
	return byte(level)
}

// Inverted is a copy with ink and paper swapped.
func Inverted(g *image.Gray) *image.Gray {
	o := NewGray(g.Rect)
	for i, p := range g.Pix {
		o.Pix[i] = 255 - p
	}
	return o
}

// Ink is the share of dark pixels, 0..1, against a fixed and generous level.
func Ink(g *image.Gray) float64 { return InkIn(g, g.Rect) }

// InkIn is that of a part of a picture, given by the picture's own coordinates.
func InkIn(g *image.Gray, part image.Rectangle) float64 {
	n := 0
	for y := part.Min.Y; y < part.Max.Y; y++ {
		for _, p := range g.Pix[g.PixOffset(part.Min.X, y):][:part.Dx()] {
			if p < 160 {
				n++
			}
		}
	}
	return float64(n) / float64(max(1, part.Dx()*part.Dy()))
}

// Rotate turns by a small angle in degrees (counterclockwise positive), bilinear, white outside.
func Rotate(g *image.Gray, deg float64) *image.Gray {
	w, h := g.Rect.Dx(), g.Rect.Dy()
	rad := -deg * math.Pi / 180
	sin, cos := math.Sin(rad), math.Cos(rad)
	nw := int(math.Ceil(float64(w)*math.Abs(cos) + float64(h)*math.Abs(sin)))
	nh := int(math.Ceil(float64(w)*math.Abs(sin) + float64(h)*math.Abs(cos)))
	o := NewGray(image.Rect(0, 0, nw, nh))
	cx, cy, ox, oy := float64(w)/2, float64(h)/2, float64(nw)/2, float64(nh)/2
	const one = 1 << 16
	dx, dy := int64(cos*one), int64(-sin*one)
	for y := range nh {
		fx := (0.5-ox)*cos + (float64(y)+0.5-oy)*sin + cx - 0.5
		fy := -(0.5-ox)*sin + (float64(y)+0.5-oy)*cos + cy - 0.5
		px, py := int64(fx*one), int64(fy*one)
		row := o.Pix[y*nw : (y+1)*nw]
		for x := range row {
			ix, iy := int(px>>16), int(py>>16)
			if ix < 0 || iy < 0 || ix >= w-1 || iy >= h-1 {
				row[x] = 255
			} else {
				ax, ay := uint32(px&(one-1))>>8, uint32(py&(one-1))>>8
				p := g.Pix[iy*g.Stride+ix:]
				q := g.Pix[(iy+1)*g.Stride+ix:]
				t := uint32(p[0])*(256-ax) + uint32(p[1])*ax
				u := uint32(q[0])*(256-ax) + uint32(q[1])*ax
				row[x] = byte((t*(256-ay) + u*ay) >> 16)
			}
			px += dx
			py += dy
		}
	}
	return o
}

// Runs estimates how many runs of dark pixels the rows of a picture have.
func Runs(g *image.Gray) int {
	const every, dark = 5, 128
	n := 0
	for y := 0; y < g.Rect.Dy(); y += every {
		before := byte(255)
		for _, p := range g.Pix[y*g.Stride:][:g.Rect.Dx()] {
			if p < dark && before >= dark {
				n++
			}
			before = p
		}
	}
	return n * every
}
