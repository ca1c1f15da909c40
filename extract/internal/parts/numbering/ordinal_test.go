package numbering

import "testing"

func TestText(t *testing.T) {
	for _, c := range []struct {
		n      int
		format string
		want   string
	}{
		{4, "lowerRoman", "iv"}, {1999, "upperRoman", "MCMXCIX"}, {4000, "upperRoman", "4000"}, {27, "lowerLetter", "aa"}, {26, "upperLetter", "Z"}, {0, "upperLetter", "0"},
		{0, "ordinal", "0th"}, {1, "ordinal", "1st"}, {12, "ordinal", "12th"}, {22, "ordinal", "22nd"}, {7, "decimalZero", "07"}, {9, "none", ""}, {3, "decimalEnclosedCircle", "③"},
		{25, "decimalEnclosedCircle", "25"}, {21, "chineseCounting", "二十一"}, {10, "chineseCounting", "十"}, {-5, "lowerLetter", "-5"}, {1 << 30, "lowerLetter", "1073741824"}, {2, "something", "2"},
		{12, "decimalFullWidth", "１２"}, {31, "russianLower", "бб"},
	} {
		if got := Text(c.n, c.format); got != c.want {
			t.Errorf("%d as %s: %q, want %q", c.n, c.format, got, c.want)
		}
	}
}
