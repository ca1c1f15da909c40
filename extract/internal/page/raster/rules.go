package raster

import (
	"cmp"
	"image"
	"slices"
)

// Rule is a line drawn across or down a page, in pixels; X1 and Y1 lie within it.
type Rule struct{ X0, Y0, X1, Y1 int }

const (
	// thickRule is the most that a rule is thick, in pixels: more is a bar or a picture.
	thickRule = 10
	// manyRules bounds how many pieces of rules a page may have; more are a picture or a drawing, and nothing is said of it.
	manyRules = 20_000
)

// Rules are the straight lines of least pixels and more that are drawn across and down an upright page, and the edges of dark bars. Letters
// have no strokes so long.
func Rules(g *image.Gray, least int) (across, down []Rule) {
	ink := threshold(g)
	if !anyAcross(g, ink, least) {
		return nil, nil // most pages
	}
	across, down = runsDown(transposed(g), ink, least), runsDown(g, ink, least)
	if len(across) > manyRules || len(down) > manyRules {
		return nil, nil
	}
	for i, r := range down {
		down[i] = r.flipped()
	}
	for i, r := range across {
		across[i] = r.flipped()
	}
	across, down = joined(across), joined(down)
	for i, r := range down {
		down[i] = r.flipped()
	}
	return across, down
}

func (r Rule) flipped() Rule { return Rule{r.Y0, r.X0, r.Y1, r.X1} }

func transposed(g *image.Gray) *image.Gray {
	w, h := g.Rect.Dx(), g.Rect.Dy()
	out := NewGray(image.Rect(0, 0, h, w))
	for y := range h {
		for x, p := range g.Pix[y*g.Stride : y*g.Stride+w] {
			out.Pix[x*h+y] = p
		}
	}
	return out
}

// anyAcross says that a row has a run of ink of least pixels.
func anyAcross(g *image.Gray, ink byte, least int) bool {
	w := g.Rect.Dx()
	for y := range g.Rect.Dy() {
		n := 0
		for _, p := range g.Pix[y*g.Stride : y*g.Stride+w] {
			if p > ink {
				n = 0
			} else if n++; n == least {
				return true
			}
		}
	}
	return false
}

// edgePixels are those at the ends of a run that are its edges.
const edgePixels = 3

// runsDown are the runs down a column of ink that is thin or the edge of a bar; they pass what crosses them.
func runsDown(g *image.Gray, ink byte, least int) (out []Rule) {
	w, h := g.Rect.Dx(), g.Rect.Dy()
	began, last := make([]int, w), make([]int, w) // rows that a column's run began at and goes to, and one more; 0: it has none
	end := func(x int) {
		if began[x] > 0 && last[x]-began[x]+1 >= least {
			out = append(out, Rule{x, began[x] - 1, x, last[x] - 1})
		}
		began[x] = 0
	}
	for y := 0; y < h && len(out) <= manyRules; y++ {
		row := g.Pix[y*g.Stride : y*g.Stride+w]
		for x := 0; x < w; {
			if row[x] > ink {
				if began[x] > 0 {
					end(x)
				}
				x++
				continue
			}
			to := x
			for to < w && row[to] <= ink {
				to++
			}
			for i := x; i < to; i++ {
				switch {
				case to-x <= thickRule || i-x < edgePixels || to-i <= edgePixels:
					if began[i] == 0 {
						began[i] = y + 1
					}
					last[i] = y + 1
				case began[i] > 0 && y+1-last[i] > thickRule:
					end(i)
				}
			}
			x = to
		}
	}
	for x := range w {
		end(x)
	}
	return out
}

// joined puts runs across together that lie on each other or go on in each other, and leaves out what is too thick for a rule.
func joined(runs []Rule) (out []Rule) {
	const apart, gap = 2, 6
	slices.SortFunc(runs, func(a, b Rule) int { return cmp.Or(cmp.Compare(a.Y0, b.Y0), cmp.Compare(a.X0, b.X0)) })
	first := 0
	for _, r := range runs {
		for first < len(out) && out[first].Y1+apart < r.Y0 && first+64 < len(out) {
			first++ // far above; a few more are looked at, which ended at different heights
		}
		at := -1
		for i := first; i < len(out); i++ {
			if out[i].Y1+apart >= r.Y0 && out[i].X0 <= r.X1+gap && r.X0 <= out[i].X1+gap {
				at = i
				break
			}
		}
		if at < 0 {
			out = append(out, r)
			continue
		}
		o := &out[at]
		o.X0, o.X1, o.Y1 = min(o.X0, r.X0), max(o.X1, r.X1), max(o.Y1, r.Y1)
	}
	return slices.DeleteFunc(out, func(r Rule) bool { return r.Y1-r.Y0 >= max(thickRule, (r.X1-r.X0)/60) })
}
