package layout

import (
	"math"

	"github.com/aidoc-pipeline/aidoc-agent/internal/pattern"
)

// longestLine is the length in bytes from which no word is joined to a line any more: made longer
// piece by piece it would be copied as often.
const longestLine = 2000

// compose joins rows into lines, with an empty one between paragraphs. at is the line of each row.
func compose(rows []row) (lines []string, at []int) {
	words := vocabulary{rows: rows}
	for i, r := range rows {
		how := newLine
		if i > 0 {
			how = step(rows[i-1], r)
		}
		n := len(lines) - 1
		if how == joinWord && len(lines[n]) > longestLine {
			how = newLine
		}
		switch how {
		case joinWord:
			lines[n], _ = words.rejoin(lines[n], r.text)
		case newLine:
			lines = append(lines, r.text)
		case newParagraph:
			lines = append(lines, "", r.text)
		}
		at = append(at, len(lines)-1)
	}
	return lines, at
}

type joint int

const (
	joinWord joint = iota
	newLine
	newParagraph
)

var listMark = pattern.Lazily(`^(?:[•◦▪‣●○■□–—*·-]\s|\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})[.)]\s)`)

// step says what stands between row a and the next row b.
func step(a, b row) joint {
	if a.table > 0 || b.table > 0 {
		if a.table == b.table {
			return newLine
		}
		return newParagraph
	}
	size := max(1, min(a.size, b.size))
	dy := b.base - a.base
	if a.vertical != b.vertical || dy < -0.5*size || math.Abs(a.size-b.size) > 0.25*size {
		if dy < -0.5*size && continues(a, b) {
			return joinWord
		}
		return newParagraph
	}
	if math.Abs(dy) <= 0.5*size {
		return newLine
	}
	if dy > 2.1*size {
		return newParagraph
	}
	if a.block != b.block && dy > 1.6*size {
		return newParagraph
	}
	if continues(a, b) {
		return joinWord
	}
	return newLine
}

// continues says that a word was cut at the end of a and goes on in b.
func continues(a, b row) bool {
	return cut(a.text, b.text) && math.Abs(a.size-b.size) < 0.1*a.size+0.1
}
