package layout

import (
	"math"
	"unicode/utf8"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
)

const (
	// sideShare is the part of a page's width, at its left and right, in which a line along the edge stands outside of the text.
	sideShare = 0.1
	// sideChars is the least length of such a line: shorter ones are labels.
	sideChars = 12
)

// sideStamps are the lines that run up or down the edge of a page of upright text, beside all of it: where a page was downloaded, the number
// that an archive gave it.
func sideStamps(rows []row, at []int, width float64) []doc.Mark {
	left, right, chars := math.Inf(1), math.Inf(-1), 0
	for _, r := range rows {
		if !r.vertical {
			left, right, chars = min(left, r.x0), max(right, r.x1), chars+utf8.RuneCountInString(r.text)
		}
	}
	var out []doc.Mark
	for i, r := range rows {
		n := utf8.RuneCountInString(r.text)
		beside := r.x1 <= min(left, sideShare*width) || r.x0 >= max(right, (1-sideShare)*width)
		alone := (i == 0 || at[i-1] != at[i]) && (i+1 == len(rows) || at[i+1] != at[i])
		if r.vertical && beside && alone && n >= sideChars && n <= marginChars && (chars >= fullPage || chars >= leastPage && anyStamp.MatchString(r.text)) {
			out = append(out, doc.Mark{Kind: doc.MarkAside, From: at[i], To: at[i] + 1})
		}
	}
	return out
}
