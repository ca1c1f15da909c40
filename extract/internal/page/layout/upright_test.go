package layout

import (
	"math"
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/page/mupdf"
)

// turnedBy is a line of an upright page 600 by 800 as it stands when the page is turned clockwise by quarters of a circle.
func turnedBy(quarters int, l mupdf.Line) mupdf.Line {
	w, h := 600.0, 800.0
	l.Start = l.X0
	for range quarters {
		turn := func(x, y float64) (float64, float64) { return h - y, x }
		a, b := turn(l.X0, l.Y0)
		c, d := turn(l.X1, l.Y1)
		l.X0, l.Y0, l.X1, l.Y1 = math.Min(a, c), math.Min(b, d), math.Max(a, c), math.Max(b, d)
		l.Start, l.Base = turn(l.Start, l.Base)
		l.DX, l.DY = -l.DY, l.DX
		w, h = h, w
	}
	return l
}

func turnedField(quarters int, f mupdf.Field) mupdf.Field {
	l := turnedBy(quarters, mupdf.Line{X0: f.X0, Y0: f.Y0, X1: f.X1, Y1: f.Y1})
	f.Place = mupdf.Place{X0: l.X0, Y0: l.Y0, X1: l.X1, Y1: l.Y1}
	return f
}

// A page reads the same whichever way it is turned: its rows, its fields and their labels.
func TestTurnedPagesAreReadAsUprightOnes(t *testing.T) {
	lines := []mupdf.Line{at(50, 60, "Application"), at(50, 100, "Name:"), at(300, 100, "Born:"), at(50, 130, "Street:"), at(70, 160, "I agree"), at(120, 99, "Ada"), at(360, 99, "1815"), at(120, 131, "Example Road")}
	fields := []mupdf.Field{field(120, 99, 100), field(360, 99, 60), field(120, 131, 150), {Place: mupdf.Place{X0: 50, Y0: 151, X1: 62, Y1: 163}, Ticked: true}}
	const want = "Application|Name:\tAda|Born:\t1815|Street:\tExample Road|☒ I agree"
	for quarters := range 4 {
		p := mupdf.PageLines{W: 600, H: 800}
		if quarters%2 == 1 {
			p.W, p.H = p.H, p.W
		}
		for _, l := range lines {
			p.Lines = append(p.Lines, turnedBy(quarters, l))
		}
		for _, f := range fields {
			p.Fields = append(p.Fields, turnedField(quarters, f))
		}
		before := p.Lines[0]
		text, _ := Page(&p)
		if got := strings.Join(strings.FieldsFunc(text, func(r rune) bool { return r == '\n' }), "|"); got != want {
			t.Errorf("turned %d times: %q", quarters, got)
		}
		if after := p.Lines[0]; after.X0 != before.X0 || after.DX != before.DX {
			t.Error("the page's own lines were changed")
		}
	}
}

// Labels that run up a page of upright text stay where they were.
func TestAFewTurnedLinesTurnNoPage(t *testing.T) {
	lines := []mupdf.Line{at(50, 60, "above"), turnedBy(3, at(50, 60, "a label that is long")), turnedBy(3, at(50, 90, "another label as long")), at(50, 300, "below")}
	if text, _ := Page(&mupdf.PageLines{W: 600, H: 800, Lines: lines}); !strings.HasPrefix(text, "above") || !strings.HasSuffix(text, "below") {
		t.Errorf("%q", text)
	}
}
