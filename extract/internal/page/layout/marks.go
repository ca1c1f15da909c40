package layout

import (
	"cmp"
	"math"
	"slices"
	"unicode/utf8"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/page/mupdf"
)

const (
	// marginShare is the part of a page's height, at its top and bottom, where running headers and footers stand.
	marginShare = 0.14
	// marginLines is the most lines of each margin that are marked.
	marginLines = 4
	// marginChars is the length from which a line is no running head.
	marginChars = 160
)

// marks tells which lines are tables, headings, or stand in the margins. at is the line of each row.
func marks(rows []row, at []int, p *mupdf.PageLines) []doc.Mark {
	out := tableMarks(rows, at)
	edge := margins(rows, p.H)
	for i, k := range edge {
		if k != "" {
			out = append(out, doc.Mark{Kind: k, From: at[i], To: at[i] + 1, Y: place(rows[i], p.H)})
		}
	}
	out = append(out, headings(rows, at)...)
	slices.SortStableFunc(out, func(a, b doc.Mark) int { return cmp.Compare(a.From, b.From) })
	return out[:min(len(out), doc.MaxMarks)]
}

func tableMarks(rows []row, at []int) []doc.Mark {
	var out []doc.Mark
	for i, r := range rows {
		switch {
		case r.table == 0:
		case i > 0 && rows[i-1].table == r.table:
			out[len(out)-1].To = at[i] + 1
		default:
			out = append(out, doc.Mark{Kind: doc.MarkTable, From: at[i], To: at[i] + 1})
		}
	}
	return out
}

// place is how far down the page a line stands, in per mille of its height.
func place(r row, h float64) int {
	return int(math.Round(1000 * math.Min(1, math.Max(0, r.base/h))))
}

// margins finds the outermost lines at the top and bottom of the page, and at least the outermost
// one: what may be running headers and footers. Whether they repeat only the whole document can tell.
func margins(rows []row, h float64) []string {
	out := make([]string, len(rows))
	if h <= 0 {
		return out
	}
	byPlace := make([]int, len(rows))
	for i := range rows {
		byPlace[i] = i
	}
	slices.SortStableFunc(byPlace, func(a, b int) int { return cmp.Compare(rows[a].base, rows[b].base) })
	mark := func(kind string, near func(row) bool) {
		for n, i := range byPlace[:min(marginLines, len(byPlace))] {
			r := rows[i]
			if r.table > 0 || r.vertical || n > 0 && !near(r) || utf8.RuneCountInString(r.text) > marginChars {
				return
			}
			out[i] = kind
		}
	}
	mark(doc.MarkHeader, func(r row) bool { return r.base <= marginShare*h })
	slices.Reverse(byPlace)
	mark(doc.MarkFooter, func(r row) bool { return r.base >= (1-marginShare)*h })
	return out
}
