package layout

import (
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/page/mupdf"
)

// field is one of 18 pt whose value stands at (x, y).
func field(x, y, width float64) mupdf.Field {
	return mupdf.Field{Place: mupdf.Place{X0: x - 4, Y0: y - 13, X1: x + width, Y1: y + 5}}
}

func formOf(fields []mupdf.Field, lines ...mupdf.Line) string {
	text, _ := Page(&mupdf.PageLines{W: 600, H: 800, Lines: lines, Fields: fields})
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool { return r == '\n' }), "|")
}

// What is filled in is drawn behind all that is printed; people read it beside its label.
func TestValuesStandAtTheirLabels(t *testing.T) {
	printed := []mupdf.Line{at(50, 100, "Name:"), at(300, 100, "Born:"), at(50, 130, "Street:"), at(50, 200, "Place"), at(250, 200, "Phone"), at(50, 260, "Remarks"), at(50, 400, "I agree.")}
	values := []mupdf.Line{at(120, 99, "Ada"), at(360, 99, "1815"), at(120, 131, "Example Road"), at(54, 216, "London"), at(254, 216, "030 123"), at(54, 280, "A shed"), at(54, 292, "of wood")}
	fields := []mupdf.Field{field(120, 99, 100), field(360, 99, 60), field(120, 131, 150), field(54, 216, 150), field(254, 216, 150), {Place: mupdf.Place{X0: 50, Y0: 265, X1: 400, Y1: 310}}}
	want := "Name:\tAda|Born:\t1815|Street:\tExample Road|Place|London|Phone|030 123|Remarks|A shed|of wood|I agree."
	if got := formOf(fields, append(printed, values...)...); got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if got := formOf(nil, append(printed, values...)...); got == want {
		t.Error("the same without fields: this test shows nothing")
	}
	// A value of many lines, one of which is longer than its field is high.
	if got := formOf(fields, append(printed, append(values[:6:6], at(54, 330, "of wood"))...)...); !strings.Contains(got, "Remarks|A shed|of wood|I agree.") {
		t.Errorf("a line outside of its field: %q", got)
	}
}

func TestFieldsOfATableAreItsCells(t *testing.T) {
	var lines []mupdf.Line
	var fields []mupdf.Field
	lines = append(lines, at(50, 100, "Item"), at(200, 100, "2020"), at(300, 100, "2021"), at(50, 124, "Income"), at(50, 148, "Costs"), at(50, 172, "Left"))
	for _, v := range []struct {
		x, y float64
		text string
	}{{200, 123, "100"}, {300, 123, "101"}, {200, 147, "60"}, {300, 147, "61"}, {200, 171, "40"}, {300, 171, "40"}} {
		lines, fields = append(lines, at(v.x, v.y, v.text)), append(fields, field(v.x, v.y, 80))
	}
	if got, want := formOf(fields, lines...), "Item\t2020\t2021|Income\t100\t101|Costs\t60\t61|Left\t40\t40"; got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

// Nothing is lost where labels cannot be told: a form that is a picture, values alone, words printed into fields before others.
func TestValuesWithoutLabels(t *testing.T) {
	if got := formOf([]mupdf.Field{field(50, 100, 100), field(50, 130, 100)}, at(50, 100, "Ada"), at(50, 130, "London")); got != "Ada|London" {
		t.Error(got)
	}
	if got := formOf([]mupdf.Field{field(50, 500, 100)}, at(50, 100, "Far above"), at(50, 500, "Ada")); got != "Far above|Ada" {
		t.Error(got)
	}
	if got := formOf([]mupdf.Field{field(50, 100, 100)}, at(50, 100, "in a field"), at(50, 200, "a"), at(50, 220, "b"), at(50, 240, "c")); got != "in a field|a|b|c" {
		t.Error(got)
	}
}

// A tick is a letter of some font of signs, or a drawing; people read it as the sign that Word's documents have.
func TestBoxesThatAreTicked(t *testing.T) {
	box := func(x, y float64, on bool) mupdf.Field {
		return mupdf.Field{Place: mupdf.Place{X0: x, Y0: y - 9, X1: x + 12, Y1: y + 3}, Ticked: on}
	}
	fields := []mupdf.Field{box(50, 100, true), box(50, 120, false), box(50, 140, true), box(300, 160, true), box(500, 700, true)}
	got := formOf(fields, at(70, 100, "I agree"), at(70, 120, "I object"), at(70, 140, "Call me"), at(270, 160, "Yes"), at(50, 100, "4"))
	if got != "☒ I agree|I object|☒ Call me|Yes ☒" {
		t.Error(got)
	}
}

// Each letter of a number stands in a box of its own, and of a list all choices are shown; people read the number and what is chosen.
func TestCombsAndChoices(t *testing.T) {
	number, list := field(120, 100, 200), mupdf.Field{Place: mupdf.Place{X0: 116, Y0: 120, X1: 300, Y1: 170}, Choice: true, Value: "lime\nsand"}
	number.Value = "4711"
	lines := []mupdf.Line{at(50, 100, "Number"), at(50, 132, "Goods"), at(50, 300, "Thank you")}
	for i, c := range []string{"4", "7", "1", "1"} {
		lines = append(lines, at(120+20*float64(i), 100, c))
	}
	lines = append(lines, at(120, 132, "stone"), at(120, 146, "lime"), at(120, 160, "sand"))
	if got, want := formOf([]mupdf.Field{number, list}, lines...), "Number\t4711|Goods\tstone|☒ lime|☒ sand|Thank you"; got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	number.Value = "4712" // says something else: what is drawn is left alone
	if got := formOf([]mupdf.Field{number}, lines[:7]...); !strings.Contains(got, "Number\t4\t7\t1\t1") {
		t.Errorf("%q", got)
	}
}

// A ticked box far from all words is said by its name, once.
func TestATickWithoutWords(t *testing.T) {
	fields := []mupdf.Field{{Place: mupdf.Place{X0: 500, Y0: 600, X1: 512, Y1: 612}, Ticked: true, Label: "Wants a call"}}
	if got := formOf(fields, at(50, 100, "A form"), at(50, 120, "of two lines")); got != "A form|of two lines|☒ Wants a call" {
		t.Error(got)
	}
}
