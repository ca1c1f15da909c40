package layout

import (
	"cmp"
	"math"
	"slices"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/page/mupdf"
)

const (
	// gutterLines is the least number of lines that a gutter cuts.
	gutterLines = 6
	// gutterBins is in how many stripes of a page gutters are looked for.
	gutterBins = 250
	// gutterGap is the least space between two words, in sizes of type, that may be a gutter.
	gutterGap = 0.3
	// gutterMiss is what a line without a space there counts against one with it: text that runs across has few spaces below one another.
	gutterMiss = 5
	// gutterShare is the part of the lines whose right halves must begin below one another, gutterShift how exactly, in sizes of type.
	gutterShare, gutterShift = 0.6, 0.7
	// gutterSide is the least width of each side, in sizes of type.
	gutterSide = 6
	// gutterMost is the most gutters of a page.
	gutterMost = 3
)

// gutters cuts lines in two of which MuPDF made one across the gutter between two columns: text that recognition laid under the picture of a
// page is often drawn so, and columns stand close to each other. Spaces of running text do not stand below one another; a gutter is where they do
// in line after line, and where what follows begins below one another too.
func gutters(lines []mupdf.Line, width float64) []mupdf.Line {
	if width <= 0 {
		return lines
	}
	for range gutterMost {
		cut := gutterOf(lines, width)
		if cut == nil {
			break
		}
		lines = cutLines(lines, cut)
	}
	return lines
}

// spaceIn is a space within line at: its characters before n end at a, those from n on begin at b.
type spaceIn struct {
	at, n int
	a, b  float64
}

// gutterOf gives the spaces of the clearest gutter, at most one of each line; nil where there is none.
func gutterOf(lines []mupdf.Line, width float64) []spaceIn {
	bin := width / gutterBins
	var bins [gutterBins][]spaceIn
	for i, l := range lines {
		for _, s := range spacesOf(l, i) {
			for k := max(0, int(s.a/bin)); k <= int(s.b/bin) && k < gutterBins; k++ {
				if n := len(bins[k]); n == 0 || bins[k][n-1].at != i {
					bins[k] = append(bins[k], s)
				}
			}
		}
	}
	var best []spaceIn
	for k, open := range bins {
		if len(open) <= len(best) || len(open) < gutterLines {
			continue
		}
		if run := gutterRun(lines, open, (float64(k)+0.5)*bin); len(run) > len(best) && aligned(lines, run) {
			best = run
		}
	}
	return best
}

// spacesOf are the wide spaces of an upright line that leave enough on both sides.
func spacesOf(l mupdf.Line, at int) (out []spaceIn) {
	if l.DX < 0.999 || l.Vertical || l.Size <= 0 || l.X1-l.X0 < 2*gutterSide*l.Size || hasRTL(l) {
		return nil
	}
	off, last := l.X0-firstAt(l), -1
	for i, c := range l.Chars {
		if isSpace(c) {
			continue
		}
		if last >= 0 && i > last {
			a, b := off+l.Chars[last].B, off+c.A
			if b-a >= gutterGap*l.Size && a-l.X0 >= gutterSide*l.Size && l.X1-b >= gutterSide*l.Size {
				out = append(out, spaceIn{at, i, a, b})
			}
		}
		last = i
	}
	return out
}

// firstAt is where the line's characters begin, as they count.
func firstAt(l mupdf.Line) float64 {
	x := math.Inf(1)
	for _, c := range l.Chars {
		x = math.Min(x, c.A)
	}
	return x
}

// gutterRun are the spaces of the longest part of the page, from top to bottom, in which nearly all lines that reach across x have one there.
func gutterRun(lines []mupdf.Line, open []spaceIn, x float64) []spaceIn {
	type across struct {
		base float64
		at   int // in open, -1: no space
	}
	var all []across
	next := 0
	for i, l := range lines {
		switch {
		case next < len(open) && open[next].at == i:
			all = append(all, across{l.Base, next})
			next++
		case l.DX > 0.999 && l.X0 < x-l.Size && l.X1 > x+l.Size:
			all = append(all, across{l.Base, -1})
		}
	}
	slices.SortStableFunc(all, func(a, b across) int { return cmp.Compare(a.base, b.base) })
	from, sum, most, a, b := 0, 0, 0, 0, 0
	for i, c := range all {
		if c.at < 0 {
			sum -= gutterMiss
		} else {
			sum++
		}
		if sum <= 0 {
			from, sum = i+1, 0
		} else if sum > most {
			most, a, b = sum, from, i+1
		}
	}
	if most < gutterLines {
		return nil
	}
	var out []spaceIn
	for _, c := range all[a:b] {
		if c.at >= 0 {
			out = append(out, open[c.at])
		}
	}
	slices.SortFunc(out, func(a, b spaceIn) int { return cmp.Compare(a.at, b.at) })
	return out
}

// aligned says that what follows the spaces begins below one another, in most lines.
func aligned(lines []mupdf.Line, run []spaceIn) bool {
	starts := make([]float64, 0, len(run))
	size := 0.0
	for _, s := range run {
		starts = append(starts, s.b)
		size += lines[s.at].Size / float64(len(run))
	}
	slices.Sort(starts)
	best, from := 0, 0
	for i, x := range starts {
		for x-starts[from] > gutterShift*size {
			from++
		}
		best = max(best, i-from+1)
	}
	return float64(best) >= gutterShare*float64(len(run))
}

// cutLines cuts lines at their space.
func cutLines(lines []mupdf.Line, cut []spaceIn) []mupdf.Line {
	out := make([]mupdf.Line, 0, len(lines)+len(cut))
	for i, l := range lines {
		if len(cut) == 0 || cut[0].at != i {
			out = append(out, l)
			continue
		}
		left, right := l, l
		left.Chars, right.Chars = l.Chars[:cut[0].n:cut[0].n], l.Chars[cut[0].n:]
		left.X1, right.X0 = cut[0].a, cut[0].b
		out, cut = append(out, left, right), cut[1:]
	}
	return out
}
