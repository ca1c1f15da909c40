package layout

import (
	"cmp"
	"math"
	"slices"
	"unicode/utf8"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
)

const (
	// marginShare is the part of a page's height, at its top and bottom, where running headers and footers stand.
	marginShare = 0.14
	// marginLines is the most lines of each margin that are marked.
	marginLines = 4
	// marginChars is the length from which a line is no running header.
	marginChars = 160
)

// MarginLine is what decides whether a line, or lines that belong together, may be a running header or footer.
type MarginLine struct {
	First, Last float64 // baselines of its first and its last line, from the top of the page
	X0, X1      float64 // where its first line begins and ends, both 0 when that is not known
	Size        float64 // of its type, 0 when that is not known
	Text        string
	Heading     bool
	Body        bool // a table, vertical text, a paragraph of several lines: never a header or a footer
}

// Margins finds the outermost lines at the top and bottom of a page height high, and at least the outermost one: what may be
// running headers and footers. Whether they repeat only the whole document can tell. It gives a mark for each line, with its kind
// and place, and the level doc.Furniture where looks alone tell; its kind is "" for lines that are neither. A line that cannot be one ends the search on its side.
func Margins(lines []MarginLine, height float64) []doc.Mark {
	out := make([]doc.Mark, len(lines))
	if height <= 0 {
		return out
	}
	order := make([]int, len(lines))
	for i := range order {
		order[i] = i
	}
	mark := func(kind string, near func(MarginLine) bool) {
		for n, i := range order[:min(marginLines, len(order))] {
			l := lines[i]
			if l.Body || n > 0 && !near(l) || utf8.RuneCountInString(l.Text) > marginChars {
				return
			}
			out[i] = doc.Mark{Kind: kind, Y: perMille(l.First, height)}
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(lines[a].First, lines[b].First) })
	mark(doc.MarkHeader, func(l MarginLine) bool { return l.First <= marginShare*height })
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(lines[a].Last, lines[b].Last) })
	slices.Reverse(order)
	mark(doc.MarkFooter, func(l MarginLine) bool { return l.Last >= (1-marginShare)*height })
	furniture(lines, out, height)
	return out
}

// perMille is how far down the page a line stands, in per mille of its height.
func perMille(y, height float64) int {
	return int(math.Round(1000 * min(1, max(0, y/height))))
}
