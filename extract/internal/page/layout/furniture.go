package layout

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
)

const (
	// furnitureShare is the part of a page's height, at its top and bottom, outside of which nothing is furniture by its looks.
	furnitureShare = 0.12
	// looksShare is that part for what only stands apart.
	looksShare = 0.1
	// veryEdge is the part in which no text begins or ends that keeps the usual margins.
	veryEdge = 0.075
	// furnitureRows is the most lines, one below the other, that are one header or footer.
	furnitureRows = 2
	// furnitureGroups is the most headers or footers, one inside the other: a stamp of a library outside of a journal's own.
	furnitureGroups = 3
	// furnitureGap is the least distance from it to the text, in sizes of the text's type: a paragraph stands closer.
	furnitureGap = 2.2
	// closeGap is that distance for a line with a page number at its far end, stampGap for what says by its words what it is.
	closeGap, stampGap = 1.2, 0.9
	// addressGap is that distance for an address or a date: the last line of a reference may be one.
	addressGap = 1.8
	// smallType is the size in sizes of the text's type from which on type is clearly smaller, headType up to which it is that of a running header.
	smallType, headType = 0.88, 1.5
	// headerChars is the length of the longest line that is furniture by its place alone.
	headerChars = 110
	// fullPage is how many characters a page of running text has at least: on a letter or an invoice small type at the edge says whose it is.
	fullPage = 1000
	// leastPage is how many characters a page has at least of which a number at the edge counts the pages.
	leastPage = 200
)

// furniture sets the level of marks whose lines by their looks are no text of the page: a page number, what publishers and libraries
// stamp on a page, or a line that stands apart from the text at the very edge.
func furniture(lines []MarginLine, marks []doc.Mark, height float64) {
	size, chars := bodyOf(lines, marks, height)
	if chars < leastPage {
		return
	}
	page := edgePage{lines: lines, size: size, full: chars >= fullPage, height: height, seen: make([]bool, len(lines))}
	for _, kind := range []string{doc.MarkHeader, doc.MarkFooter} {
		rows := page.edge(marks, kind)
		for inner := range furnitureGroups {
			n := page.outermost(rows, kind == doc.MarkHeader, inner)
			if n == 0 {
				break
			}
			rows = rows[n:]
		}
	}
	for i, yes := range page.seen {
		if yes {
			marks[i].Level = doc.Furniture
		}
	}
}

// bodyOf is the size of the type in which most of the page's text outside its edges is set, and how many characters that text has.
func bodyOf(lines []MarginLine, marks []doc.Mark, height float64) (size float64, chars int) {
	by := map[float64]int{}
	for i, l := range lines {
		if marks[i].Kind == "" || l.First > furnitureShare*height && l.Last < (1-furnitureShare)*height {
			n := utf8.RuneCountInString(l.Text)
			chars += n
			by[math.Round(2*l.Size)/2] += n
		}
	}
	for s, n := range by {
		if n > by[size] || n == by[size] && s > size {
			size = s
		}
	}
	return size, chars
}

// edgePage is a page whose edges are looked at.
type edgePage struct {
	lines  []MarginLine
	size   float64 // of the text's type
	full   bool    // it is full of running text
	height float64
	seen   []bool // lines that are furniture
}

// edge are the marked lines of one margin in rows, lines that stand on one baseline, the outermost row first.
func (p *edgePage) edge(marks []doc.Mark, kind string) (rows [][]int) {
	var all []int
	for i, m := range marks {
		if m.Kind == kind {
			all = append(all, i)
		}
	}
	top := kind == doc.MarkHeader
	slices.SortStableFunc(all, func(a, b int) int { return cmp.Compare(p.from(a, top), p.from(b, top)) })
	for n, i := range all {
		if n > 0 && sameBase(p.lines[i], p.lines[all[n-1]]) {
			rows[len(rows)-1] = append(rows[len(rows)-1], i)
		} else {
			rows = append(rows, []int{i})
		}
	}
	return rows
}

// from is how far line i stands from the upper or the lower edge.
func (p *edgePage) from(i int, top bool) float64 {
	if top {
		return p.lines[i].First
	}
	return p.height - p.lines[i].Last
}

// outermost looks at the first rows of an edge, inside of so many others, and notes what of them is furniture. It says how many rows are
// that as a whole: 0 ends the search.
func (p *edgePage) outermost(rows [][]int, top bool, inner int) int {
	if len(rows) == 0 {
		return 0
	}
	first := rows[0]
	far := p.from(first[0], top) > furnitureShare*p.height
	if far {
		if !top && p.countsShortPage(first) {
			p.note(first)
		}
		return 0
	}
	if gap := p.gap(first); gap >= stampGap && p.stamped(first, gap) || gap >= closeGap && p.numbered(first) {
		p.note(first)
		return 1
	}
	if p.from(first[0], top) > looksShare*p.height {
		return 0
	}
	n := 1
	for n < min(len(rows), furnitureRows) && p.from(rows[n][0], top) <= looksShare*p.height &&
		math.Abs(p.from(rows[n][0], top)-p.from(rows[n-1][0], top)) <= furnitureGap*p.lines[rows[n][0]].Size {
		n++
	}
	group := slices.Concat(rows[:n]...)
	if p.gap(group) < furnitureGap {
		return 0
	}
	var out []int
	for k, row := range rows[:n] {
		for _, i := range row {
			if p.looks(row, i, top, n == 1 && k == 0 && inner == 0) && (inner == 0 || isPageNumber(p.lines[i].Text) && p.lines[i].Size >= smallType*p.size) {
				out = append(out, i)
			}
		}
	}
	p.note(out)
	if len(out) < len(group) {
		return 0
	}
	return n
}

func (p *edgePage) note(lines []int) {
	for _, i := range lines {
		p.seen[i] = true
	}
}

// gap is how far the nearest other line is from those of group, in sizes of type, furniture left out.
func (p *edgePage) gap(group []int) float64 {
	least := math.Inf(1)
	for i, l := range p.lines {
		if p.seen[i] || slices.Contains(group, i) {
			continue
		}
		for _, g := range group {
			d := min(math.Abs(l.First-p.lines[g].Last), math.Abs(l.Last-p.lines[g].First))
			least = min(least, d/max(p.size, p.lines[g].Size, 1))
		}
	}
	return least
}

func sameBase(a, b MarginLine) bool { return math.Abs(a.Last-b.Last) <= 0.5*max(a.Size, b.Size, 1) }

// parts are what stands in a row, of one baseline; none where it cannot be furniture.
func (p *edgePage) parts(row []int) (out []string) {
	chars := 0
	for _, i := range row {
		l := p.lines[i]
		if chars += utf8.RuneCountInString(l.Text); l.Body || l.Size > headType*max(p.size, 1) || chars > marginChars {
			return nil
		}
		for s := range strings.SplitSeq(l.Text, "\t") {
			out = append(out, strings.TrimSpace(s))
		}
	}
	return out
}

// stamped says that at least half of what stands in a row, gap from the text, says by its words that it is furniture.
func (p *edgePage) stamped(row []int, gap float64) bool {
	parts := p.parts(row)
	stamp := func(s string) bool { return anyStamp.MatchString(s) || pageOf.MatchString(s) }
	full := p.full && gap >= addressGap || slices.ContainsFunc(parts, stamp)
	n := 0
	for _, s := range parts {
		if stamp(s) || full && fullStamp.MatchString(s) {
			n++
		}
	}
	return n > 0 && 2*n >= len(parts)
}

// numbered says that a row of a page full of text has a page number at its far end, where no other line of the page has one: a list of
// contents has many.
func (p *edgePage) numbered(row []int) bool {
	parts := p.parts(row)
	if !p.full || len(parts) < 2 {
		return false
	}
	beside := numberLeft
	if !isPageNumber(parts[0]) {
		if beside = numberRight; !isPageNumber(parts[len(parts)-1]) {
			return false
		}
	}
	for i, l := range p.lines {
		if !slices.Contains(row, i) && !p.seen[i] && beside.MatchString(l.Text) {
			return false
		}
	}
	return true
}

// looks says that line i of a row that stands apart is furniture by its looks; alone says that it is no part of a block of rows.
func (p *edgePage) looks(row []int, i int, top, alone bool) bool {
	l := p.lines[i]
	if l.Body || l.Heading && (!top || !alone || p.from(i, top) > veryEdge*p.height || l.Size > headType*max(p.size, 1)) {
		return false
	}
	switch {
	case isPageNumber(l.Text):
		return true
	case !p.full:
		return false
	case p.besideNumber(row), numberLeft.MatchString(l.Text), numberRight.MatchString(l.Text), small(l, p.size):
		return true
	}
	return alone && p.from(i, top) <= veryEdge*p.height && utf8.RuneCountInString(l.Text) <= headerChars &&
		!strings.HasSuffix(l.Text, ".") && !noteMark.MatchString(l.Text) && !lowerStart(l.Text)
}

// besideNumber says that a page number stands in the row.
func (p *edgePage) besideNumber(row []int) bool {
	return slices.ContainsFunc(row, func(g int) bool { return isPageNumber(p.lines[g].Text) })
}

// countsShortPage says that a row is the number of a page that ends before its edge, as prints of web pages do: nothing stands below it,
// and it stands in the middle of the text's width or at one of its ends.
func (p *edgePage) countsShortPage(row []int) bool {
	l := p.lines[row[0]]
	if len(row) > 1 || !p.full || !isPageNumber(l.Text) || l.X1 <= l.X0 {
		return false
	}
	left, right := math.Inf(1), math.Inf(-1)
	for i, o := range p.lines {
		if i != row[0] && !p.seen[i] {
			left, right = min(left, o.X0), max(right, o.X1)
		}
	}
	near := l.Size
	return p.gap(row) >= closeGap && (math.Abs(l.X0+l.X1-left-right) <= 2*near || math.Abs(l.X1-right) <= near && l.X0 > (left+right)/2)
}

// small says that a line is set in smaller type than the text, and is no footnote.
func small(l MarginLine, size float64) bool {
	return l.Size > 0 && l.Size <= smallType*size && !noteMark.MatchString(l.Text) && (!strings.HasSuffix(l.Text, ".") || rights.MatchString(l.Text))
}
