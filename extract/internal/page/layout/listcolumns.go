package layout

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/aidoc-pipeline/aidoc-agent/internal/pattern"
)

const (
	// listItems is the least number of items of each column of a list; two of two are enough where they were drawn in no order of theirs.
	listItems = 2
	// listShift is how far apart, in sizes of type, the items of one column begin.
	listShift = 1.0
)

// itemNumber is the number that an item of a list begins with.
var itemNumber = pattern.Lazily(`^\(?(\d{1,3})[.)](?:\s|$)`)

// item is a numbered row.
type item struct {
	at, number int
	x          float64
}

// listColumns puts the columns of a numbered list one after another that was drawn row by row: its numbers say how it is read.
func listColumns(rows []row) []row {
	items := itemsOf(rows)
	for from := 0; from+2*listItems <= len(items); from++ {
		for to := len(items); to-from >= 2*listItems; to-- {
			if starts := columnStarts(rows, items[from:to]); starts != nil {
				return byColumn(rows, items[from].at, lastOf(rows, items[to-1].at, starts), starts)
			}
		}
	}
	return rows
}

// listMost bounds the items looked at.
const listMost = 60

func itemsOf(rows []row) []item {
	var out []item
	for i, r := range rows {
		if m := itemNumber.FindStringSubmatch(r.text); m != nil && !r.vertical {
			n, _ := strconv.Atoi(m[1])
			out = append(out, item{i, n, r.start})
		}
	}
	return out[:min(len(out), listMost)]
}

// columnStarts are where the columns of a list begin whose items, column by column, count on by one, and were not drawn so; nil where
// they do not.
func columnStarts(rows []row, items []item) []float64 {
	sorted := slices.Clone(items)
	slices.SortStableFunc(sorted, func(a, b item) int { return cmp.Compare(a.number, b.number) })
	var starts []float64
	n := 0
	for i, it := range sorted {
		if i > 0 && it.number != sorted[i-1].number+1 {
			return nil
		}
		size := rows[it.at].size
		switch {
		case i == 0 || it.x > starts[len(starts)-1]+listShift*size:
			if i > 0 && n < listItems {
				return nil
			}
			starts, n = append(starts, it.x), 1
		case it.x < starts[len(starts)-1]-listShift*size || rows[it.at].base <= rows[sorted[i-1].at].base:
			return nil
		default:
			n++
		}
	}
	if len(starts) < 2 || n < 2 || slices.IsSortedFunc(items, func(a, b item) int { return cmp.Compare(a.number, b.number) }) {
		return nil
	}
	return starts
}

// lastOf is the end of the list: what follows its last item belongs to it as long as it stands in a column and close below.
func lastOf(rows []row, last int, starts []float64) int {
	end := last + 1
	for end < len(rows) {
		r := rows[end]
		near := slices.ContainsFunc(rows[last:end], func(a row) bool { return r.base > a.base-0.5*a.size && r.base-a.base <= 1.6*a.size })
		if !near || r.start <= starts[0]+0.3*r.size || itemNumber.MatchString(r.text) {
			break
		}
		end++
	}
	return end
}

// byColumn sorts rows from to end by the column they begin in, and down each.
func byColumn(rows []row, from, end int, starts []float64) []row {
	column := func(r row) int {
		k := 0
		for i, x := range starts {
			if r.start >= x-listShift*r.size {
				k = i
			}
		}
		return k
	}
	out := slices.Clone(rows)
	slices.SortStableFunc(out[from:end], func(a, b row) int {
		return cmp.Or(cmp.Compare(column(a), column(b)), cmp.Compare(a.base, b.base), cmp.Compare(a.x0, b.x0))
	})
	return out
}
