package layout

import (
	"testing"
	"unicode"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/page/mupdf"
)

// seen sets s as it looks on paper, from left to right; only letters of right-to-left scripts are
// known as such, as MuPDF gives them in a line that begins with something else.
func seen(s string, x float64) mupdf.Line {
	l := mupdf.Line{DX: 1, Size: 10, X0: x, Y0: 92, Y1: 102, Base: 100}
	for _, r := range s {
		if r == '_' {
			x += 30
			continue
		}
		l.Chars = append(l.Chars, mupdf.Char{R: r, A: x, B: x + 5, Size: 10, RTL: unicode.Is(unicode.Hebrew, r)})
		x += 5
	}
	l.X1 = x
	return l
}

func TestReadLeftward(t *testing.T) {
	for _, c := range []struct{ what, in, want string }{
		{"a full stop", ".םלוכ םולש", "שלום כולם."},
		{"numbers and brackets", "ת (4)(ב)15 ףיעס", "סעיף 15(ב)(4) ת"},
		{"brackets by their shape", "ת (ב) ףיעס", "סעיף (ב) ת"},
		{"Latin words", "ל Windows 10-ו תומוקמ", "מקומות ו-Windows 10 ל"},
		{"per cent and a point", "לכה ,12.5% הז", "זה 12.5%, הכל"},
	} {
		l := seen(c.in, 0)
		if c.what == "numbers and brackets" {
			for i, k := range l.Chars { // this file names brackets by their meaning
				if o := brackets[k.R]; o != 0 {
					l.Chars[i].R = o
				}
			}
		}
		if got := lineText(l); got != c.want {
			t.Errorf("%s: %q, want %q", c.what, got, c.want)
		}
	}
	if _, ok := readLeftward(seen("12_םלוכ םולש", 0).Chars); ok {
		t.Error("columns side by side are read as one line")
	}
}

func TestPiecesOfALineGoLeft(t *testing.T) {
	if got := textOf(seen("םלועו ", 50), seen(".תפסונ ", 15)); got != "ועולם נוספת." {
		t.Error(got)
	}
}
