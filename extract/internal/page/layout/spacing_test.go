package layout

import (
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/page/mupdf"
)

// typed sets s in a 10 pt font of 5 pt wide letters. In s, '_' is a gap of the given width in
// font sizes without any character, '~' a space MuPDF put into such a gap.
func typed(s string, gap float64) mupdf.Line {
	l := mupdf.Line{DX: 1, Size: 10}
	x := 0.0
	for _, r := range s {
		switch r {
		case '_':
			x += gap * 10
			continue
		case '~':
			l.Chars = append(l.Chars, mupdf.Char{R: ' ', A: x, B: x + gap*10, Size: 10, Synthetic: true})
			x += gap * 10
			continue
		}
		l.Chars = append(l.Chars, mupdf.Char{R: r, A: x, B: x + 5, Size: 10})
		x += 5
	}
	l.X1 = x
	return l
}

func TestLineText(t *testing.T) {
	for _, c := range []struct {
		what, in string
		gap      float64
		want     string
	}{
		{"tight spacing without space characters", "has_passed_away,_his", 0.13, "has passed away, his"},
		{"kerning is no space", "A_V_A_T_AR", 0.06, "AVATAR"},
		{"capitals of a formula", "triangle P_Q_R", 0.14, "triangle PQR"},
		{"guessed spaces stay at real gaps", "one~two", 0.25, "one two"},
		{"a guessed space without a gap goes", "on~e", 0.02, "one"},
		{"a spaced-out heading is one word", "C~H~A~P~T~E~R", 0.3, "CHAPTER"},
		{"digits of a table are no heading", "1~2~3~4~5~6~7", 0.3, "1 2 3 4 5 6 7"},
		{"real spaces stay", "a b", 0, "a b"},
		{"no spaces between Han", "中_文_字", 0.2, "中文字"},
	} {
		if got := lineText(typed(c.in, c.gap)); got != c.want {
			t.Errorf("%s: %q, want %q", c.what, got, c.want)
		}
	}
}

func TestSpacedOutWordsKeepTheirBorder(t *testing.T) {
	l := mupdf.Line{DX: 1}
	x := 0.0
	for _, r := range "CHAPTER|ONE" {
		if r == '|' {
			x += 8
			continue
		}
		l.Chars = append(l.Chars, mupdf.Char{R: r, A: x, B: x + 5, Size: 10})
		x += 8
	}
	if got := lineText(l); got != "CHAPTER ONE" {
		t.Errorf("%q", got)
	}
}

func TestFakeBoldIsReadOnce(t *testing.T) {
	l := typed("Hello", 0)
	var twice []mupdf.Char
	for _, c := range l.Chars {
		d := c
		d.A, d.B = d.A+0.3, d.B+0.3
		twice = append(twice, c, d)
	}
	l.Chars = twice
	if got := lineText(l); got != "Hello" {
		t.Errorf("%q", got)
	}
}

// An Arabic word in an English sentence keeps a space on both sides.
func TestSpacesAroundArabicWord(t *testing.T) {
	var l mupdf.Line
	add := func(r rune, a, b float64, rtl bool) {
		l.Chars = append(l.Chars, mupdf.Char{R: r, A: a, B: b, Size: 10, RTL: rtl})
	}
	for i, r := range "Hello " {
		add(r, float64(i)*5, float64(i)*5+5, false)
	}
	add(' ', 50, 55, true)
	for i, r := range []rune("محمد") {
		add(r, 45-float64(i)*5, 50-float64(i)*5, true)
	}
	for i, r := range "World" {
		add(r, 55+float64(i)*5, 60+float64(i)*5, false)
	}
	if got := cleanLine(lineText(l)); got != "Hello محمد World" {
		t.Errorf("%q", got)
	}
}
