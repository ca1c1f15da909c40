package layout

import (
	"math"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/ocr"
)

// paragraphs joins rows into paragraphs parted by an empty line.
func paragraphs(rows []row) string {
	var b strings.Builder
	for i, r := range rows {
		if i == 0 {
			b.WriteString(r.text)
			continue
		}
		a := rows[i-1]
		switch step(a, r, rows) {
		case joinWord:
			s := b.String()
			_, n := utf8.DecodeLastRuneInString(s)
			b.Reset()
			b.WriteString(s[:len(s)-n])
		case joinSpace:
			b.WriteByte(' ')
		case newLine:
			b.WriteByte('\n')
		case newParagraph:
			b.WriteString("\n\n")
		}
		b.WriteString(r.text)
	}
	return b.String()
}

type joint int

const (
	joinWord joint = iota
	joinSpace
	joinNothing
	newLine
	newParagraph
)

var listMark = regexp.MustCompile(`^(?:[•◦▪‣●○■□–—*·-]\s|\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})[.)]\s)`)

// step says what stands between row a and the next row b.
func step(a, b row, rows []row) joint {
	size := math.Max(1, math.Min(a.size, b.size))
	dy := b.base - a.base
	if a.vertical != b.vertical || dy < -0.5*size || math.Abs(a.size-b.size) > 0.25*size {
		if dy < -0.5*size && continues(a, b) {
			return joinAs(a, b)
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
		return joinAs(a, b)
	}
	return newLine
}

// joinAs joins the halves of a word with its hyphen where that belongs to it.
func joinAs(a, b row) joint {
	if compound(a.text, b.text) {
		return joinNothing
	}
	return joinWord
}

// continues says that a word was cut at the end of a and goes on in b.
func continues(a, b row) bool {
	return ocr.Hyphenated(a.text, b.text) && math.Abs(a.size-b.size) < 0.1*a.size+0.1 && !strings.HasSuffix(a.text, "--")
}
