package ocr

import (
	"cmp"
	"slices"
	"unicode/utf8"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
)

// Which lines of a page may be running headers and footers; layout has the same bounds for printed pages.
const (
	marginShare = 0.14 // of the page's height
	marginLines = 4
	marginChars = 160
)

// margins finds, by number, the parts of one line that stand outermost at the top and the bottom of a
// page height pixels high. Whether they repeat only the whole document can tell.
func margins(parts []part, height int) map[int]doc.Mark {
	out := map[int]doc.Mark{}
	if height <= 0 {
		return out
	}
	h := float64(height)
	order := make([]int, len(parts))
	for i := range parts {
		order[i] = i
	}
	mark := func(kind string, near func(base float64) bool) {
		for n, i := range order[:min(marginLines, len(order))] {
			p := parts[i]
			base := float64(p.lines[0].base)
			if p.rows != nil || len(p.lines) > 1 || n > 0 && !near(base) || utf8.RuneCountInString(p.lines[0].text) > marginChars {
				return
			}
			out[i] = doc.Mark{Kind: kind, Y: min(1000, max(0, int(1000*base/h+0.5)))}
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(parts[a].lines[0].base, parts[b].lines[0].base) })
	mark(doc.MarkHeader, func(base float64) bool { return base <= marginShare*h })
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Compare(parts[b].lines[len(parts[b].lines)-1].base, parts[a].lines[len(parts[a].lines)-1].base)
	})
	mark(doc.MarkFooter, func(base float64) bool { return base >= (1-marginShare)*h })
	return out
}
