package layout

import (
	"math"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/page/mupdf"
)

const (
	// framesMost is the most pieces that are drawn before the page's own text: frames, labels of figures. They are fewer than its own.
	framesMost = 80
	// frameGap is how far apart, in sizes of type, the lines of one frame are at most.
	frameGap = 2.2
	// shortLine is how much shorter than its neighbours, in sizes of type, the last line of a paragraph is.
	shortLine = 3
)

// frames puts what a producer draws before the text of a page (text frames, side notes, captions: LibreOffice does so with all of them) where it stands:
// behind the paragraph above it or beside it. It is told by the drawing's going back from there to the top of the page.
func frames(rows []row) []row {
	k := drawnFirst(rows)
	if k == 0 {
		return rows
	}
	rest := rows[k:]
	behind := make([][]row, len(rest))
	for _, frame := range framesOf(rows[:k]) {
		i := standsBehind(frame, rest)
		behind[i] = append(behind[i], frame...)
	}
	out := make([]row, 0, len(rows))
	for i, r := range rest {
		out = append(append(out, r), behind[i]...)
	}
	return out
}

// drawnFirst is how many first pieces stand below the one at which the drawing of the page's text begins, which is the highest of all.
func drawnFirst(rows []row) int {
	top := highest(rows)
	for k := 1; k < len(rows) && k <= framesMost && len(rows)-k >= k+edgeRest; k++ {
		r := rows[k]
		if r.vertical || rows[k-1].vertical {
			return 0
		}
		if r.base-0.5*r.size <= top {
			if highest(rows[:k]) > r.base+r.size {
				return k
			}
			return 0
		}
	}
	return 0
}

// framesOf parts pieces into those that stand together.
func framesOf(rows []row) (out [][]row) {
	for i := 0; i < len(rows); {
		j := i + 1
		for j < len(rows) && (rows[j].block == rows[j-1].block || math.Abs(rows[j].base-rows[j-1].base) <= frameGap*rows[j].size && rows[j].x0 < rows[j-1].x1+rows[j].size && rows[j-1].x0 < rows[j].x1+rows[j].size) {
			j++
		}
		out = append(out, rows[i:j])
		i = j
	}
	return out
}

// standsBehind is the piece of the text behind which a frame is read: the last one of the paragraph that ends right above it, or else beside whose
// lines it begins.
func standsBehind(frame, rest []row) int {
	top, x0, x1 := highest(frame), math.Inf(1), math.Inf(-1)
	for _, r := range frame {
		x0, x1 = min(x0, r.x0), max(x1, r.x1)
	}
	above, beside := -1, -1
	for i, r := range rest {
		if r.vertical || r.base-0.5*r.size > top+0.5*r.size {
			continue
		}
		if beside < 0 || r.base >= rest[beside].base {
			beside = i
		}
		if r.x0 < x1 && x0 < r.x1 && (above < 0 || r.base >= rest[above].base) {
			above = i
		}
	}
	at := max(0, above)
	if above < 0 || beside >= 0 && rest[beside].base-rest[above].base > frameGap*rest[beside].size && top-rest[above].base > frameGap*rest[beside].size {
		at = max(0, beside)
	}
	for at+1 < len(rest) && !endsParagraph(rest, at) {
		at++
	}
	return at
}

// Behind finds, for each of the pictures on a page, the line of Page's text behind which its words are read; -1: before all of them.
func Behind(p *mupdf.PageLines, pictures []mupdf.Image) []int {
	out := make([]int, len(pictures))
	if len(out) == 0 {
		return nil
	}
	if turnedOf(p) != nil {
		for k := range out {
			out[k] = math.MaxInt
		}
		return out
	}
	rows := arranged(p)
	_, at := compose(rows)
	for k, m := range pictures {
		if len(rows) == 0 || highest(rows) > m.Y0 {
			out[k] = -1
			continue
		}
		i := standsBehind([]row{{x0: m.X0, x1: m.X1, base: m.Y0}}, rows)
		for i+1 < len(rows) && rows[i].table > 0 && rows[i+1].table == rows[i].table {
			i++
		}
		out[k] = at[i]
	}
	return out
}

// endsParagraph says that a paragraph ends with row i, which has one behind it: by the space below it, or as a line that is shorter than those around it.
func endsParagraph(rows []row, i int) bool {
	r, next := rows[i], rows[i+1]
	if next.block != r.block || step(r, next) == newParagraph {
		return true
	}
	short := r.ink < next.ink-shortLine*r.size
	return short && (i == 0 || rows[i-1].block != r.block || r.ink < rows[i-1].ink-shortLine*r.size)
}
