package layout

import (
	"math"
	"slices"
	"strings"
	"unicode/utf8"
)

const (
	// cellChars is the length of the longest text that is taken for a cell drawn apart from its row, or for one of that row.
	cellChars = 40
	// cellLines is the least number of lines of a page in which cells were drawn apart.
	cellLines = 2
	// cellShift is how far apart, in sizes of type, the baselines of cells of one row are at most.
	cellShift = 0.5
)

// drawnLine is a run of pieces, rows[from:to], that were drawn one after another from left to right on one baseline.
type drawnLine struct {
	from, to int
	host     int // the line in a gap of which it stands, -1 for none
}

// cellsApart puts cells back between those of their row that were drawn apart from it: spreadsheets draw cells by their format, so that all figures
// come behind all names. Such cells stand in the gap between two others of one line, and all of them are short: columns of prose have long lines.
func cellsApart(rows []row) []row {
	if len(rows) > columnMost {
		return rows
	}
	lines := linesOf(rows)
	var hosts []int
	for k, l := range lines {
		if l.to-l.from > 1 && cells(rows[l.from:l.to]) {
			hosts = append(hosts, k)
		}
	}
	moved := 0
	for k := range lines {
		guest := rows[lines[k].from:lines[k].to]
		for _, h := range hosts {
			if h != k && between(rows[lines[h].from:lines[h].to], guest) && cells(guest) && drawnApart(rows, lines[k]) {
				lines[k].host = h
				moved++
				break
			}
		}
	}
	if moved < cellLines {
		return rows
	}
	guests := make([][]row, len(lines))
	for k, l := range lines {
		h := k
		for lines[h].host >= 0 { // each lies within the next, so that this ends
			h = lines[h].host
		}
		if h != k {
			for _, r := range rows[l.from:l.to] {
				r.block = rows[lines[h].from].block
				guests[h] = append(guests[h], r)
			}
		}
	}
	out := make([]row, 0, len(rows))
	for k, l := range lines {
		if l.host >= 0 {
			continue
		}
		from := len(out)
		out = append(append(out, rows[l.from:l.to]...), guests[k]...)
		if len(guests[k]) > 0 {
			slices.SortStableFunc(out[from:], leftFirst)
		}
	}
	return out
}

// linesOf parts pieces into those that were drawn on one line.
func linesOf(rows []row) (out []drawnLine) {
	for i := 0; i < len(rows); {
		j := i + 1
		for j < len(rows) && onBaseline(rows[j-1], rows[j]) && rows[j].start >= rows[j-1].ink {
			j++
		}
		out = append(out, drawnLine{i, j, -1})
		i = j
	}
	return out
}

// cells says that all pieces of a line are short, and none is written from right to left.
func cells(rows []row) bool {
	return !slices.ContainsFunc(rows, func(r row) bool {
		return r.vertical || utf8.RuneCountInString(r.text) > cellChars || strings.ContainsFunc(r.text, isRightToLeft)
	})
}

// drawnApart says that what was drawn before and behind a line stands on other lines: else it may belong to that.
func drawnApart(rows []row, l drawnLine) bool {
	level := func(a, b row) bool { return math.Abs(a.base-b.base) <= cellShift*max(a.size, b.size) }
	return (l.from == 0 || !level(rows[l.from-1], rows[l.from])) && (l.to == len(rows) || !level(rows[l.to-1], rows[l.to]))
}

// between says that guest stands, as a whole, in a gap between two neighbours of a line.
func between(host, guest []row) bool {
	if !onBaseline(host[0], guest[0]) {
		return false
	}
	from, to := guest[0], guest[len(guest)-1]
	for i := 1; i < len(host); i++ {
		if from.start >= host[i-1].ink && to.ink <= host[i].start {
			return from.start > host[i-1].start && to.start < host[i].start
		}
	}
	return false
}
