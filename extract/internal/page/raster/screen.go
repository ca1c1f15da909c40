package raster

import (
	"image"
	"slices"
)

const (
	// screenCell is the side in pixels of the squares in which the dots of a screen are looked for, and screenBands into how many strips they are
	// parted: each, or all but one, has dots where there is a screen, and few where there is a line of leaders or the points of letters.
	screenCell, screenBands = 32, 4
	// bandDots is how many dots a strip has at least.
	bandDots = 2
	// dotRadius is how far a dot reaches at most, in pixels, and dotContrast by how many levels it is darker at least than what is around it.
	dotRadius, dotContrast = 5, 20
	// screenStep is every which square is looked at, both ways, to say whether there is a screen; leastScreened is the least part of these.
	screenStep    = 4
	leastScreened = 0.004
	// heavier is how many times the middle dot a dot weighs at most: the point of an i weighs more.
	heavier = 1.6
	// knownDots is how many dots say what the middle one is: a picture may have millions.
	knownDots = 1 << 16
	// asDark is by how many levels a dot that touches a letter differs from the middle one, and touching of how many pixels around it one is the letter's.
	asDark, touching = 40, 2
)

// dot is one of a screen: its place, how far it reaches, its level and that of the ground around it, and the ink in it.
type dot struct {
	x, y, radius int
	level, light byte
	ink          int
}

// Screened says that part of a page is printed on a screen of dots, by which printers make gray.
func Screened(g *image.Gray) bool {
	n, all := 0, 0
	for row := range g.Rect.Dy() / screenCell {
		for column := row % screenStep; column < g.Rect.Dx()/screenCell; column += screenStep {
			all++
			if isScreen(dotsIn(g, column*screenCell, row*screenCell)) {
				n++
			}
		}
	}
	return n > 1 && float64(n) > leastScreened*float64(all)
}

// Unscreened is a copy without the dots of screens: in the place of each is what is around it. It is the picture itself where there are none.
func Unscreened(g *image.Gray) *image.Gray {
	var dots []dot
	across, down := g.Rect.Dx()/screenCell, g.Rect.Dy()/screenCell
	screened := make([]bool, across*down)
	for i := range screened {
		in := dotsIn(g, i%across*screenCell, i/across*screenCell)
		if screened[i] = isScreen(in); screened[i] && len(dots) < knownDots {
			dots = append(dots, in...)
		}
	}
	if len(dots) == 0 {
		return g
	}
	o := Crop(g, g.Rect)
	middle := middleDot(dots)
	each := func(do func(x, y int)) {
		for i := range screened {
			if near(screened, across, i) {
				do(i%across*screenCell, i/across*screenCell)
			}
		}
	}
	each(func(x, y int) {
		for _, d := range dotsIn(g, x, y) {
			if float64(d.ink) <= heavier*float64(middle.ink) {
				d.paint(o, 0)
			}
		}
	})
	each(func(x, y int) { middle.paintTouching(o, x, y) })
	return o
}

// middleDot has of each property what the middle one of the dots has.
func middleDot(dots []dot) dot {
	of := func(f func(dot) int) int {
		all := make([]int, len(dots))
		for i, d := range dots {
			all[i] = f(d)
		}
		slices.Sort(all)
		return all[len(all)/2]
	}
	return dot{radius: of(func(d dot) int { return d.radius }), level: byte(of(func(d dot) int { return int(d.level) })), light: byte(of(func(d dot) int { return int(d.light) })),
		ink: of(func(d dot) int { return d.ink })}
}

// paintTouching paints the dots of a square that stand at letters: what is as dark as a dot of the screen, lighter than letters, and light around for
// the greater part.
func (d dot) paintTouching(g *image.Gray, x0, y0 int) {
	w, h := g.Rect.Dx(), g.Rect.Dy()
	ink := int(d.level) - asDark
	for y := max(y0, dotRadius); y < min(y0+screenCell, h-dotRadius); y++ {
		for x := max(x0, dotRadius); x < min(x0+screenCell, w-dotRadius); x++ {
			v := int(g.Pix[y*g.Stride+x])
			if v < ink || v > int(d.level)+asDark || !darkest(g, x, y) {
				continue
			}
			if dark := darkAround(g, x, y, d.radius, byte((v+int(d.light))/2)); dark*touching <= 8*d.radius {
				dot{x: x, y: y, radius: d.radius - 1, light: d.light}.paint(g, byte(ink))
			}
		}
	}
}

// near says that a square is screened, or one beside it is.
func near(screened []bool, across, i int) bool {
	x, y, down := i%across, i/across, len(screened)/across
	for v := max(0, y-1); v <= min(down-1, y+1); v++ {
		for u := max(0, x-1); u <= min(across-1, x+1); u++ {
			if screened[v*across+u] {
				return true
			}
		}
	}
	return false
}

// isScreen says that the dots of a square are those of a screen.
func isScreen(dots []dot) bool {
	var n [screenBands]int
	for _, d := range dots {
		n[d.y%screenCell*screenBands/screenCell]++
	}
	full := 0
	for _, k := range n {
		if k >= bandDots {
			full++
		}
	}
	return full >= screenBands-1
}

// dotsIn are the dots in the square that begins at x0, y0.
func dotsIn(g *image.Gray, x0, y0 int) (out []dot) {
	w, h := g.Rect.Dx(), g.Rect.Dy()
	from, to := max(x0, dotRadius), min(x0+screenCell, w-dotRadius)
	for y := max(y0, dotRadius); y < min(y0+screenCell, h-dotRadius) && from < to; y++ {
		row := g.Pix[y*g.Stride+from-1 : y*g.Stride+to+1]
		for i := 1; i < len(row)-1; i++ {
			if v := row[i]; v > 255-dotContrast || row[i-1] <= v || row[i+1] < v { // nearly all, and each page is asked
				continue
			}
			if d, ok := dotAt(g, from+i-1, y); ok {
				out = append(out, d)
			}
		}
	}
	return out
}

// darkest says that no pixel beside x, y is darker.
func darkest(g *image.Gray, x, y int) bool {
	at := y*g.Stride + x
	v := g.Pix[at]
	return g.Pix[at-1] > v && g.Pix[at-g.Stride-1] > v && g.Pix[at-g.Stride] > v && g.Pix[at-g.Stride+1] > v &&
		g.Pix[at+1] >= v && g.Pix[at+g.Stride-1] >= v && g.Pix[at+g.Stride] >= v && g.Pix[at+g.Stride+1] >= v
}

// dotAt says whether a dot has its darkest pixel at x, y: all around it is at least half as light again as the ground.
func dotAt(g *image.Gray, x, y int) (dot, bool) {
	v := g.Pix[y*g.Stride+x]
	if v > 255-dotContrast || !darkest(g, x, y) {
		return dot{}, false
	}
	for r := 2; r <= dotRadius; r++ {
		lo, hi := ring(g, x, y, r)
		if light := int(hi); light-int(v) >= dotContrast && 2*int(lo) >= light+int(v) {
			return dot{x, y, r, v, hi, inkWithin(g, x, y, r, hi)}, true
		}
	}
	return dot{}, false
}

// ring are the darkest and the lightest level at distance r.
func ring(g *image.Gray, x, y, r int) (lo, hi byte) {
	lo = 255
	for k := -r; k <= r; k++ {
		a, b := g.Pix[(y-r)*g.Stride+x+k], g.Pix[(y+r)*g.Stride+x+k]
		c, d := g.Pix[(y+k)*g.Stride+x-r], g.Pix[(y+k)*g.Stride+x+r]
		lo, hi = min(lo, a, b, c, d), max(hi, a, b, c, d)
	}
	return lo, hi
}

func inkWithin(g *image.Gray, x, y, r int, light byte) (sum int) {
	for v := y - r + 1; v < y+r; v++ {
		for _, p := range g.Pix[v*g.Stride+x-r+1 : v*g.Stride+x+r] {
			sum += max(0, int(light)-int(p))
		}
	}
	return sum
}

// darkAround counts the pixels at distance r that are darker than level.
func darkAround(g *image.Gray, x, y, r int, level byte) (n int) {
	note := func(p byte) {
		if p < level {
			n++
		}
	}
	for k := -r; k < r; k++ {
		note(g.Pix[(y-r)*g.Stride+x+k])
		note(g.Pix[(y+r)*g.Stride+x+k+1])
		note(g.Pix[(y+k+1)*g.Stride+x-r])
		note(g.Pix[(y+k)*g.Stride+x+r])
	}
	return n
}

// paint puts the ground in the place of a dot, but for what is darker than ink.
func (d dot) paint(g *image.Gray, ink byte) {
	for y := d.y - d.radius; y <= d.y+d.radius; y++ {
		for x := d.x - d.radius; x <= d.x+d.radius; x++ {
			if at := y*g.Stride + x; g.Pix[at] >= ink {
				g.Pix[at] = max(g.Pix[at], d.light)
			}
		}
	}
}
