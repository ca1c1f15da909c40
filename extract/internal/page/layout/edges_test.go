package layout

import (
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/page/mupdf"
)

// at is a line of 10 pt text with its left end and baseline at (x, y), in a block of its own.
func at(x, y float64, text string) mupdf.Line {
	l := typed(text, 0)
	for i := range l.Chars {
		l.Chars[i].A += x
		l.Chars[i].B += x
	}
	l.X0, l.X1, l.Y0, l.Y1, l.Base, l.Block = x, x+l.X1, y-8, y+2, y, int(y*1000+x)
	return l
}

func textOf(lines ...mupdf.Line) string {
	text, _ := Page(&mupdf.PageLines{W: 600, H: 800, Lines: lines})
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool { return r == '\n' }), "|")
}

func TestHeadsAndFeetStandAtTheirEdge(t *testing.T) {
	body := []mupdf.Line{at(50, 100, "a"), at(50, 200, "b"), at(50, 300, "c"), at(50, 400, "d"), at(50, 500, "e"), at(50, 600, "f")}
	if got := textOf(append([]mupdf.Line{at(50, 760, "foot"), at(300, 760, "7")}, body...)...); got != "a|b|c|d|e|f|foot|7" {
		t.Errorf("a footer that was drawn first: %s", got)
	}
	if got := textOf(append(body[:6:6], at(50, 40, "head"))...); got != "head|a|b|c|d|e|f" {
		t.Errorf("a head that was drawn last: %s", got)
	}
	if got := textOf(append([]mupdf.Line{at(50, 650, "first")}, body...)...); got != "first|a|b|c|d|e|f" {
		t.Errorf("what is no footer stays in the order of drawing: %s", got)
	}
}

func TestTextBesideThePageIsNotRead(t *testing.T) {
	if got := textOf(at(-300, 100, "left of it"), at(50, 100, "seen"), at(50, 1000, "below it")); got != "seen" {
		t.Error(got)
	}
	cropped := &mupdf.PageLines{W: 60, H: 30, Cropped: true, Lines: []mupdf.Line{at(50, 100, "cropped away")}}
	if got, _ := Page(cropped); got != "cropped away" {
		t.Errorf("cropped: %q", got)
	}
}

func TestTouchingBlocksAreOneLine(t *testing.T) {
	if got := textOf(at(50, 100, "関 "), at(55, 100, "于 "), at(60, 100, "a"), at(200, 100, "far")); got != "関于a|far" {
		t.Error(got)
	}
	if got := textOf(at(50, 100, "x"), at(55, 100, " word")); got != "x word" {
		t.Errorf("a space at the start of a piece: %q", got)
	}
}
