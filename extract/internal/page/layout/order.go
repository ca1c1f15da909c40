package layout

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode/utf8"
)

const (
	// columnLines is the least number of lines on each side of a gutter.
	columnLines = 4
	// columnFill is how much of its column the middle line must fill: prose does, cells of tables do not.
	columnFill = 0.7
	// columnChars is the least length of the middle line of a column: labels and numbers are shorter.
	columnChars = 16
	// columnTurns is how often the drawing may change sides before it counts as interleaved.
	columnTurns = 4
	// columnMost bounds the lines looked at: no page for people has more.
	columnMost = 2000
	// lineShift is how far apart the baselines of one line are, in sizes of type.
	lineShift = 0.3
	// pieceGap is how far apart, in sizes of type, pieces of one line of text are at most; cells of a table are farther.
	pieceGap = 1.2
	// gutterGap is how far apart columns are at least, in sizes of type, whose lines were drawn one after the other.
	gutterGap = 0.5
	// columnDepth bounds the search: two cuts give up to four columns.
	columnDepth = 2
)

// order keeps the order in which the page was drawn, which most producers write in reading order,
// except where columns were drawn line by line across the gutter: they are put one after another.
// Tables and forms look the same on paper, but their cells are short or ragged; they stay in rows.
func order(rows []row) []row {
	blocks := 0
	for _, r := range rows {
		blocks = max(blocks, r.block+1)
	}
	rows, _ = split(rows, columnDepth, &blocks)
	return rows
}

// split cuts rows at their clearest gutter and puts the columns one after another. It says whether it did.
func split(rows []row, depth int, blocks *int) ([]row, bool) {
	if depth == 0 || len(rows) < 2*columnLines {
		return rows, false
	}
	columns := startsOf(rows)
	x, ok := gutter(rows, columns)
	if !ok {
		return rows, false
	}
	var out []row
	done := false
	for _, band := range bands(rows, x, columns) {
		if interleaved(band, x) {
			left, right := sides(band, x)
			l, okl := flow(left, depth-1, blocks)
			r, okr := flow(right, depth-1, blocks)
			if okl && okr {
				out, done = append(append(out, l...), r...), true
				continue
			}
		}
		out = append(out, band...)
	}
	if !done {
		return rows, false
	}
	return out, true
}

// flow orders one side of a gutter if it is running text, in one column or more.
func flow(side []row, depth int, blocks *int) ([]row, bool) {
	if out, ok := split(side, depth, blocks); ok {
		return out, true
	}
	byLine(side)
	if !prose(side) {
		return nil, false
	}
	for i := range side {
		side[i].block = *blocks
	}
	*blocks++
	return side, true
}

// gutter finds the x that the fewest long lines cross and that has enough of them on both sides.
func gutter(rows []row, columns starts) (x float64, ok bool) {
	var long []row
	for i := 0; i < len(rows); {
		r, n, end := rows[i], 0, runEnd(rows, i, columns)
		for ; i < end; i++ {
			r.x1, n = max(r.x1, rows[i].x1), n+utf8.RuneCountInString(rows[i].text)
		}
		if !r.vertical && n >= columnChars {
			long = append(long, r)
		}
	}
	if len(long) > columnMost {
		return 0, false
	}
	best := math.Inf(1)
	for _, l := range long {
		// A gutter lies just left of where lines begin.
		at := l.x0 - 0.4*l.size
		before, after, cross := 0, 0, 0
		for _, r := range long {
			switch {
			case r.x1 <= at:
				before++
			case r.x0 >= at:
				after++
			default:
				cross++
			}
		}
		if before < columnLines || after < columnLines || cross*2 > min(before, after) {
			continue
		}
		// Among equals the most even cut wins: the middle of three columns is cut later.
		if cost := float64(cross) + math.Abs(float64(before-after))/float64(len(long)); cost < best {
			best, x, ok = cost, at, true
		}
	}
	return x, ok
}

// starts are the places where many pieces begin, one below the other, in points.
type starts map[int]bool

// beginShare is the part of the lines of a page, at least, of which a piece begins at a place where a column does.
const beginShare = 3

// startsOf finds where columns may begin. Pieces of running text begin anywhere.
func startsOf(rows []row) starts {
	at, lines, last := map[int]int{}, 0, math.Inf(-1)
	for _, r := range rows {
		if r.vertical {
			continue
		}
		if math.Abs(r.base-last) > lineShift*r.size {
			lines, last = lines+1, r.base
		}
		at[int(math.Round(r.x0))]++
	}
	out := starts{}
	for x, n := range at {
		if n+at[x+1] >= max(columnLines, lines/beginShare) { // where rounding parts them
			out[x], out[x+1] = true, out[x+1] || at[x+1] > 0
		}
	}
	return out
}

// runEnd is where the pieces end that were drawn one after another from piece i on and go on in one line, and in one column.
func runEnd(rows []row, i int, columns starts) int {
	r, j := rows[i], i+1
	for j < len(rows) && onBaseline(r, rows[j]) && rows[j].x0 > r.x0 && rows[j].x0-r.x1 <= pieceGap*r.size &&
		!(rows[j].x0-r.x1 >= gutterGap*r.size && columns[int(math.Round(rows[j].x0))]) {
		r.x1 = max(r.x1, rows[j].x1)
		j++
	}
	return j
}

// bands parts the rows at those that reach across x, which stand alone, from top to bottom. Where one is a piece of a line, all of the line does.
func bands(rows []row, x float64, columns starts) [][]row {
	var across [][]row
	var rest []row
	for i := 0; i < len(rows); {
		j := runEnd(rows, i, columns)
		if run := rows[i:j]; slices.ContainsFunc(run, func(r row) bool { return r.x0 < x && r.x1 > x && !r.vertical }) {
			across = append(across, run)
		} else {
			rest = append(rest, run...)
		}
		i = j
	}
	slices.SortStableFunc(across, func(a, b []row) int { return cmp.Compare(a[0].base, b[0].base) })
	var out [][]row
	for _, a := range across {
		var above, below []row
		for _, r := range rest {
			if r.base < a[0].base {
				above = append(above, r)
			} else {
				below = append(below, r)
			}
		}
		if len(above) > 0 {
			out = append(out, above)
		}
		out, rest = append(out, a), below
	}
	if len(rest) > 0 {
		out = append(out, rest)
	}
	return out
}

func sides(band []row, x float64) (left, right []row) {
	for _, r := range band {
		if r.x0 < x {
			left = append(left, r)
		} else {
			right = append(right, r)
		}
	}
	return left, right
}

// interleaved says that the drawing went to and fro between the sides.
func interleaved(band []row, x float64) bool {
	turns := 0
	for i := 1; i < len(band); i++ {
		if (band[i].x0 < x) != (band[i-1].x0 < x) {
			turns++
		}
	}
	return turns >= columnTurns
}

// byLine sorts the pieces of a column from top to bottom, and those of one line from left to right.
func byLine(side []row) {
	slices.SortStableFunc(side, func(a, b row) int { return cmp.Compare(a.base, b.base) })
	for i := 0; i < len(side); {
		j := lineEnd(side, i)
		if !slices.ContainsFunc(side[i:j], func(r row) bool { return strings.ContainsFunc(r.text, isRightToLeft) }) {
			slices.SortStableFunc(side[i:j], leftFirst)
		}
		i = j
	}
}

// lineEnd is where the line ends that begins with piece i of a column that is sorted downwards.
func lineEnd(side []row, i int) int {
	j := i + 1
	for j < len(side) && !side[j].vertical && side[j].base-side[i].base <= lineShift*min(side[i].size, side[j].size) {
		j++
	}
	return j
}

// prose says that the lines of a column, sorted by byLine, fill their column as running text does.
func prose(side []row) bool {
	x0, x1 := math.Inf(1), math.Inf(-1)
	var widths []float64
	var chars []int
	for i := 0; i < len(side); {
		j := lineEnd(side, i)
		for i < j {
			a, b, n := side[i].x0, side[i].x1, utf8.RuneCountInString(side[i].text)
			for i++; i < j && side[i].x0-b <= pieceGap*side[i].size; i++ {
				b, n = max(b, side[i].x1), n+utf8.RuneCountInString(side[i].text)
			}
			x0, x1 = min(x0, a), max(x1, b)
			widths, chars = append(widths, b-a), append(chars, n)
		}
	}
	if len(widths) < columnLines {
		return false
	}
	slices.Sort(widths)
	slices.Sort(chars)
	mid := len(widths) / 2
	return chars[mid] >= columnChars && widths[mid] >= columnFill*(x1-x0)
}
