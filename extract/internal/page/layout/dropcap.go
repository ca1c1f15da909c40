package layout

import (
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	// capSize is the least size of an initial that reaches over several lines, in sizes of the text's type.
	capSize = 1.8
	// capGap is how far right of it, in sizes of the text's type, its line goes on at most.
	capGap = 1.5
	// capTop is how far apart, in sizes of the text's type, the upper edges of both may be.
	capTop = 0.7
	// capHeight is the height of capitals in sizes of their type.
	capHeight = 0.7
)

// dropCaps puts the large initial of a paragraph to the word that it begins.
func dropCaps(rows []row) []row {
	for i := 0; i < len(rows); i++ {
		if !initial(rows[i].text) {
			continue
		}
		j := slices.IndexFunc(rows, func(r row) bool { return begins(rows[i], r) })
		if j < 0 {
			continue
		}
		sep := ""
		if ownWord(rows[i].text, rows[j].text, rows) {
			sep = " "
		}
		rows[j].text = rows[i].text + sep + rows[j].text
		rows[j].x0, rows[j].start = rows[i].x0, rows[i].start
		rows = slices.Delete(rows, i, i+1)
		i--
	}
	return rows
}

// initial says that s is one capital, perhaps with a quotation mark before it.
func initial(s string) bool {
	r, n := utf8.DecodeRuneInString(strings.TrimLeft(s, "\"'“„«‘"))
	return unicode.IsUpper(r) && n > 0 && strings.HasSuffix(s, string(r))
}

// begins says that r is the line that the large initial c begins.
func begins(c, r row) bool {
	if r.size <= 0 || c.size < capSize*r.size || r.vertical || c.vertical {
		return false
	}
	first, _ := utf8.DecodeRuneInString(r.text)
	gap := r.start - c.ink
	top := (r.base - capHeight*r.size) - (c.base - capHeight*c.size)
	return unicode.IsLetter(first) && gap >= -0.5*r.size && gap <= capGap*r.size && math.Abs(top) <= capTop*r.size
}

// ownWord says that an initial is a word of its own, as in "A council": it may be one, and what follows it stands elsewhere on the page
// as a word.
func ownWord(letter, next string, rows []row) bool {
	if !slices.Contains([]string{"A", "I", "O", "À", "Y", "E", "У", "В", "К", "С", "Я", "И", "О", "А"}, letter) {
		return false
	}
	word := next[:firstWord(next)]
	for _, r := range rows {
		if r.text == next {
			continue
		}
		if slices.Contains(strings.FieldsFunc(r.text, notLetter), word) {
			return true
		}
	}
	return false
}
