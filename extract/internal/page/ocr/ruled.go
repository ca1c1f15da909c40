package ocr

import (
	"cmp"
	"image"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/page/layout"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/page/raster"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/page/tesseract"
)

const (
	// ruleLength is the least length of a rule, in pixels of a picture that is read: more than letters have.
	ruleLength = 40
	// touch is how far apart two rules may end that meet, in pixels.
	touch = 10
	// mostRules is how many rules a page with tables has; a drawing has more.
	mostRules = 600
	// ruledFill is the least part of a ruled table's fields that hold something.
	ruledFill = 0.4
	// ruledChars is the length that few fields of a table reach: paragraphs in frames are none.
	ruledChars = 60
)

// rules are the lines drawn on the picture that was read.
type rules struct{ across, down []raster.Rule }

func rulesOf(img *image.Gray) (r rules) {
	r.across, r.down = raster.Rules(img, ruleLength)
	if len(r.across)+len(r.down) > mostRules {
		return rules{}
	}
	return r
}

// and is the rules of both.
func (r rules) and(o rules) rules {
	return rules{append(r.across, o.across...), append(r.down, o.down...)}
}

const (
	// besideRule is how far above and below a rule letters stand that it is the edge of, in pixels.
	besideRule = 3
	// letteredRule is the most of what is around a rule that is ink: rules that cross it have less.
	letteredRule = 0.1
)

// clear are the rules without those across at which ink is on a picture that has dark letters in the place of light ones. The ground of light
// letters has edges at a field's end, and at the tops and feet of the letters.
func (r rules) clear(pic *image.Gray) rules {
	return rules{slices.DeleteFunc(r.across, func(a raster.Rule) bool {
		box := image.Rect(a.X0, a.Y0-besideRule, a.X1+1, a.Y1+besideRule+1).Intersect(pic.Rect)
		return raster.InkIn(pic, box) > letteredRule
	}), r.down}
}

// unruled leaves out what the engine read in the rules that run down: "|" between two cells, or at a word's end.
func (r rules) unruled(words []tesseract.Word) []tesseract.Word {
	if len(r.down) == 0 {
		return words
	}
	out := words[:0:0]
	for _, w := range words {
		for _, d := range r.down {
			if w.Y1 < d.Y0 || w.Y0 > d.Y1 || w.X1 < d.X0-4 || w.X0 > d.X1+4 {
				continue
			}
			if w.X0 >= d.X0-4 && w.X1 <= d.X1+4 && utf8.RuneCountInString(w.Text) <= 2 {
				w.Text = ""
				break
			}
			if w.X0 >= d.X0-4 {
				w.Text = strings.TrimLeft(w.Text, "|")
			}
			if w.X1 <= d.X1+4 {
				w.Text = strings.TrimRight(w.Text, "|")
			}
		}
		if w.Text != "" {
			out = append(out, w)
		}
	}
	return out
}

// lattice is a table's frame: where its columns and rows begin, and the last ones end.
type lattice struct {
	x, y []int
	down []raster.Rule
}

// lattices are the groups of rules that cross and part at least two columns and two rows.
func (r rules) lattices() (out []lattice) {
	group := make([]int, len(r.across)+len(r.down))
	for i := range group {
		group[i] = i
	}
	root := func(i int) int {
		for group[i] != i {
			i = group[i]
		}
		return i
	}
	for i, a := range r.across {
		for k, d := range r.down {
			if a.X0 <= d.X1+touch && d.X0 <= a.X1+touch && d.Y0 <= a.Y1+touch && a.Y0 <= d.Y1+touch {
				group[root(len(r.across)+k)] = root(i)
			}
		}
	}
	for g := range group {
		if group[g] != g {
			continue
		}
		var l lattice
		for i := range r.across {
			if root(i) == g {
				a := r.across[i]
				l.y = append(l.y, (a.Y0+a.Y1)/2)
			}
		}
		lines := len(l.y)
		for k, d := range r.down {
			if root(len(r.across)+k) == g {
				l.down = append(l.down, d)
				l.x = append(l.x, (d.X0+d.X1)/2)
			}
		}
		if lines < 2 || len(l.down) == 0 {
			continue
		}
		for i, a := range r.across { // a table may be open at its sides
			if root(i) == g {
				l.x = append(l.x, a.X0, a.X1)
			}
		}
		for _, d := range l.down {
			l.y = append(l.y, d.Y0, d.Y1)
		}
		l.x, l.y = distinct(l.x), distinct(l.y)
		if len(l.x) >= 3 && len(l.y) >= 3 {
			out = append(out, l)
		}
	}
	slices.SortFunc(out, func(a, b lattice) int { return cmp.Compare(a.y[0], b.y[0]) })
	return out
}

// distinct are the places that rules stand at, in order, those that nearly are the same taken for one.
func distinct(at []int) (out []int) {
	slices.Sort(at)
	for _, v := range at {
		if n := len(out); n == 0 || v-out[n-1] > 2*touch {
			out = append(out, v)
		}
	}
	return out
}

// row is the row that a word stands in.
func (l lattice) row(w tesseract.Word) (row int, ok bool) {
	x, y := (w.X0+w.X1)/2, (w.Y0+w.Y1)/2
	if x < l.x[0] || x > l.x[len(l.x)-1] || y < l.y[0] || y > l.y[len(l.y)-1] {
		return 0, false
	}
	return between(l.y, y), true
}

// fields sorts the words of a row into its columns. A cell that reaches over several is the first of them.
func (l lattice) fields(row int, words []tesseract.Word) [][]tesseract.Word {
	out := make([][]tesseract.Word, len(l.x)-1)
	first := make([]int, len(out)) // the column in which the cell begins that a column is part of
	for c := 1; c < len(out); c++ {
		if first[c] = c; !l.parted(l.x[c], (l.y[row]+l.y[row+1])/2) && !apart(words, l.x[c]) {
			first[c] = first[c-1]
		}
	}
	for _, w := range words {
		c := first[between(l.x, (w.X0+w.X1)/2)]
		out[c] = append(out[c], w)
	}
	return out
}

// apart says that words leave a gap at x as cells do: rules on dark ground are not seen.
func apart(words []tesseract.Word, x int) bool {
	left, right, height := math.MinInt, math.MaxInt, 0
	for _, w := range words {
		if w.X0+w.X1 < 2*x {
			left = max(left, w.X1)
		} else {
			right = min(right, w.X0)
		}
		height = max(height, w.Y1-w.Y0)
	}
	return left > math.MinInt && right < math.MaxInt && right-left > height
}

// parted says that a rule stands at x beside a word in the middle of which is y.
func (l lattice) parted(x, y int) bool {
	return slices.ContainsFunc(l.down, func(d raster.Rule) bool {
		return d.Y0-touch <= y && y <= d.Y1+touch && d.X0-2*touch <= x && x <= d.X1+2*touch
	})
}

func between(at []int, v int) int {
	i := 0
	for i < len(at)-2 && v >= at[i+1] {
		i++
	}
	return i
}

// table sorts the words that stand in the lattice into its fields. It refuses what is no table: frames around paragraphs, a form of which
// most is to be filled in. Rows without words are left out.
func (l lattice) table(words []tesseract.Word) (rows [][]string, taken []bool, ok bool) {
	in := make([][]tesseract.Word, len(l.y)-1)
	taken = make([]bool, len(words))
	for i, w := range words {
		var r int
		if r, taken[i] = l.row(w); taken[i] {
			in[r] = append(in[r], w)
		}
	}
	filled, long := 0, 0
	for r, ws := range in {
		for _, row := range lined(l.fields(r, ws)) {
			rows = append(rows, row)
			for _, s := range row {
				if s != "" {
					filled++
				}
				if utf8.RuneCountInString(s) > ruledChars {
					long++
				}
			}
		}
	}
	rows = fullColumns(rows)
	if len(rows) < 2 || len(rows[0]) < 2 || float64(filled) < ruledFill*float64(len(rows)*len(rows[0])) || 10*long > filled {
		return nil, nil, false
	}
	return rows, taken, true
}

// fullColumns leaves out columns without words.
func fullColumns(rows [][]string) [][]string {
	var keep []int
	for c := 0; len(rows) > 0 && c < len(rows[0]); c++ {
		if slices.ContainsFunc(rows, func(r []string) bool { return r[c] != "" }) {
			keep = append(keep, c)
		}
	}
	for i, r := range rows {
		out := make([]string, len(keep))
		for k, c := range keep {
			out[k] = r[c]
		}
		rows[i] = out
	}
	return rows
}

// lined are the fields of a row of cells: none where all are empty, several rows where its cells have as many lines each, three at least, and
// some of them figures: rules then part only the columns.
func lined(line [][]tesseract.Word) [][]string {
	n, full := 0, 0
	parts := make([][][]tesseract.Word, len(line))
	even := true
	for c, ws := range line {
		if parts[c] = cellLines(ws); len(ws) > 0 {
			if full++; full == 1 {
				n = len(parts[c])
			}
			even = even && len(parts[c]) == n
		}
	}
	if full == 0 {
		return nil
	}
	if even && n >= 3 && full >= 2 {
		rows := make([][]string, n)
		for i := range rows {
			rows[i] = make([]string, len(line))
			for c := range line {
				if len(parts[c]) > 0 {
					rows[i][c] = cellText(parts[c][i : i+1])
				}
			}
		}
		if layout.Figured(rows) {
			return rows
		}
	}
	row := make([]string, len(line))
	for c := range line {
		row[c] = cellText(parts[c])
	}
	return [][]string{row}
}

// cellLines are the words of a cell by their lines: what stands lower than the middle of the line above begins another.
func cellLines(words []tesseract.Word) (out [][]tesseract.Word) {
	words = slices.Clone(words)
	slices.SortStableFunc(words, func(a, b tesseract.Word) int { return cmp.Compare(a.Y0+a.Y1, b.Y0+b.Y1) })
	for _, w := range words {
		if n := len(out); n > 0 {
			if a := out[n-1][0]; (w.Y0+w.Y1)/2 < a.Y1 {
				out[n-1] = append(out[n-1], w)
				continue
			}
		}
		out = append(out, []tesseract.Word{w})
	}
	for _, l := range out {
		slices.SortStableFunc(l, func(a, b tesseract.Word) int { return cmp.Compare(a.X0, b.X0) })
	}
	return out
}

// cellText is what stands in a cell, given its lines. A "|" at the end of a line is the rule beside the cell: the engine's box of it may lie
// a few letters off.
func cellText(lines [][]tesseract.Word) string {
	bar := func(w tesseract.Word) bool { return strings.Trim(w.Text, "|¦") == "" }
	var all []tesseract.Word
	for _, l := range lines {
		for len(l) > 0 && bar(l[0]) {
			l = l[1:]
		}
		for len(l) > 0 && bar(l[len(l)-1]) {
			l = l[:len(l)-1]
		}
		all = append(all, l...)
	}
	return wordsText(all)
}
