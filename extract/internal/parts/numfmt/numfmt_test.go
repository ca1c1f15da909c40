package numfmt

import (
	"strings"
	"testing"
)

func TestFormat(t *testing.T) {
	for _, c := range []struct {
		v    float64
		f    string
		want string
	}{
		{1234.5, "General", "1234.5"}, {0.1 + 0.2, "General", "0.3"}, {1e20, "General", "1E+20"},
		{1234.567, "#,##0.00", "1,234.57"}, {0.256, "0.0%", "25.6%"}, {-5, "0.00;(0.00)", "(5.00)"}, {-5, "0", "-5"}, {0, "0;-0;\"none\"", "none"},
		{7, "000", "007"}, {12, `"$"#,##0`, "$12"}, {1.5, "# ?/?", "1 1/2"}, {0.25, "# ?/?", "1/4"}, {-2.375, "# ??/??", "-2 3/8"}, {3, "# ?/?", "3"}, {0.999, "# ?/?", "1"}, {2.5, "?/?", "5/2"}, {0.5, "# ?/8", "4/8"}, {1e12, "# ?/?", "1000000000000"}, {1500000, "0.0,,\"M\"", "1.5M"}, {12345, "0.00E+00", "1.23E+04"},
		{12.5, "0", "13"}, {0.285, "0%", "29%"}, {9.995, "0.00", "10.00"}, {-0.2, "0", "0"}, {123456789, "000-00-0000", "123-45-6789"}, {5551234567, "[<=9999999]###-####;(###) ###-####", "(555) 123-4567"}, {5551234, "[<=9999999]###-####;(###) ###-####", "555-1234"},
		{1500, `[>=1000000]0.0,,"M";[>=1000]0.0,"K";0`, "1.5K"}, {3, `[>=1000000]0.0,,"M";[>=1000]0.0,"K";0`, "3"}, {12345, "##0.0E+0", "12.3E+3"}, {7, `0"%"`, "7%"}, {0, `_("$"* #,##0.00_);_("$"* (#,##0.00);_("$"* "-"??_);_(@_)`, "$-"},
		{1234567, "# ##0", "1234 567"}, {5, `"Total: "General`, "Total: 5"}, {-5, `0;"minus "0`, "minus 5"}, {1234567.5, "#,##0.0#", "1,234,567.5"},
		{45292, "yyyy-mm-dd", "2024-01-01"}, {45292, "[$-409]M/D/YYYY", "1/1/2024"}, {45292, "d. mmmm yyyy", "1. January 2024"},
		{45292.75, "h:mm AM/PM", "6:00 PM"}, {45292.75, "yyyy-mm-dd hh:mm", "2024-01-01 18:00"}, {0.5, "mm:ss", "00:00"}, {1.5, "[h]:mm:ss", "36:00:00"},
		{59, "yyyy-mm-dd", "1900-02-28"}, {61, "yyyy-mm-dd", "1900-03-01"}, {1, "[$€-407] 0.00", "€ 1.00"},
	} {
		if got := Format(c.v, c.f, false); got != c.want {
			t.Errorf("%v as %q: got %q, want %q", c.v, c.f, got, c.want)
		}
	}
	// 44197 is 1 January 2021, a Friday.
	for f, want := range map[string]string{
		`[$-411]ggge"年"m"月"d"日";@`: "令和3年1月1日", `[$-411]ge.m.d;@`: "R3.1.1", `[$-411]gge"年"`: "令3年", `[$-411]aaa`: "金", `[$-411]aaaa`: "金曜日", `[$-804]aaaa;@`: "星期五",
		`[$-107041E]d mmmm yyyy;@`: "1 มกราคม 2564", `[$-41E]d/m/bbbb`: "1/1/2564", `[$-404]e/m/d`: "110/1/1", `[$-407]d. mmmm yyyy;@`: "1. Januar 2021", `[$-407]ddd, d. mmm`: "Fr, 1. Jan",
		`[$-40C]dddd d mmmm yyyy;@`: "vendredi 1 janvier 2021", `[$-419]d mmmm yyyy;@`: "1 января 2021", `[$-1170000]B2yyyy/mm/dd;@`: "1442/05/17", `[$-412]yyyy"년" m"월" d"일" dddd;@`: "2021년 1월 1일 금요일",
		`[$-409]mmmmm`: "J", `[$-F800]dddd, mmmm dd, yyyy`: "Friday, January 01, 2021", `b1yyyy`: "2021", `[$-405]d. mmmm`: "1. ledna",
	} {
		if got := Format(44197, f, false); got != want {
			t.Errorf("%q: got %q, want %q", f, got, want)
		}
	}
	if got := Format(43586, "[$-411]ggge", false); got != "令和1" {
		t.Errorf("the first day of an era: %q", got)
	}
	if got := Format(43585, "[$-411]ggge", false); got != "平成31" {
		t.Errorf("the last day of an era: %q", got)
	}
	if got := Format(43830, "yyyy-mm-dd", true); got != "2024-01-01" {
		t.Errorf("1904 epoch: %q", got)
	}
}

func FuzzFormat(f *testing.F) {
	f.Add(1.5, `[$-409]d"x"mmm\-yy;@`)
	f.Fuzz(func(t *testing.T, v float64, format string) { Format(v, format, false) })
}

func TestFormatIsBounded(t *testing.T) {
	for _, f := range []string{"#,##0", strings.Repeat("0", 1000) + "." + strings.Repeat("0", 1000), "0E+" + strings.Repeat("0", 1000), strings.Repeat("%", 1000) + "0"} {
		if got := Format(1e300, f, false); len(got) > 4000 {
			t.Errorf("%.20s: %d bytes", f, len(got))
		}
	}
}
