package flow

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
)

func TestParagraphsOfAListStandWithoutAnEmptyLine(t *testing.T) {
	p := Pager{Hard: true}
	p.Paragraph("# ", []string{"Head"}, false)
	p.Paragraph("1. ", []string{"one"}, true)
	p.Paragraph("2. ", []string{"two", "goes on"}, true)
	p.Paragraph("3. ", []string{"three"}, true)
	p.Table(Table{{"a", "b"}, {"c", "d"}})
	p.Paragraph("4. ", []string{"four"}, true)
	want := []string{"# Head\n\n1. one\n2. two", "goes on\n3. three\n\n\x1da\tb\n\x1dc\td\n\n4. four"}
	if got := p.Done(); !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestCells(t *testing.T) {
	c := Cells{}
	if c.Put(3, 9, "") || len(c) != 0 {
		t.Errorf("an empty cell was kept: %v", c)
	}
	for _, p := range []struct {
		row, col int
		v        string
	}{{7, 2, "d"}, {1, 2, "b"}, {1, 0, "a"}, {7, 0, "c"}} {
		if !c.Put(p.row, p.col, p.v) {
			t.Errorf("%v was not kept", p)
		}
	}
	if got := Grid(c); got != "\x1da\tb\n\x1dc\td" {
		t.Errorf("got %q", got)
	}
}

// Of equal places the last counts, whatever comes first stands first, and blank rows and columns behind the last words go.
func TestGridOfCellsInAnyOrder(t *testing.T) {
	c := Cells{}
	for _, p := range []struct {
		row, col int
		v        string
	}{{3, 9, "gone"}, {3, 1, "b"}, {3, 9, "i"}, {3, 4, "e"}, {0, 4, "E"}, {1, 1, " "}, {0, 12, " "}} {
		c.Put(p.row, p.col, p.v)
	}
	if got := Grid(c); got != "\x1d\tE\t\n\x1db\te\ti" {
		t.Errorf("%q", got)
	}
	one := Cells{}
	one.Put(5, 3, "x")
	one.Put(9, 3, "y")
	if got := Grid(one); got != "x\ny" {
		t.Errorf("one column: %q", got)
	}
	if got := Grid(Cells{2: {{0, " "}}}); got != "" {
		t.Errorf("blanks: %q", got)
	}
}

// Cells on a diagonal stand for a grid of billions: it is written without the empty ones.
func TestGridOfADiagonal(t *testing.T) {
	const n = 20_000
	c := Cells{}
	for i := range n {
		c.Put(i, i, "x")
	}
	if got := Grid(c); len(got) > 4*n || strings.Count(got, "x") != n {
		t.Errorf("%d bytes for %d cells", len(got), n)
	}
}

// A heading that begins with a page border is a heading on the next page.
func TestPrefixGoesToTheFirstWords(t *testing.T) {
	var p Pager
	p.Hard = true
	p.Paragraph("", []string{"before"}, false)
	p.Paragraph("# ", []string{"", "Title", "its second half"}, false)
	p.Paragraph("1. ", []string{"", "item"}, true)
	want := []string{"before", "# Title", "its second half", "1. item"}
	if got := p.Done(); !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// A text that comes piece by piece is cut into the pages of the whole text, and that into those of its paragraphs.
func TestPagesOfAStream(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	letters := []string{"a", "word", " ", " ", "\n", "\n\n", "\r\n", "ж", "語", "\n\n\n", "  ", "longer words here "}
	for round := range 60 {
		var b strings.Builder
		some := letters[:3+r.IntN(len(letters)-2)]
		for b.Len() < 700_000 {
			if round%7 == 0 {
				b.WriteString("語語語語語語語語") // nothing to cut at
				continue
			}
			b.WriteString(some[r.IntN(len(some))])
		}
		text := strings.ReplaceAll(b.String(), "\r\n", "\n")
		want := Paginate(text)
		got, err := PaginateFrom(iotest.HalfReader(strings.NewReader(b.String())), func(s string) string { return strings.ReplaceAll(s, "\r\n", "\n") })
		if err != nil || !slices.Equal(got, want) {
			t.Fatalf("round %d of %q: %d pages, want %d: %v", round, some, len(got), len(want), err)
		}
		var p Pager
		for _, s := range strings.Split(text, "\n\n") {
			for len(s) > 2*pageChars {
				i := cutAt(s)
				p.Add(s[:i], "\n\n")
				s = strings.TrimLeft(s[i:], " \n")
			}
			p.Add(strings.Trim(s, "\n"), "\n\n")
		}
		if !slices.Equal(want, p.Done()) {
			t.Fatalf("round %d of %q: not the pages of its paragraphs", round, some)
		}
	}
}
