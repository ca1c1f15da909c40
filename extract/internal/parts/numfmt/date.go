package numfmt

import (
	"fmt"
	"strings"
	"time"
)

// date writes a serial number by a date format.
func date(v float64, f string, date1904 bool) (string, bool) {
	t, ok := day(v, date1904)
	if !ok {
		return "", false
	}
	cal := calendarOf(f)
	half := strings.Contains(strings.ToUpper(f), "AM/PM") || strings.Contains(strings.ToUpper(f), "A/P")
	if !strings.Contains(f, ".0") {
		t = t.Add(500 * time.Millisecond).Truncate(time.Second)
	}
	var b strings.Builder
	hours := false // an hour or second next to "m" makes it minutes
	for i := 0; i < len(f); {
		c := f[i] | 0x20
		run := 1
		for i+run < len(f) && f[i+run]|0x20 == c {
			run++
		}
		switch {
		case f[i] == '\\' && i+1 < len(f):
			b.WriteByte(f[i+1])
			run = 2
		case f[i] == '_' || f[i] == '*':
			run = min(2, len(f)-i)
		case f[i] == '"':
			j := strings.IndexByte(f[i+1:], '"')
			if j < 0 {
				j = len(f) - i - 1
			}
			b.WriteString(f[i+1 : i+1+j])
			run = min(j+2, len(f)-i)
		case f[i] == '[':
			j := strings.IndexByte(f[i:], ']')
			if j < 0 {
				return "", false
			}
			hours = elapsed(&b, strings.ToLower(f[i+1:i+j]), v) || hours
			run = j + 1
		case hasFold(f[i:], "am/pm"):
			b.WriteString(t.Format("PM"))
			run = 5
		case hasFold(f[i:], "a/p"):
			b.WriteString(t.Format("PM")[:1])
			run = 3
		case hasFold(f[i:], "general"):
			run = 7
		case hasFold(f[i:], "b1"), hasFold(f[i:], "b2"):
			run = 2
		case c == 'm' && (hours || secondsFollow(f[i+run:])):
			fmt.Fprintf(&b, "%0*d", min(run, 2), t.Minute())
			hours = false
		case c == 'h':
			h := t.Hour()
			if half {
				if h = h % 12; h == 0 {
					h = 12
				}
			}
			fmt.Fprintf(&b, "%0*d", min(run, 2), h)
			hours = true
		case c == 's':
			fmt.Fprintf(&b, "%0*d", min(run, 2), t.Second())
		case f[i] == '.' && i+1 < len(f) && f[i+1] == '0':
			for run = 1; i+run < len(f) && f[i+run] == '0'; run++ {
			}
			b.WriteString(fmt.Sprintf("%.9f", float64(t.Nanosecond())/1e9)[1 : run+1])
		default:
			said, ok := cal.element(t, c, run)
			if !ok {
				said = strings.Repeat(string(f[i]), run)
			}
			b.WriteString(said)
		}
		i += run
	}
	return strings.TrimSpace(b.String()), true
}

func hasFold(s, p string) bool { return len(s) >= len(p) && strings.EqualFold(s[:len(p)], p) }

// secondsFollow says that the next date letter is s.
func secondsFollow(f string) bool {
	for i := range len(f) {
		switch f[i] | 0x20 {
		case 's':
			return true
		case 'y', 'd', 'm', 'h':
			return false
		}
	}
	return false
}

// elapsed writes [h], [m] or [s]: time without a day's limit. Locale and colour brackets write nothing.
func elapsed(b *strings.Builder, in string, v float64) bool {
	total := int64(v*86400 + 0.5)
	if in == "" || strings.Trim(in, "hms") != "" {
		return false
	}
	switch {
	case strings.HasPrefix(in, "h"):
		fmt.Fprintf(b, "%0*d", len(in), total/3600)
	case strings.HasPrefix(in, "m"):
		fmt.Fprintf(b, "%0*d", len(in), total/60)
	case strings.HasPrefix(in, "s"):
		fmt.Fprintf(b, "%0*d", len(in), total)
	}
	return true
}
