package raster

import "image"

// run is a stretch of ink in one row, and the connected component that it belongs to.
type run struct{ x0, x1, component int32 }

// LetterHeight is the median height in pixels of the connected components of a page that may be letters:
// about the height of an x. It is 0 for a page with too few of them to say.
func LetterHeight(g *image.Gray) int {
	m := connected(g)
	var hist [256]int
	n := 0
	for i := range m.top {
		h, w := m.bottom[i]-m.top[i]+1, m.right[i]-m.left[i]+1
		if m.parent[i] != int32(i) || h < 4 || h > 255 || w < 2 || w > 6*h || h > 6*w {
			continue
		}
		hist[h]++
		n++
	}
	if n < 40 {
		return 0
	}
	return median(hist[:], n)
}

// components holds the connected components found so far as a forest (union-find): one that met another points to it.
type components struct {
	parent                   []int32
	top, bottom, left, right []int32
}

func (m *components) add(r run, y int32) int32 {
	i := int32(len(m.parent))
	m.parent = append(m.parent, i)
	m.top, m.bottom = append(m.top, y), append(m.bottom, y)
	m.left, m.right = append(m.left, r.x0), append(m.right, r.x1)
	return i
}

func (m *components) root(i int32) int32 {
	for m.parent[i] != i {
		m.parent[i] = m.parent[m.parent[i]]
		i = m.parent[i]
	}
	return i
}

func (m *components) join(a, b int32) int32 {
	a, b = m.root(a), m.root(b)
	if a == b {
		return a
	}
	if a > b {
		a, b = b, a
	}
	m.parent[b] = a
	m.top[a], m.bottom[a] = min(m.top[a], m.top[b]), max(m.bottom[a], m.bottom[b])
	m.left[a], m.right[a] = min(m.left[a], m.left[b]), max(m.right[a], m.right[b])
	return a
}

// connected joins runs of ink that touch runs of the row above, corners included.
func connected(g *image.Gray) *components {
	m := &components{}
	level := threshold(g)
	w, h := g.Rect.Dx(), g.Rect.Dy()
	var above, row []run
	for y := range h {
		row = inkRuns(row[:0], g.Pix[y*g.Stride:y*g.Stride+w], level)
		j := 0
		for i := range row {
			r := &row[i]
			r.component = -1
			for j > 0 && (j == len(above) || above[j].x0 > r.x0) {
				j--
			}
			for ; j < len(above) && above[j].x0 <= r.x1+1; j++ {
				if above[j].x1+1 < r.x0 {
					continue
				}
				if r.component < 0 {
					r.component = m.root(above[j].component)
				} else {
					r.component = m.join(r.component, above[j].component)
				}
			}
			if r.component < 0 {
				r.component = m.add(*r, int32(y))
				continue
			}
			k := r.component
			m.bottom[k] = int32(y)
			m.left[k], m.right[k] = min(m.left[k], r.x0), max(m.right[k], r.x1)
		}
		above, row = row, above
	}
	return m
}

func inkRuns(out []run, row []byte, level byte) []run {
	start := int32(-1)
	for x, p := range row {
		switch {
		case p <= level && start < 0:
			start = int32(x)
		case p > level && start >= 0:
			out = append(out, run{x0: start, x1: int32(x) - 1})
			start = -1
		}
	}
	if start >= 0 {
		out = append(out, run{x0: start, x1: int32(len(row)) - 1})
	}
	return out
}
