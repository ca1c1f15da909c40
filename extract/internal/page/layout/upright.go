package layout

import (
	"math"
	"slices"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/page/mupdf"
)

const (
	// turnedLines is how many lines of text a page has at least that run another way than the usual one: fewer are labels.
	turnedLines = 4
	// straight is the least part of a line's direction along an axis, of a line that is turned by right angles.
	straight = 0.999
)

// turnedPage is a page most of whose text runs up, down or head over: wide tables are printed so, and pages that were turned after they were made.
type turnedPage struct {
	held        *mupdf.PageLines // as somebody holds it to read that text
	rest        *mupdf.PageLines // the page as it is with all other text: its header, for instance
	top, bottom float64          // of that text on the page as it is
}

// turnedOf is nil for a page whose text is upright.
func turnedOf(p *mupdf.PageLines) *turnedPage {
	dx, dy := mostlyAlong(p.Lines)
	if dx == 1 {
		return nil
	}
	held, rest := *p, *p
	t := &turnedPage{&held, &rest, math.Inf(1), math.Inf(-1)}
	if dy != 0 {
		held.W, held.H = p.H, p.W
	}
	// The page turned around its top left corner, and its new one put there.
	turn := func(x, y float64) (float64, float64) {
		return dx*x + dy*y + max(0, -dx*p.W, -dy*p.H), dx*y - dy*x + max(0, -dx*p.H, dy*p.W)
	}
	box := func(x0, y0, x1, y1 float64) (float64, float64, float64, float64) {
		a, b := turn(x0, y0)
		c, d := turn(x1, y1)
		return min(a, c), min(b, d), max(a, c), max(b, d)
	}
	held.Lines, rest.Lines = nil, nil
	for _, l := range p.Lines {
		if !runs(l, dx, dy) {
			rest.Lines = append(rest.Lines, l)
			continue
		}
		t.top, t.bottom = min(t.top, l.Y0), max(t.bottom, l.Y1)
		l.X0, l.Y0, l.X1, l.Y1 = box(l.X0, l.Y0, l.X1, l.Y1)
		_, l.Base = turn(l.Start, l.Base)
		l.DX, l.DY = 1, 0
		held.Lines = append(held.Lines, l)
	}
	rest.Fields = slices.Clone(p.Fields) // they are said where the text is held
	held.Beads, held.Fields = slices.Clone(p.Beads), slices.Clone(p.Fields)
	place := func(b *mupdf.Place) { b.X0, b.Y0, b.X1, b.Y1 = box(b.X0, b.Y0, b.X1, b.Y1) }
	for i := range held.Beads {
		place(&held.Beads[i])
	}
	for i := range held.Fields {
		place(&held.Fields[i].Place)
	}
	for i := range rest.Fields {
		rest.Fields[i].Ticked = false
	}
	return t
}

// mostlyAlong is the direction of more than half of a page's letters, the usual one where there is no other.
func mostlyAlong(lines []mupdf.Line) (dx, dy float64) {
	all, upright := 0, 0
	for _, l := range lines {
		all += len(l.Chars)
		if runs(l, 1, 0) {
			upright += len(l.Chars)
		}
	}
	if 2*upright >= all {
		return 1, 0
	}
	for _, way := range [][2]float64{{0, -1}, {-1, 0}, {0, 1}} {
		chars, n := 0, 0
		for _, l := range lines {
			if runs(l, way[0], way[1]) {
				chars, n = chars+len(l.Chars), n+1
			}
		}
		if 2*chars > all && n >= turnedLines {
			return way[0], way[1]
		}
	}
	return 1, 0
}

// runs says that a line of horizontal writing runs in a direction.
func runs(l mupdf.Line, dx, dy float64) bool { return !l.Vertical && l.DX*dx+l.DY*dy >= straight }

// read gives the text of the page: what is turned, before and behind it what stands above and below on the page as it is.
func (t *turnedPage) read() (string, []doc.Mark) {
	text, inner := read(t.held)
	rows := arranged(t.rest)
	if len(rows) == 0 || text == "" {
		rest, marks := read(t.rest)
		return text + rest, append(inner, marks...)
	}
	k := 0
	for k < len(rows) && rows[k].base <= (t.top+t.bottom)/2 {
		k++
	}
	var lines []string
	var at []int
	put := func(part []row) {
		if len(part) == 0 {
			return
		}
		if len(lines) > 0 {
			lines = append(lines, "")
		}
		more, places := compose(part)
		for _, n := range places {
			at = append(at, len(lines)+n)
		}
		lines = append(lines, more...)
	}
	// To all other lines the turned text is a block of the page's text.
	const size = 10
	block := []row{{vertical: true, size: size, base: t.top + size, text: text}, {vertical: true, size: size, base: t.bottom}}
	put(rows[:k])
	if k > 0 {
		lines = append(lines, "")
	}
	from := len(lines)
	lines, at = append(lines, strings.Split(text, "\n")...), append(at, from, from)
	put(rows[k:])
	all := marks(slices.Concat(rows[:k], block, rows[k:]), at, t.rest)
	all = slices.DeleteFunc(all, func(m doc.Mark) bool { return m.From == from })
	for _, m := range inner {
		m.From, m.To = m.From+from, m.To+from
		all = append(all, m)
	}
	slices.SortStableFunc(all, byLines)
	return strings.Join(lines, "\n"), all[:min(len(all), doc.MaxMarks)]
}
