package layout

import (
	"strings"
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

// flatColumn gives each letter of s a line of its own in a font for horizontal writing, one below the other.
func flatColumn(s string, x, y, step float64) (out []mupdf.Line) {
	for _, r := range s {
		out = append(out, mupdf.Line{X0: x, Y0: y, X1: x + 10, Y1: y + 12, Base: y + 10, Size: 10, DX: 1,
			Chars: []mupdf.Char{{R: r, A: x, B: x + 10, Size: 10}}})
		y += step
	}
	return out
}

func TestColumnsOfSingleLetters(t *testing.T) {
	two := append(flatColumn("町は来年の春に︑", 50, 0, 12), flatColumn("費用は四万円だ︒", 30, 0, 12)...)
	if got, _ := Page(&mupdf.PageLines{W: 100, H: 100, Lines: two}); got != "町は来年の春に、\n費用は四万円だ。" {
		t.Errorf("two columns: %q", got)
	}
	far := append(flatColumn("春夏秋冬春夏秋冬", 50, 0, 20), flatColumn("上下左右上下左右", 30, 0, 20)...)
	if got, _ := Page(&mupdf.PageLines{W: 100, H: 200, Lines: far}); strings.Contains(got, "春夏秋冬") {
		t.Errorf("rows of a table became a column: %q", got)
	}
	mixed := append(flatColumn("春夏秋冬春夏秋冬", 50, 0, 12), flatColumn("abcdefgh", 30, 0, 12)...)
	if got, _ := Page(&mupdf.PageLines{W: 100, H: 200, Lines: mixed}); strings.Contains(got, "春夏秋冬") {
		t.Errorf("a table of letters became a column: %q", got)
	}
}
