package raster

import (
	"image"
	"math"
	"slices"
)

const (
	// leastBend is the change of slope from the upper part of a page to its lower part, in degrees, that reading notices.
	leastBend = 0.7
	// mostBend is by how much the slope of a part may differ from that of the whole page.
	mostBend = 5.0
	// bandPoints is how many points of a part tell its slope.
	bandPoints = 5000
	// mostStray is how far the middle of a page may lean from halfway between both.
	mostStray = 0.4
	// leastGain is how much sharper the rows must be than under one slope for the whole page.
	leastGain = 1.1
	// leastText is the part of the page's height that its text must reach over to show a bend.
	leastText = 0.2
)

// Skew estimates by how many degrees the text lines lean (positive: they rise to the right) in the middle
// of a page, and by how many more at its bottom edge than at its top: 0 but for pages that were
// photographed askew. ok is false when no angle stands out.
func Skew(g *image.Gray) (skew, bend float64, ok bool) {
	pts, w, h := inkPoints(g)
	if top, bottom, bent := bendOf(pts, w, h); bent {
		return (top + bottom) / 2, bottom - top, true
	}
	skew, ok = skewAngle(pts, w, h)
	return skew, 0, ok
}

// bendOf says by how many degrees lines lean at the top edge and at the bottom edge of a page whose slope
// changes evenly on the way down. ok is false when it does not.
func bendOf(pts [][2]int16, w, h int) (top, bottom float64, ok bool) {
	pts = noEdges(pts)
	if len(pts) < 1000 {
		return 0, 0, false
	}
	// The points come row by row; the outermost are dust and the edges of the page.
	from, to := float64(pts[len(pts)/20][1]), float64(pts[len(pts)-1-len(pts)/20][1])
	if to-from < leastText*float64(h) {
		return 0, 0, false
	}
	even, _, ok := sharpest(thin(pts, bandPoints), w, h, 0, 12)
	if !ok {
		return 0, 0, false
	}
	var slope [3]float64
	bent, straight := 0.0, 0.0
	for i := range slope {
		// Bands of two fifths, which lie around a fifth, the middle and four fifths of the text.
		y := from + (to-from)*float64(i)*0.3
		band := thin(rowsOf(pts, int16(y), int16(y+(to-from)*0.4)), bandPoints)
		var sharp float64
		if slope[i], sharp, ok = sharpest(band, w, h, even, mostBend); !ok {
			return 0, 0, false
		}
		bent, straight = bent+sharp, straight+profile(band, w, h, even)
	}
	if math.Abs(slope[2]-slope[0]) < leastBend || math.Abs(slope[1]-(slope[0]+slope[2])/2) > mostStray || bent < leastGain*straight {
		return 0, 0, false
	}
	perRow := (slope[2] - slope[0]) / (0.6 * (to - from))
	top = (slope[0]+slope[1]+slope[2])/3 - perRow*(from+to)/2
	return top, top + perRow*float64(h), true
}

// longEdge is how many points side by side are the edge of a page or a rule: letters have shorter ones.
const longEdge = 16

// noEdges leaves out points that stand in long runs.
func noEdges(pts [][2]int16) [][2]int16 {
	var out [][2]int16
	for i := 0; i < len(pts); {
		end := i + 1
		for end < len(pts) && pts[end][1] == pts[i][1] && pts[end][0] == pts[end-1][0]+1 {
			end++
		}
		if end-i <= longEdge {
			out = append(out, pts[i:end]...)
		}
		i = end
	}
	return out
}

// rowsOf are the points from row y0 to row y1.
func rowsOf(pts [][2]int16, y0, y1 int16) [][2]int16 {
	at := func(y int16) int {
		i, _ := slices.BinarySearchFunc(pts, y, func(p [2]int16, y int16) int { return int(p[1]) - int(y) })
		return i
	}
	return pts[at(y0):at(y1)]
}

// Unbend moves each column of a page up or down so that lines which lean so at its top and its bottom edge become level,
// bilinear, white outside.
func Unbend(g *image.Gray, top, bottom float64) *image.Gray {
	w, h := g.Rect.Dx(), g.Rect.Dy()
	o := NewGray(image.Rect(0, 0, w, h))
	for y := range h {
		slope := math.Tan((top + (bottom-top)*float64(y)/float64(h)) * math.Pi / 180)
		at := float64(y) + float64(w)/2*slope
		row := o.Pix[y*w : (y+1)*w]
		for x := range row {
			iy := int(math.Floor(at))
			if iy < 0 || iy >= h-1 {
				row[x] = 255
			} else {
				part := uint32((at - float64(iy)) * 256)
				p, q := uint32(g.Pix[iy*g.Stride+x]), uint32(g.Pix[(iy+1)*g.Stride+x])
				row[x] = byte((p*(256-part) + q*part) >> 8)
			}
			at -= slope
		}
	}
	return o
}
