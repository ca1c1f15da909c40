package layout

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/page/mupdf"
)

// line sets one line of 10 pt type, or of the given size.
func line(x, y, size float64, bold bool, block int, text string) mupdf.Line {
	l := mupdf.Line{X0: x, Y0: y - size, Y1: y, Base: y, Size: size, DX: 1, Bold: bold, Block: block}
	for _, r := range text {
		l.Chars = append(l.Chars, mupdf.Char{R: r, A: x, B: x + size/2, Size: size})
		x += size / 2
	}
	l.X1 = x
	return l
}

// letter is a page with a running head, two headings, text, and a page number.
func letter() *mupdf.PageLines {
	p := &mupdf.PageLines{W: 600, H: 800}
	add := func(l mupdf.Line) { p.Lines = append(p.Lines, l) }
	add(line(50, 30, 8, false, 0, "Annual report 2025"))
	add(line(50, 100, 18, false, 1, "A heading in large type"))
	add(line(50, 130, 10, true, 2, "A bold line alone"))
	for i := range 10 {
		add(line(50, 150+float64(i)*12, 10, false, 3, fmt.Sprintf("line %d of a paragraph of running text", i)))
	}
	add(line(50, 320, 10, true, 4, "A bold sentence is no heading."))
	add(line(50, 340, 12, false, 4, "but goes on in larger type"))
	add(line(300, 780, 8, false, 5, "7"))
	return p
}

func TestMarks(t *testing.T) {
	text, marks := Page(letter())
	lines := strings.Split(text, "\n")
	var got []string
	for _, m := range marks {
		got = append(got, fmt.Sprint(m.Kind, " ", m.Level, " ", strings.Join(lines[m.From:m.To], "/")))
	}
	want := []string{"head 0 Annual report 2025", "head 0 A heading in large type", "heading 1 A heading in large type", "heading 4 A bold line alone", "foot 1 7"}
	slices.Sort(got)
	slices.Sort(want)
	check(t, "marks", got, want)
}

func TestBoldCellsAreNoHeadings(t *testing.T) {
	p := letter()
	p.Lines = append(p.Lines, line(50, 600, 10, true, 6, "Column one"), line(200, 600, 10, true, 7, "Column two"), line(350, 600, 10, true, 8, "Column three"))
	_, marks := Page(p)
	for _, m := range marks {
		if m.Kind == doc.MarkHeading && m.From > 10 {
			t.Errorf("%+v", m)
		}
	}
}

func TestShortPageHasNoHeadings(t *testing.T) {
	p := &mupdf.PageLines{W: 600, H: 800, Lines: []mupdf.Line{line(50, 100, 30, true, 0, "A cover"), line(50, 200, 10, false, 1, "and a line")}}
	_, marks := Page(p)
	for _, m := range marks {
		if m.Kind == doc.MarkHeading {
			t.Errorf("%+v", m)
		}
	}
}

// A row of a table keeps a tab for each column, also where fields are empty.
func TestTableLinesHaveAllTabs(t *testing.T) {
	p := &mupdf.PageLines{W: 600, H: 800}
	for i := range 4 {
		y := 200 + float64(i)*14
		p.Lines = append(p.Lines, line(50, y, 10, false, 0, "label"))
		if i != 2 {
			p.Lines = append(p.Lines, line(200, y, 10, false, 0, fmt.Sprint(100*i)))
		}
		p.Lines = append(p.Lines, line(300, y, 10, false, 0, fmt.Sprint(200*i)))
	}
	text, marks := Page(p)
	if want := "label\t0\t0\nlabel\t100\t200\nlabel\t\t400\nlabel\t300\t600"; text != want {
		t.Errorf("%q", text)
	}
	if m := marks[0]; m.Kind != doc.MarkTable || m.From != 0 || m.To != 4 {
		t.Errorf("%+v", marks)
	}
}

func TestRejoin(t *testing.T) {
	for _, c := range []struct{ a, b, want string }{
		{"the infor-", "mation", "the information"}, {"well-", "known", "well-known"}, {"a page -", "two", ""}, {"end.", "next", ""}, {"2022-", "2023", ""},
	} {
		if got, _ := Rejoin(c.a, c.b); got != c.want {
			t.Errorf("%q + %q: %q, want %q", c.a, c.b, got, c.want)
		}
	}
}
