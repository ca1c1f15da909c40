package numfmt

import "testing"

func TestFormat(t *testing.T) {
	for _, c := range []struct {
		v    float64
		f    string
		want string
	}{
		{1234.5, "General", "1234.5"}, {0.1 + 0.2, "General", "0.3"}, {1e20, "General", "1E+20"},
		{1234.567, "#,##0.00", "1,234.57"}, {0.256, "0.0%", "25.6%"}, {-5, "0.00;(0.00)", "(5.00)"}, {-5, "0", "-5"}, {0, "0;-0;\"none\"", "none"},
		{7, "000", "007"}, {12, `"$"#,##0`, "$12"}, {1.5, "# ?/?", "1 1/2"}, {0.25, "# ?/?", "1/4"}, {-2.375, "# ??/??", "-2 3/8"}, {3, "# ?/?", "3"}, {0.999, "# ?/?", "1"}, {2.5, "?/?", "5/2"}, {0.5, "# ?/8", "4/8"}, {1e12, "# ?/?", "1000000000000"}, {1500000, "0.0,,\"M\"", "1.5M"}, {12345, "0.00E+00", "1.23E+04"},
		{45292, "yyyy-mm-dd", "2024-01-01"}, {45292, "[$-409]M/D/YYYY", "1/1/2024"}, {45292, "d. mmmm yyyy", "1. January 2024"},
		{45292.75, "h:mm AM/PM", "6:00 PM"}, {45292.75, "yyyy-mm-dd hh:mm", "2024-01-01 18:00"}, {0.5, "mm:ss", "00:00"}, {1.5, "[h]:mm:ss", "36:00:00"},
		{59, "yyyy-mm-dd", "1900-02-28"}, {61, "yyyy-mm-dd", "1900-03-01"}, {1, "[$€-407] 0.00", "€ 1.00"},
	} {
		if got := Format(c.v, c.f, false); got != c.want {
			t.Errorf("%v as %q: got %q, want %q", c.v, c.f, got, c.want)
		}
	}
	if got := Format(43830, "yyyy-mm-dd", true); got != "2024-01-01" {
		t.Errorf("1904 epoch: %q", got)
	}
}

func FuzzFormat(f *testing.F) {
	f.Add(1.5, `[$-409]d"x"mmm\-yy;@`)
	f.Fuzz(func(t *testing.T, v float64, format string) { Format(v, format, false) })
}
