package layout

import (
	"cmp"
	"math"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
)

const (
	// furnitureShare is the part of a page's height, at its top and bottom, outside of which nothing is furniture by its looks.
	furnitureShare = 0.1
	// furnitureRows is the most lines, one below the other, of a header or footer that looks tell.
	furnitureRows = 2
	// furnitureGap is the least distance from it to the text, in sizes of the text's type: a paragraph stands closer.
	furnitureGap = 2.2
	// smallType is the size in sizes of the text's type from which on type is clearly smaller.
	smallType = 0.88
	// fullPage is how many characters a page of running text has at least: on a letter or an invoice small type at the edge says whose it is.
	fullPage = 1000
	// leastPage is how many characters a page has at least of which a number at the edge counts the pages.
	leastPage = 200
)

// furniture sets the level of marks whose lines by their looks are no text of the page: a page number, or small type, that stands
// apart from the text at the very edge.
func furniture(lines []MarginLine, marks []doc.Mark, height float64) {
	size, chars := bodyOf(lines, marks)
	if chars < leastPage {
		return
	}
	for _, kind := range []string{doc.MarkHeader, doc.MarkFooter} {
		group := outermost(lines, marks, kind, height)
		if len(group) == 0 || !standsApart(lines, group, size) {
			continue
		}
		for _, i := range group {
			switch l := lines[i]; {
			case l.Body, l.Heading:
			case isPageNumber(l.Text), chars >= fullPage && (besideNumber(lines, group, i) || numberBeside.MatchString(l.Text) || small(l, size)):
				marks[i].Level = doc.Furniture
			}
		}
	}
}

// bodyOf is the size of the type in which most of the page's text outside its margins is set, and how many characters that text has.
func bodyOf(lines []MarginLine, marks []doc.Mark) (size float64, chars int) {
	by := map[float64]int{}
	for i, l := range lines {
		if marks[i].Kind == "" {
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

// outermost are the marked lines at the very edge of one margin, as many as stand closely together.
func outermost(lines []MarginLine, marks []doc.Mark, kind string, height float64) []int {
	var out []int
	for i, m := range marks {
		if m.Kind == kind {
			out = append(out, i)
		}
	}
	// from is how far a line stands from the edge.
	from := func(i int) float64 {
		if kind == doc.MarkFooter {
			return height - lines[i].Last
		}
		return lines[i].First
	}
	slices.SortStableFunc(out, func(a, b int) int { return cmp.Compare(from(a), from(b)) })
	rows := 1
	for n, i := range out {
		if from(i) > furnitureShare*height {
			return out[:n]
		}
		if n == 0 || sameBase(lines[i], lines[out[n-1]]) {
			continue
		}
		if rows++; rows > furnitureRows || from(i)-from(out[n-1]) > furnitureGap*lines[i].Size {
			return out[:n]
		}
	}
	return out
}

// standsApart says that no other line is close to those of the group.
func standsApart(lines []MarginLine, group []int, size float64) bool {
	for i, l := range lines {
		if slices.Contains(group, i) {
			continue
		}
		for _, g := range group {
			if least := furnitureGap * max(size, lines[g].Size); math.Abs(l.First-lines[g].Last) < least || math.Abs(l.Last-lines[g].First) < least {
				return false
			}
		}
	}
	return true
}

func sameBase(a, b MarginLine) bool { return math.Abs(a.Last-b.Last) <= 0.5*max(a.Size, b.Size, 1) }

// besideNumber says that line i stands beside a page number of its group.
func besideNumber(lines []MarginLine, group []int, i int) bool {
	return slices.ContainsFunc(group, func(g int) bool { return isPageNumber(lines[g].Text) && sameBase(lines[g], lines[i]) })
}

// isPageNumber says that a line tells which page it is, and nothing else; a year tells something.
func isPageNumber(s string) bool { return pageNumber.MatchString(s) && !year.MatchString(s) }

// small says that a line is set in smaller type than the text, and is no footnote.
func small(l MarginLine, size float64) bool {
	return l.Size > 0 && l.Size <= smallType*size && !noteMark.MatchString(l.Text) && (!strings.HasSuffix(l.Text, ".") || rights.MatchString(l.Text))
}

var (
	// pageNumber is a line that says which page it is and nothing else.
	pageNumber = regexp.MustCompile(`^(?i:[-–—|·\[( ]*(?:(?:page|seite|pagina|página|p\.|s\.|стр\.|sida|side|strona|sivu)\s*)?(?:\d{1,4}|[ivxl]{1,7})(?:\s*(?:of|/|von|de|di|sur|van|из|av|z)\s*\d{1,4})?[-–—|·\]) ]*)$`)
	year       = regexp.MustCompile(`^(?:19|20)\d\d$`)
	// numberBeside is a line of which a page number stands far left or far right.
	numberBeside = regexp.MustCompile(`^(?:\d{1,4}\t.+|.+\t\d{1,4})$`)
	// noteMark begins a footnote.
	noteMark = regexp.MustCompile(`^[\d*†‡§¹²³⁴-⁹([]`)
	// rights is what the last line of a page says about whose it is.
	rights = regexp.MustCompile(`^(?i:©|\(c\) |copyright )`)
)
