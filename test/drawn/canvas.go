// Package drawn draws pages as scanners and cameras give them, with what stands on them: tables, shaded columns, listings of line
// printers, receipts. Every page is the same in each run.
package drawn

import (
	"image"
	"image/color"
	"image/draw"
	"math"
	"math/rand/v2"

	"golang.org/x/image/font"
	"golang.org/x/image/math/fixed"
)

// DPI is the resolution of pages that do not say another.
const DPI = 200

// Page is a picture and what can be read on it.
type Page struct {
	ID    string
	Image *image.Gray
	DPI   int
	Lines []Line // from top to bottom
}

// Line is what stands side by side: one field where it is running text, several where it is a row of a table.
type Line []string

// Rows are the lines of tables.
func (p Page) Rows() []Line {
	var out []Line
	for _, l := range p.Lines {
		if len(l) > 1 {
			out = append(out, l)
		}
	}
	return out
}

// canvas is a page in the making.
type canvas struct {
	*image.Gray
	Type
	r     *rand.Rand
	lines []Line
}

func newCanvas(r *rand.Rand, t Type, w, h int) *canvas {
	c := &canvas{Gray: image.NewGray(image.Rect(0, 0, w, h)), Type: t, r: r}
	c.fill(c.Rect, 255)
	return c
}

func (c *canvas) fill(r image.Rectangle, level byte) {
	draw.Draw(c.Gray, r, image.NewUniform(color.Gray{Y: level}), image.Point{}, draw.Src)
}

// screen fills with the dots by which printers make gray: one of each size is dark.
func (c *canvas) screen(r image.Rectangle, pitch, size int) {
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			if x%pitch < size && y%pitch < size {
				c.SetGray(x, y, color.Gray{Y: 40})
			}
		}
	}
}

func width(f font.Face, s string) int { return font.MeasureString(f, s).Ceil() }

// print sets s with its left end and base line at x, y.
func (c *canvas) print(f font.Face, x, y int, s string, level byte) {
	d := font.Drawer{Dst: c.Gray, Src: image.NewUniform(color.Gray{Y: level}), Face: f, Dot: fixed.P(x, y)}
	d.DrawString(s)
}

// prose sets n lines of running text and returns the base line below them.
func (c *canvas) prose(f font.Face, x, y, right, step, n int) int {
	for range n {
		line := ""
		for {
			next := pick(c.r, common)
			if line != "" {
				next = line + " " + next
			}
			if width(f, next) > right-x {
				break
			}
			line = next
		}
		c.print(f, x, y, line, 20)
		c.lines = append(c.lines, Line{line})
		y += step
	}
	return y
}

func pick(r *rand.Rand, list []string) string { return list[r.IntN(len(list))] }

// scanned is the page as a scanner gives it: a little soft, with grain.
func (c *canvas) scanned(id string) Page {
	grain := 2 + 3*c.r.Float64()
	return Page{ID: id, DPI: DPI, Lines: c.lines, Image: each(soften(c.Gray), func(_, _ int, v float64) float64 { return v + grain*c.r.NormFloat64() })}
}

// each maps the levels of a page.
func each(g *image.Gray, f func(x, y int, level float64) float64) *image.Gray {
	out := image.NewGray(g.Rect)
	for i, p := range g.Pix {
		out.Pix[i] = byte(math.Max(0, math.Min(255, f(i%g.Stride, i/g.Stride, float64(p))+0.5)))
	}
	return out
}

// soften spreads each pixel over its neighbours, by 1 2 1 both ways.
func soften(g *image.Gray) *image.Gray {
	w, h := g.Rect.Dx(), g.Rect.Dy()
	return each(g, func(x, y int, _ float64) float64 {
		sum, all := 0, 0
		for dy := -1; dy <= 1; dy++ {
			for dx := -1; dx <= 1; dx++ {
				if x+dx >= 0 && y+dy >= 0 && x+dx < w && y+dy < h {
					k := (2 - dx*dx) * (2 - dy*dy)
					sum, all = sum+k*int(g.Pix[(y+dy)*g.Stride+x+dx]), all+k
				}
			}
		}
		return float64(sum) / float64(all)
	})
}
