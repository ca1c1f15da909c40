package layout

import (
	"cmp"
	"slices"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/page/mupdf"
)

// marks tells which lines are tables, headings, or stand in the margins. at is the line of each row.
func marks(rows []row, at []int, p *mupdf.PageLines) []doc.Mark {
	out := tableMarks(rows, at)
	heads := headings(rows, at)
	lines := make([]MarginLine, len(rows))
	for i, r := range rows {
		lines[i] = MarginLine{First: r.base, Last: r.base, X0: r.x0, X1: r.x1, Size: r.size, Text: r.text, Body: r.table > 0 || r.vertical,
			Heading: slices.ContainsFunc(heads, func(m doc.Mark) bool { return m.From <= at[i] && at[i] < m.To })}
	}
	for i, m := range Margins(lines, p.H) {
		if m.Kind != "" {
			m.From, m.To = at[i], at[i]+1
			out = append(out, m)
		}
	}
	out = append(out, heads...)
	out = append(out, sideStamps(rows, at, p.W)...)
	slices.SortStableFunc(out, byLines)
	return out[:min(len(out), doc.MaxMarks)]
}

func byLines(a, b doc.Mark) int { return cmp.Compare(a.From, b.From) }

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
