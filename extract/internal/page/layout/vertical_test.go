package layout

import (
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/page/mupdf"
)

// upright gives each letter of s the em square of 10 points at (x, y), a step farther each.
func upright(s string, x, y, dx, dy float64) (out []mupdf.Line) {
	for _, r := range s {
		out = append(out, mupdf.Line{X0: x, Y0: y, X1: x + 10, Y1: y + 10, Base: y + 10, Size: 10, DY: 1, Vertical: true,
			Chars: []mupdf.Char{{R: r, A: y + 10, B: y, Size: 10}}})
		x, y = x+dx, y+dy
	}
	return out
}

func TestVerticalLetters(t *testing.T) {
	for _, c := range []struct {
		what string
		in   []mupdf.Line
		want string
	}{
		{"below one another, columns from the right", append(upright("日本語", 50, 0, 0, 10), upright("文字", 30, 0, 0, 10)...), "日本語\n文字"},
		{"side by side", append(upright("Two words", 0, 0, 6, 0), upright("below", 0, 14, 6, 0)...), "Two words\nbelow"},
		{"far apart", upright("ab", 0, 0, 40, 0), "a\nb"},
	} {
		if got, _ := Page(&mupdf.PageLines{W: 100, H: 100, Lines: c.in}); got != c.want {
			t.Errorf("%s: %q, want %q", c.what, got, c.want)
		}
	}
}
