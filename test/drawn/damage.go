package drawn

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"math"
	"math/rand/v2"
	"strings"
)

// damaged are kinds of pages that something has happened to on the way from the printer to the picture.
func (t Type) damaged() []Kind {
	of := func(name, meaning string, draw func(c *canvas, id string) Page) Kind {
		return Kind{name, meaning, false, func(id string, seed uint64) Page {
			return draw(newCanvas(rand.New(rand.NewPCG(seed, 15)), t, 1654, 1000), id)
		}}
	}
	// after is running text that was changed when it was printed.
	after := func(name, meaning string, change func(c *canvas)) Kind {
		return of(name, meaning, func(c *canvas, id string) Page {
			c.text(130, 1520)
			change(c)
			return c.scanned(id)
		})
	}
	list := []Kind{
		after("holes", "punched holes, a staple", (*canvas).holes),
		after("bleeding", "the other side shows through", (*canvas).bleeding),
		after("stamped", "a stamp over the text", (*canvas).stamped),
		after("highlighted", "words marked with a broad pen", (*canvas).highlighted),
		after("marked", "a watermark behind the text", (*canvas).watermark),
		after("folded", "creases across the page", (*canvas).folded),
		after("worn-ribbon", "little ink, with streaks", (*canvas).streaked),
		after("fax", "100 or 75 dpi, black and white", func(c *canvas) { c.Gray = faxed(c) }),
		of("jpeg", "strongly packed", func(c *canvas, id string) Page {
			c.text(130, 1520)
			p := c.scanned(id)
			p.Image = packed(p.Image, 10+c.r.IntN(11))
			return p
		}),
		after("wedges", "straightened by the scanner, which left black wedges and cut corners", (*canvas).wedges),
		after("finger", "a finger on the page, and its shadow", (*canvas).finger),
		after("gutter", "a page of a thick book", (*canvas).bound),
		of("spread", "two pages in one picture", (*canvas).spread),
		of("photograph", "on a table, askew, in uneven light", func(c *canvas, id string) Page {
			c.text(130, 1520)
			return c.photographed(id)
		}),
		of("slip-photograph", "a receipt on a dark table", func(c *canvas, id string) Page {
			c.slip()
			return c.photographed(id)
		}),
		after("brown", "paper that is brown", (*canvas).brown),
		of("bars", "headings on coloured bars", (*canvas).bars),
		of("ticked", "ticks beside and across print", (*canvas).ticked),
		of("ruled-paper", "typed on ruled paper", (*canvas).typed),
		of("card", "a small card on a large glass", (*canvas).card),
	}
	for i := range list {
		list[i].Tables = list[i].Name == "slip-photograph"
	}
	return list
}

// some is a number from low to high.
func (c *canvas) some(low, high float64) float64 { return low + (high-low)*c.r.Float64() }

// text sets running text between left and right down to the foot of the page.
func (c *canvas) text(left, right int) {
	points := c.points(c.r, 10, 8, 12)
	step := int(points * DPI / 72 * 1.3)
	c.prose(c.regular(points), left, 160, right, step, (c.Rect.Max.Y-250)/step)
}

// darken multiplies the levels of a page by what f gives, 1 for no change.
func (c *canvas) darken(f func(x, y float64) float64) {
	c.Gray = each(c.Gray, func(x, y int, v float64) float64 { return v * f(float64(x), float64(y)) })
}

// smooth is 0 before 0, 1 from 1 on, and even between.
func smooth(v float64) float64 {
	v = math.Max(0, math.Min(1, v))
	return v * v * (3 - 2*v)
}

func (c *canvas) holes() {
	for _, y := range []float64{300, 720} {
		x, r := c.some(35, 75), c.some(20, 26)
		ink := c.some(0.02, 0.3)
		c.darken(func(u, v float64) float64 { return ink + (1-ink)*smooth(math.Hypot(u-x, v-y)-r) })
	}
	x, y, turn := c.some(60, 130), c.some(50, 110), c.some(0.3, 1.2)
	c.stroke([]point{{x, y}, {x + 70*math.Cos(turn), y + 70*math.Sin(turn)}}, 4, 60)
}

// stroke draws a line of so many pixels through points.
func (c *canvas) stroke(way []point, wide, level float64) {
	for i := 1; i < len(way); i++ {
		a, b := way[i-1], way[i]
		n := int(2 * math.Hypot(b.x-a.x, b.y-a.y))
		for k := 0; k <= n; k++ {
			s := float64(k) / float64(max(1, n))
			x, y := a.x+(b.x-a.x)*s, a.y+(b.y-a.y)*s
			for v := int(y - wide); v <= int(y+wide); v++ {
				for u := int(x - wide); u <= int(x+wide); u++ {
					if (image.Point{X: u, Y: v}).In(c.Rect) && math.Hypot(float64(u)-x, float64(v)-y) <= wide/2 {
						c.Pix[v*c.Stride+u] = min(c.Pix[v*c.Stride+u], byte(level))
					}
				}
			}
		}
	}
}

func (c *canvas) bleeding() {
	other := newCanvas(c.r, c.Type, c.Rect.Dx(), c.Rect.Dy())
	other.text(130, 1520)
	back, w, depth := soften(other.Gray), float64(c.Rect.Dx()), c.some(0.15, 0.42)
	c.darken(func(x, y float64) float64 { return 1 - depth*(1-float64(back.Pix[int(y)*c.Stride+int(w-1-x)])/255) })
}

// turned multiplies another page, turned about its middle, into this one with its middle at x, y; its ink gets a part depth of its darkness.
func (c *canvas) turned(o *canvas, x, y, angle, depth float64) {
	sin, cos := math.Sincos(angle)
	mx, my := float64(o.Rect.Dx())/2, float64(o.Rect.Dy())/2
	layer := moved(o.Gray, c.Rect.Dx(), c.Rect.Dy(), func(u, v float64) (float64, float64) {
		u, v = u-x, v-y
		return u*cos + v*sin + mx, v*cos - u*sin + my
	}, func(int, int) float64 { return 255 })
	c.darken(func(u, v float64) float64 { return 1 - depth*(1-float64(layer.Pix[int(v)*layer.Stride+int(u)])/255) })
}

func (c *canvas) stamped() {
	o := newCanvas(c.r, c.Type, 560, 200)
	for i := range 2 {
		d := 6 + 14*i
		for _, r := range []image.Rectangle{image.Rect(d, d, 560-d, d+5), image.Rect(d, 195-d, 560-d, 200-d), image.Rect(d, d, d+5, 200-d), image.Rect(555-d, d, 560-d, 200-d)} {
			o.fill(r, 20)
		}
	}
	word := pick(c.r, []string{"RECEIVED", "APPROVED", "COPY", "PAID"})
	o.print(o.bold(26), 280-width(o.bold(26), word)/2, 110, word, 20)
	o.print(o.regular(11), 190, 160, fmt.Sprintf("%02d MAR 2019", 1+c.r.IntN(28)), 20)
	c.turned(o, c.some(500, 1150), c.some(300, 700), c.some(-0.5, 0.5), c.some(0.35, 0.7))
}

func (c *canvas) highlighted() {
	shine := c.some(0.55, 0.9)
	for range 7 {
		x, y, wide := c.some(130, 1000), c.some(150, 850), c.some(150, 520)
		c.darken(func(u, v float64) float64 {
			if u < x || u > x+wide || v < y+3*math.Sin(u/90) || v > y+38+3*math.Sin(u/70) {
				return 1
			}
			return shine
		})
	}
}

func (c *canvas) watermark() {
	o := newCanvas(c.r, c.Type, 1500, 420)
	word := pick(c.r, []string{"DRAFT", "COPY", "SPECIMEN"})
	f := o.bold(90)
	o.print(f, 750-width(f, word)/2, 310, word, 20)
	c.turned(o, 827, 500, -c.some(0.5, 0.8), c.some(0.1, 0.4))
}

func (c *canvas) folded() {
	for _, y := range []float64{c.some(300, 370), c.some(640, 710)} {
		dark, lean := c.some(0.3, 0.75), c.some(-0.02, 0.02)
		c.darken(func(u, v float64) float64 {
			d := v - y - lean*u
			return 1 - (1-dark)*math.Exp(-d*d/6) - 0.25*math.Exp(-math.Abs(d)/60)*smooth(d/10)
		})
	}
}

func (c *canvas) streaked() {
	ink, wave := c.some(0.3, 0.6), c.some(20, 60)
	at := c.some(0, 6)
	c.Gray = each(c.Gray, func(x, y int, v float64) float64 {
		strength := ink * (0.7 + 0.3*math.Sin(float64(y)/wave+at+math.Sin(float64(x)/211)))
		if c.r.Float64() < 0.12 {
			strength *= 0.3
		}
		return 255 - strength*(255-v)
	})
}

// faxed is half or three eighths as large, in black and white, as large as it was.
func faxed(c *canvas) *image.Gray {
	k := 2 + 2/3.0*float64(c.r.IntN(2))
	small := moved(soften(c.Gray), int(float64(c.Rect.Dx())/k), int(float64(c.Rect.Dy())/k), func(x, y float64) (float64, float64) { return x*k + k/2, y*k + k/2 },
		func(int, int) float64 { return 255 })
	return each(small, func(_, _ int, v float64) float64 {
		if v+8*c.r.NormFloat64() < 150 {
			return 0
		}
		return 255
	})
}

// packed is a page as JPEG of that quality gives it back.
func packed(g *image.Gray, quality int) *image.Gray {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, g, &jpeg.Options{Quality: quality}); err != nil {
		panic(err)
	}
	out, err := jpeg.Decode(&b)
	if err != nil {
		panic(err)
	}
	return out.(*image.Gray)
}

func (c *canvas) wedges() {
	angle := c.some(0.02, 0.06)
	if c.r.IntN(2) == 0 {
		angle = -angle
	}
	sin, cos := math.Sincos(angle)
	cut, black := c.some(0, 50), c.some(0, 40)
	w, h := c.Rect.Dx(), c.Rect.Dy()
	mx, my := float64(w)/2, float64(h)/2
	// What the scanner saw was askew and larger than the page, black beside it; it was turned until the page was straight, and cut.
	c.Gray = moved(c.Gray, w-int(cut), h, func(x, y float64) (float64, float64) {
		if u, v := (x-mx)*cos+(y-my)*sin+mx, (y-my)*cos-(x-mx)*sin+my; u < 0 || v < 0 || u > 2*mx || v > 2*my {
			return -1, -1
		}
		return x, y
	}, func(int, int) float64 { return black })
}

func (c *canvas) finger() {
	right := c.r.IntN(2) == 0
	x, y, skin := c.some(-30, 20), c.some(250, 750), c.some(0.25, 0.55)
	if right {
		x = float64(c.Rect.Dx()) - x
	}
	c.darken(func(u, v float64) float64 {
		d := math.Hypot((u-x)/110, (v-y)/75)
		return (1 - (1-skin)*(1-smooth((d-1)*18))) * (1 - 0.45*math.Exp(-math.Max(0, d-1)*1.5))
	})
}

func (c *canvas) bound() {
	w, h := c.Rect.Dx(), c.Rect.Dy()
	rise, reach, deep := c.some(25, 70), c.some(120, 260), c.some(0.3, 0.75)
	lean := c.some(0.3, 1) // how much the curve differs from top to bottom
	c.Gray = moved(c.Gray, w, h, func(x, y float64) (float64, float64) {
		d := math.Exp(-(float64(w) - x) / reach)
		side := 1 - 2*lean*y/float64(h) // lines near the top bend up, near the bottom down
		return x + d*40, y + rise*d*side
	}, func(int, int) float64 { return 120 })
	c.darken(func(x, _ float64) float64 { return 1 - deep*math.Exp(-(float64(w)-x)/(reach*0.5)) })
}

func (c *canvas) spread(id string) Page {
	o := newCanvas(c.r, c.Type, 2700, 1000)
	points := c.points(c.r, 10, 8, 11)
	step := int(points * DPI / 72 * 1.3)
	f := c.regular(points)
	o.prose(f, 130, 160, 1250, step, 700/step)
	o.prose(f, 1450, 160, 2570, step, 700/step)
	deep, reach := c.some(0.1, 0.7), c.some(20, 80)
	o.darken(func(x, _ float64) float64 { return 1 - deep*math.Exp(-math.Abs(x-1350)/reach) })
	return o.scanned(id)
}

// photographed is a page on a table, seen a little from the side.
func (c *canvas) photographed(id string) Page {
	w, h := float64(c.Rect.Dx()), float64(c.Rect.Dy())
	m := c.some(60, 220)
	at := func(x, y float64) point { return point{x + c.some(-0.6, 0.6)*m, y + c.some(-0.6, 0.6)*m} }
	corners := [4]point{at(m, m), at(m+w, m), at(m+w, m+h), at(m, m+h)}
	table, grain := c.some(20, 150), c.some(4, 14)
	p := c.scanned(id)
	p.DPI = 0
	p.Image = moved(p.Image, int(w+2*m), int(h+2*m), onto(corners, w, h), func(x, y int) float64 {
		return table + grain*math.Sin(float64(y)/7+2*math.Sin(float64(x)/90)) + grain/2*c.r.NormFloat64()
	})
	angle, fall := c.some(0, 6.3), c.some(0.2, 0.6)
	sin, cos := math.Sincos(angle)
	p.Image = each(soften(p.Image), func(x, y int, v float64) float64 {
		d := ((float64(x)-w/2)*cos + (float64(y)-h/2)*sin) / (w + h)
		return (20+0.85*v)*(1-fall*(0.5+d)) + 2.5*c.r.NormFloat64()
	})
	return p
}

// slip makes the page a narrow receipt.
func (c *canvas) slip() {
	c.Gray = image.NewGray(image.Rect(0, 0, 620, 900))
	c.fill(c.Rect, 255)
	f := c.mono(c.points(c.r, 8.5, 7, 9.5))
	title := strings.ToUpper(pick(c.r, places)) + " MARKET"
	c.print(c.bold(13), 310-width(c.bold(13), title)/2, 90, title, 20)
	c.lines = append(c.lines, Line{title})
	for y := 160; y < 840; y += 36 {
		name, price := pick(c.r, things)+" "+pick(c.r, things), fmt.Sprintf("%d.%02d", c.r.IntN(90), c.r.IntN(100))
		c.print(f, 40, y, name, 20)
		c.print(f, 580-width(f, price), y, price, 20)
		c.lines = append(c.lines, Line{name, price})
	}
}

func (c *canvas) brown() {
	ground, a, b := c.some(0.42, 0.7), c.some(80, 200), c.some(90, 260)
	ink := c.some(20, 55)
	c.Gray = each(c.Gray, func(x, y int, v float64) float64 {
		paper := ground * (1 + 0.12*math.Sin(float64(x)/a)*math.Cos(float64(y)/b))
		return (ink+v*(255-ink)/255)*paper + 4*c.r.NormFloat64()
	})
}

// bars has headings in white on coloured bars, of any shade.
func (c *canvas) bars(id string) Page {
	points := c.points(c.r, 10, 8, 11)
	step := int(points * DPI / 72 * 1.3)
	f, strong := c.regular(points), c.bold(points+2)
	for y := 120; y < 780; {
		ground := between(c.r, 30, 165)
		c.fill(image.Rect(110, y, 1540, y+2*step), ground)
		head := pick(c.r, heads) + " " + pick(c.r, things) + " " + pick(c.r, places)
		c.print(strong, 140, y+step*13/10, head, 250)
		c.lines = append(c.lines, Line{head})
		y = c.prose(f, 130, y+3*step+10, 1520, step, 3+c.r.IntN(4)) + 10
	}
	return c.scanned(id)
}

// ticked is a form whose boxes have been ticked by hand, some of them beyond their box, and a line crossed out.
func (c *canvas) ticked(id string) Page {
	points := c.points(c.r, 10, 8, 11)
	f := c.regular(points)
	for y := 160; y < 900; y += 56 {
		s := pick(c.r, heads) + " of " + pick(c.r, things) + " " + pick(c.r, states) + " at " + pick(c.r, places)
		c.print(f, 210, y, s, 20)
		c.lines = append(c.lines, Line{s})
		c.frame(image.Rect(150, y-26, 176, y))
		x, v := 152+c.some(-4, 6), float64(y)-12
		if c.r.IntN(2) == 0 {
			c.stroke([]point{{x, v}, {x + 9, v + 12}, {x + 16, v - 4}, {x + c.some(28, 60), v - c.some(20, 40)}}, 4, 70)
		}
	}
	return c.scanned(id)
}

// typed is what a typewriter writes on ruled paper: letters of one width, not all on one line nor of one strength.
func (c *canvas) typed(id string) Page {
	points := c.points(c.r, 10, 9, 11)
	f := c.mono(points)
	each := width(f, "n")
	rule := between(c.r, 120, 200)
	for y := 160; y < 900; y += 48 {
		c.fill(image.Rect(60, y+8, 1600, y+10), rule)
		s := ""
		for each*(len(s)+14) < 1380 {
			s = strings.TrimSpace(s + " " + pick(c.r, common))
		}
		for i, l := range s {
			c.print(f, 130+each*i, y+c.r.IntN(5)-2, string(l), between(c.r, 20, 110))
		}
		c.lines = append(c.lines, Line{s})
	}
	return c.scanned(id)
}

// card is one with few words on a glass for large pages.
func (c *canvas) card(id string) Page {
	x, y := 200+c.r.IntN(700), 150+c.r.IntN(400)
	c.fill(c.Rect, between(c.r, 225, 255))
	c.fill(image.Rect(x, y, x+670, y+390), between(c.r, 235, 255))
	c.fill(image.Rect(x, y+388, x+670, y+392), 190)
	for i := range 5 {
		s := pick(c.r, places) + " " + pick(c.r, things) + " " + pick(c.r, states)
		if i == 4 {
			s = fmt.Sprintf("Tel %d %d", 1000+c.r.IntN(9000), 100000+c.r.IntN(900000))
		}
		c.print(c.regular(c.points(c.r, 9, 7, 10)), x+50, y+110+50*i, s, 20)
		c.lines = append(c.lines, Line{s})
	}
	return c.scanned(id)
}
