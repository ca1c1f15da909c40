package layout

import (
	"math"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
)

const (
	// HeadingChars is the length from which a line is no heading.
	HeadingChars = 120
	// HeadingLines is the most lines of one heading.
	HeadingLines = 3
	// bodyChars is how much running text a page needs before type can be called larger than it.
	bodyChars = 100
)

// headingSizes are the least sizes of headings, in sizes of running text, by level. Bold lines of
// the text's own size that stand alone come below all of them.
var headingSizes = []float64{1.6, 1.3, 1.15}

// headings finds lines in larger type than the page's running text, and bold lines that stand alone.
func headings(rows []row, at []int) []doc.Mark {
	body, bold, ok := bodyType(rows)
	if !ok {
		return nil
	}
	var out []doc.Mark
	for i := 0; i < len(rows); {
		level := headingLevel(rows[i], body, bold)
		if level == 0 {
			i++
			continue
		}
		end := i + 1
		for end < len(rows) && headingLevel(rows[end], body, bold) == level && rows[end].size == rows[i].size && at[end] <= at[end-1]+1 && !beside(rows[end-1], rows[end]) {
			end++
		}
		if end-i <= HeadingLines && (level <= len(headingSizes) || alone(rows, at, i, end)) {
			out = append(out, doc.Mark{Kind: doc.MarkHeading, From: at[i], To: at[end-1] + 1, Level: level})
		}
		i = end
	}
	return out
}

// bodyType is the size of type that most of the page outside its tables is set in, and whether that is bold.
func bodyType(rows []row) (size float64, bold, ok bool) {
	half := func(s float64) int { return int(math.Round(2 * s)) }
	chars, heavy := map[int]int{}, map[int]int{}
	best := 0
	for _, r := range rows {
		if r.table > 0 {
			continue
		}
		k, n := half(r.size), utf8.RuneCountInString(r.text)
		chars[k] += n
		if r.bold {
			heavy[k] += n
		}
		// Of two sizes with as much text the smaller one is the running text.
		if chars[k] > chars[best] || chars[k] == chars[best] && k < best {
			best = k
		}
	}
	return float64(best) / 2, 2*heavy[best] > chars[best], best > 0 && chars[best] >= bodyChars
}

// headingLevel is 1 for the largest type, 0 for what is no heading by its type and length.
func headingLevel(r row, body float64, bold bool) int {
	letters := 0
	for _, c := range r.text {
		if unicode.IsLetter(c) {
			letters++
		}
	}
	n := utf8.RuneCountInString(r.text)
	if r.table > 0 || r.vertical || n > HeadingChars || letters < 3 || 2*letters < n {
		return 0
	}
	for i, s := range headingSizes {
		if r.size >= s*body {
			if i > 0 && lowerStart(r.text) {
				return 0 // a line of a paragraph whose type varies
			}
			return i + 1
		}
	}
	if r.bold && !bold && r.size >= 0.95*body && !strings.Contains(r.text, "\t") && !strings.ContainsAny(r.text[len(r.text)-1:], ".,:;") {
		return len(headingSizes) + 1
	}
	return 0
}

// alone says that rows i to end begin a paragraph of which they are all that is bold, and that
// nothing was drawn right beside them: they are no cell of a table.
func alone(rows []row, at []int, i, end int) bool {
	if i > 0 && (at[i] <= at[i-1]+1 || beside(rows[i-1], rows[i])) {
		return false
	}
	return end == len(rows) || !beside(rows[end-1], rows[end]) && (at[end] > at[end-1]+1 || !rows[end].bold && rows[end].table == 0)
}

// beside says that b was drawn to the right of a and no lower.
func beside(a, b row) bool { return b.x0 >= a.x1 && b.base <= a.base+0.5*a.size }
