package ocr

import (
	"cmp"
	"math"
	"slices"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/page/tesseract"
)

const (
	// manyBlocks is how many blocks of the engine a table is looked for in that it took apart.
	manyBlocks = 24
	// rowApart is how far apart base lines of one row are at most, in sizes of type.
	rowApart = 0.4
	// inRows is the least share of rows that are in tables: a row that was read badly parts a table in two. Running text is in none.
	inRows = 0.8
)

// regrouped puts the lines of blocks together that the engine read one after another and that are the columns of one table: only where nearly
// all of their words then stand in rows of tables.
func regrouped(lines []line, size float64) []line {
	if size <= 0 {
		return lines
	}
	starts := blockStarts(lines)
	var out []line
	for i := 0; i < len(starts)-1; {
		rows, end := []line(nil), i+1
		for k := min(len(starts)-1, i+manyBlocks); k > i+1 && rows == nil; k-- {
			if rows = asTable(lines[starts[i]:starts[k]], size); rows != nil {
				end = k
			}
		}
		if rows == nil {
			rows = lines[starts[i]:starts[i+1]]
		}
		out = append(out, rows...)
		i = end
	}
	return out
}

// blockStarts are the lines that blocks begin with, and the number of lines.
func blockStarts(lines []line) (out []int) {
	for i, l := range lines {
		if i == 0 || l.block != lines[i-1].block {
			out = append(out, i)
		}
	}
	return append(out, len(lines))
}

// asTable is what lines are by rows, where these make a table; nil where not, or where they are in rows already.
func asTable(lines []line, size float64) []line {
	var rows [][]tesseract.Word
	sorted := slices.Clone(lines)
	slices.SortStableFunc(sorted, func(a, b line) int { return cmp.Compare(a.base, b.base) })
	base := math.Inf(-1)
	for _, l := range sorted {
		if float64(l.base)-base > rowApart*size {
			rows = append(rows, nil)
			base = float64(l.base)
		}
		rows[len(rows)-1] = append(rows[len(rows)-1], l.words...)
	}
	if len(rows) == len(lines) {
		return nil // none stands beside another
	}
	out, place := make([]line, len(rows)), letterPlace(lines)
	for i, ws := range rows {
		slices.SortStableFunc(ws, func(a, b tesseract.Word) int { return cmp.Compare(a.X0, b.X0) })
		out[i] = newLine(wholeFigures(ws, place, func(tesseract.Word, tesseract.Word) bool { return true })) // the engine may have cut a column at its points
	}
	n := 0
	for _, t := range tablesIn(out, size) {
		n += t.to - t.from
	}
	if float64(n) < inRows*float64(len(out)) {
		return nil
	}
	return out
}
