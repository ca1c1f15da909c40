// Package numfmt shows spreadsheet numbers as their cell formats show them: dates, times, percent,
// thousands and decimals. What a format adds beyond that is left out.
package numfmt

import (
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/internal/pattern"
)

// builtin formats by number, as the file formats fix them.
var builtin = map[int]string{
	0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 5: `"$"#,##0`, 6: `"$"#,##0`, 7: `"$"#,##0.00`, 8: `"$"#,##0.00`, 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??",
	14: "yyyy-mm-dd", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "yyyy-mm-dd h:mm",
	37: "#,##0;(#,##0)", 38: "#,##0;(#,##0)", 39: "#,##0.00;(#,##0.00)", 40: "#,##0.00;(#,##0.00)", 41: "#,##0", 42: `"$"#,##0`, 43: "#,##0.00", 44: `"$"#,##0.00`,
	45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0", 49: "@",
	27: "yyyy/m/d", 28: "m/d/yy", 29: "m/d/yy", 30: "m/d/yy", 31: "yyyy/m/d", 32: "h:mm", 33: "h:mm:ss", 34: "h:mm AM/PM", 35: "h:mm:ss AM/PM", 36: "yyyy/m/d",
	50: "yyyy/m/d", 51: "m/d", 52: "yyyy/m", 53: "m/d", 54: "m/d", 55: "h:mm", 56: "h:mm:ss", 57: "yyyy/m/d", 58: "m/d",
}

// Formats are the formats that a workbook defines itself, by their numbers.
type Formats map[int]string

// Of is the format with a number: the workbook's own, else the one that the file formats fix; "General" when there is neither.
func (f Formats) Of(id int) string {
	if own, ok := f[id]; ok {
		return own
	}
	if f, ok := builtin[id]; ok {
		return f
	}
	return "General"
}

// Format shows v in the given format, as in "#,##0.00;[Red]-0"; dates are days since 1900, or since 1904 as in old Macintosh files.
// It is "" for what is no number.
func Format(v float64, format string, date1904 bool) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return ""
	}
	sec, signed := section(format, v)
	switch {
	case sec == "" || strings.EqualFold(sec, "General") || sec == "@":
		return General(v)
	case isDate(sec):
		if s, ok := date(v, sec, date1904); ok {
			return s
		}
		return General(v)
	}
	return number(v, sec, signed)
}

// General shows a number the way a cell without a format does.
func General(v float64) string {
	if v == math.Trunc(v) && math.Abs(v) < 1e15 {
		return strconv.FormatFloat(v, 'f', 0, 64)
	}
	if a := math.Abs(v); a >= 1e-5 && a < 1e15 {
		s := strconv.FormatFloat(v, 'g', 15, 64)
		if !strings.ContainsAny(s, "eE") {
			return s
		}
		return strings.TrimRight(strings.TrimRight(strconv.FormatFloat(v, 'f', 15, 64), "0"), ".")
	}
	return strings.ToUpper(strconv.FormatFloat(v, 'g', 15, 64))
}

// Bool shows a truth value the way a cell does.
func Bool(v bool) string {
	if v {
		return "TRUE"
	}
	return "FALSE"
}

// section picks the part of a format for the value, by its conditions or by its sign; signed says that
// a minus has to be written.
func section(f string, v float64) (sec string, signed bool) {
	parts, conds := sections(f)
	if conds != nil {
		for i, c := range conds {
			if c.holds(v) {
				return parts[i], c.limit > 0 || v < c.limit
			}
		}
		if last := len(parts) - 1; conds[last].op == "" {
			return parts[last], true
		}
		return "General", true
	}
	switch {
	case v < 0 && len(parts) > 1:
		return parts[1], false
	case v == 0 && len(parts) > 2:
		return parts[2], true
	}
	return parts[0], true
}

// conditions of sections, as in [>=1000]0.0,"K".
var conditions = pattern.Lazily(`\[(<=|>=|<>|<|>|=)\s*(-?[\d.]+)\]`)

type cond struct {
	op    string // "" when the section has none
	limit float64
}

func (c cond) holds(v float64) bool {
	switch c.op {
	case "<":
		return v < c.limit
	case "<=":
		return v <= c.limit
	case ">":
		return v > c.limit
	case ">=":
		return v >= c.limit
	case "=":
		return v == c.limit
	case "<>":
		return v != c.limit
	}
	return false
}

func split(f string) []string {
	var out []string
	start, quoted := 0, false
	for i := 0; i < len(f); i++ {
		switch {
		case f[i] == '\\':
			i++
		case f[i] == '"':
			quoted = !quoted
		case f[i] == ';' && !quoted:
			out = append(out, f[start:i])
			start = i + 1
		}
	}
	return append(out, f[start:])
}

// isDate looks for date letters outside quotes, brackets and escapes.
func isDate(f string) bool {
	for i := 0; i < len(f); i++ {
		if hasFold(f[i:], "general") {
			i += len("general") - 1
			continue
		}
		switch c := f[i]; c {
		case '\\', '_', '*':
			i++
		case '"':
			if j := strings.IndexByte(f[i+1:], '"'); j >= 0 {
				i += j + 1
			}
		case '[':
			j := strings.IndexByte(f[i:], ']')
			if j < 0 {
				return false
			}
			if strings.Trim(strings.ToLower(f[i+1:i+j]), "hms") == "" {
				return true
			}
			i += j
		case 'y', 'Y', 'd', 'D', 'h', 'H', 's', 'S', 'm', 'M', 'e', 'g', 'b':
			return true
		case 'a':
			if strings.HasPrefix(f[i:], "aaa") {
				return true
			}
		case 'E', '0', '#', '?':
			return false
		}
	}
	return false
}

// day turns a serial number into a time; false outside what Excel shows.
func day(v float64, date1904 bool) (time.Time, bool) {
	if v < 0 || v > 2958466 {
		return time.Time{}, false
	}
	base := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	if date1904 {
		base = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	} else if v < 60 {
		base = time.Date(1899, 12, 31, 0, 0, 0, 0, time.UTC)
	}
	whole := math.Floor(v)
	ms := math.Round((v - whole) * 86400000)
	return base.AddDate(0, 0, int(whole)).Add(time.Duration(ms) * time.Millisecond), true
}
