package layout

import (
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/page/mupdf"
)

// placed gives right-to-left characters at the given left ends, 5 points wide in 10 pt, where a
// width is not given.
func placed(s string, at []float64, width map[int]float64) mupdf.Line {
	l := mupdf.Line{DX: 1, Size: 10}
	for i, r := range []rune(s) {
		w, ok := width[i]
		if !ok {
			w = 5
		}
		l.Chars = append(l.Chars, mupdf.Char{R: r, A: at[i], B: at[i] + w, Size: 10, RTL: true, Synthetic: r == '~'})
		if r == '~' {
			l.Chars[i].R = ' '
		}
	}
	return l
}

func TestRightToLeft(t *testing.T) {
	for _, c := range []struct {
		what, in string
		at       []float64
		width    map[int]float64
		want     string
	}{
		{"plain", "كتاب", []float64{15, 10, 5, 0}, nil, "كتاب"},
		{"the letters of a ligature", "اخلط", []float64{15, 15, 10, 5}, map[int]float64{1: 0}, "الخط"},
		{"a space drawn over a letter", "كّ ت", []float64{15, 15, 15.5, 10}, map[int]float64{1: 0, 2: 4}, "كّت"},
		{"a space after a letter with a mark", "كّ ت", []float64{15, 15, 12, 7}, map[int]float64{1: 0, 2: 3}, "كّ ت"},
		{"digits", "عام ٤٣٤١", []float64{35, 30, 25, 20, 15, 10, 5, 0}, nil, "عام ١٤٣٤"},
		{"a number with its point", "٥.٢١", []float64{15, 10, 5, 0}, nil, "١٢.٥"},
	} {
		if got := lineText(placed(c.in, c.at, c.width)); got != c.want {
			t.Errorf("%s: %q, want %q", c.what, got, c.want)
		}
	}
}
