package raster

import (
	"image"
	"slices"
)

const (
	// least and most are the heights in pixels that a word or a letter has in a picture which is looked at for rows of them.
	leastMark, mostMark = 5, 90
	// rowMarks is how many marks side by side are a row.
	rowMarks = 4
)

// box is a connected component.
type box struct{ left, right, top, bottom int32 }

func (b box) height() int32 { return b.bottom - b.top + 1 }

// Rows counts the marks that stand in rows as words and letters do: of about the same height, on one base line, close to each other. A
// page of text has hundreds, leaves and bricks next to none. Ink is dark, and rows run across.
func Rows(g *image.Gray) int {
	marks := marksOf(g)
	slices.SortFunc(marks, func(a, b box) int { return int(a.left - b.left) })
	used := make([]bool, len(marks))
	n := 0
	for i := range marks {
		if used[i] {
			continue
		}
		row := rowFrom(marks, used, i)
		if len(row) < rowMarks || !level(marks, row) {
			continue
		}
		for _, k := range row {
			used[k] = true
		}
		n += len(row)
	}
	return n
}

// marksOf are the components that may be a letter or a word.
func marksOf(g *image.Gray) []box {
	m := connected(g)
	var out []box
	for i := range m.top {
		b := box{m.left[i], m.right[i], m.top[i], m.bottom[i]}
		h, w := b.height(), b.right-b.left+1
		if m.parent[i] == int32(i) && h >= leastMark && h <= mostMark && w >= 2 && w <= 12*h && h <= 6*w {
			out = append(out, b)
		}
	}
	return out
}

// rowFrom follows the marks to the right of one, each the nearest that could be its neighbour in a row.
func rowFrom(marks []box, used []bool, i int) []int {
	row := []int{i}
	for at := i; ; {
		next := -1
		a := marks[at]
		for k := at + 1; k < len(marks) && marks[k].left <= a.right+2*a.height(); k++ {
			if !used[k] && neighbours(a, marks[k]) {
				next = k
				break
			}
		}
		if next < 0 {
			return row
		}
		row, at = append(row, next), next
	}
}

// neighbours says that b may follow a in a row: to its right and not within it, nearly as high, at nearly the same place.
func neighbours(a, b box) bool {
	ha, hb := a.height(), b.height()
	if b.left < a.right-ha/4 || hb > 2*ha || ha > 2*hb {
		return false
	}
	return min(a.bottom, b.bottom)-max(a.top, b.top)+1 >= 6*min(ha, hb)/10
}

// level says that the marks of a row stand on one line, which may lean: most of them end where the line through the first and the
// last of them runs, and most are about as high as the middle one.
func level(marks []box, row []int) bool {
	heights := make([]int32, len(row))
	for i, k := range row {
		heights[i] = marks[k].height()
	}
	slices.Sort(heights)
	h := heights[len(heights)/2]
	even, on := 0, 0
	first, last := marks[row[0]], marks[row[len(row)-1]]
	for _, k := range row {
		b := marks[k]
		if d := b.height() - h; max(d, -d) <= max(1, h*35/100) {
			even++
		}
		base := first.bottom
		if last.left > first.left {
			base += (last.bottom - first.bottom) * (b.left - first.left) / (last.left - first.left)
		}
		if d := b.bottom - base; max(d, -d) <= max(1, h/4) {
			on++
		}
	}
	return 4*even >= 3*len(row) && 3*on >= 2*len(row)
}
