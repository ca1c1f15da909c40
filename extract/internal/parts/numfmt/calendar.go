package numfmt

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// calendar is how a format counts years and names months: by its language and by the kind of calendar it asks for.
type calendar struct {
	lang     string
	taiwan   bool // years of the Republic of China
	buddhist bool // every year is a Buddhist one
	hijri    bool
}

// languages of spreadsheets by the primary part of their LCID ([MS-LCID]).
var languages = map[uint64]string{
	0x01: "ar", 0x02: "bg", 0x03: "ca", 0x04: "zh", 0x05: "cs", 0x06: "da", 0x07: "de", 0x08: "el", 0x09: "en", 0x0a: "es", 0x0b: "fi", 0x0c: "fr", 0x0d: "he", 0x0e: "hu",
	0x0f: "is", 0x10: "it", 0x11: "ja", 0x12: "ko", 0x13: "nl", 0x14: "nb", 0x15: "pl", 0x16: "pt", 0x18: "ro", 0x19: "ru", 0x1a: "hr", 0x1b: "sk", 0x1d: "sv", 0x1e: "th", 0x1f: "tr",
	0x21: "id", 0x22: "uk", 0x24: "sl", 0x25: "et", 0x26: "lv", 0x27: "lt", 0x29: "fa", 0x2a: "vi", 0x2d: "eu", 0x39: "hi", 0x56: "gl", 0x7c1a: "sr",
}

// Kinds of calendars in the third byte of a format's locale.
const (
	taiwanCalendar   = 4
	hijriCalendar    = 6
	buddhistCalendar = 7
	hijriCalendar2   = 0x17 // Um al-Qura
)

// calendarOf reads [$-107041E] and the prefix B2.
func calendarOf(f string) calendar {
	var c calendar
	if i := strings.Index(f, "[$"); i >= 0 {
		in, _, _ := strings.Cut(f[i+2:], "]")
		_, code, _ := strings.Cut(in, "-")
		n, err := strconv.ParseUint(code, 16, 32)
		if err == nil {
			c.lang = languages[n&0x3ff]
			if n&0xffff == 0x404 || n>>16&0xff == taiwanCalendar {
				c.taiwan = true
			}
			switch n >> 16 & 0xff {
			case buddhistCalendar:
				c.buddhist = true
			case hijriCalendar, hijriCalendar2:
				c.hijri = true
			}
		}
	}
	if _, rest, ok := strings.Cut(f, "]"); ok || c.lang == "" {
		if !ok {
			rest = f
		}
		c.hijri = c.hijri && !hasFold(rest, "b1") || hasFold(rest, "b2")
	}
	return c
}

// names is the n-th of a list of dateNames: 0 months, 1 their short forms, 2 weekdays, 3 their short forms.
func (c calendar) name(list, n int) string {
	names, ok := dateNames[c.lang]
	if !ok {
		names = dateNames["en"]
	}
	parts := strings.Split(names[list], "|")
	return parts[n%len(parts)]
}

// year, month and day of t.
func (c calendar) date(t time.Time) (year, month, day int) {
	switch {
	case c.hijri:
		return hijri(t)
	case c.buddhist:
		return t.Year() + buddhistEra, int(t.Month()), t.Day()
	}
	return t.Year(), int(t.Month()), t.Day()
}

// buddhistEra is the Buddhist year less that of Christ.
const buddhistEra = 543

// hijri is the tabular Islamic calendar with leap years 2, 5, 7, 10, 13, 16, 18, 21, 24, 26 and 29 of thirty, as spreadsheets count.
func hijri(t time.Time) (year, month, day int) {
	const epoch = 1948440 // Julian day of 1 Muharram 1
	days := int(t.Truncate(24*time.Hour).Unix()/86400) + 2440588 - epoch
	if days < 0 {
		return t.Year(), int(t.Month()), t.Day()
	}
	year = (30*days + 10646) / 10631
	start := func(y, m int) int { return (11*y+3)/30 + 354*(y-1) + 29*(m-1) + m/2 }
	month = 12
	for month > 1 && days < start(year, month) {
		month--
	}
	return year, month, days - start(year, month) + 1
}

// eras of Japan, the last first; a year of them counts from its first day on.
var eras = []struct {
	from          time.Time
	letter, kanji string
}{
	{time.Date(2019, 5, 1, 0, 0, 0, 0, time.UTC), "R", "令和"},
	{time.Date(1989, 1, 8, 0, 0, 0, 0, time.UTC), "H", "平成"},
	{time.Date(1926, 12, 25, 0, 0, 0, 0, time.UTC), "S", "昭和"},
	{time.Date(1912, 7, 30, 0, 0, 0, 0, time.UTC), "T", "大正"},
	{time.Date(1868, 1, 1, 0, 0, 0, 0, time.UTC), "M", "明治"},
}

// era is the name of an era, by the number of its g, and the year in it.
func (c calendar) era(t time.Time, run int) (name string, year int) {
	switch {
	case c.taiwan && t.Year() > 1911:
		return []string{"國", "民國", "中華民國"}[min(run, 3)-1], t.Year() - 1911
	case c.lang == "ja":
		for _, e := range eras {
			if !t.Before(e.from) {
				short, _, _ := strings.Cut(e.kanji, string([]rune(e.kanji)[1]))
				return []string{e.letter, short, e.kanji}[min(run, 3)-1], t.Year() - e.from.Year() + 1
			}
		}
	}
	return "", t.Year()
}

// elementOf writes a run of one letter that is an element of a calendar; false for another letter.
func (c calendar) element(t time.Time, letter byte, run int) (string, bool) {
	year, month, day := c.date(t)
	switch letter {
	case 'y':
		if run <= 2 {
			return fmt.Sprintf("%02d", year%100), true
		}
		return strconv.Itoa(year), true
	case 'b':
		year = t.Year() + buddhistEra
		if run <= 2 {
			return fmt.Sprintf("%02d", year%100), true
		}
		return strconv.Itoa(year), true
	case 'e':
		_, year = c.era(t, 1)
		return fmt.Sprintf("%0*d", min(run, 2), year), true
	case 'g':
		name, _ := c.era(t, run)
		return name, true
	case 'a':
		if run < 3 {
			return "", false
		}
		return c.name(6-min(run, 4), int(t.Weekday())), true
	case 'd':
		if run <= 2 {
			return fmt.Sprintf("%0*d", run, day), true
		}
		return c.name(6-min(run, 4), int(t.Weekday())), true
	case 'm':
		switch {
		case run <= 2:
			return fmt.Sprintf("%0*d", run, month), true
		case c.hijri:
			return strconv.Itoa(month), true
		case run == 3:
			return c.name(1, month-1), true
		case run == 5:
			return string([]rune(c.name(0, month-1))[:1]), true
		}
		return c.name(0, month-1), true
	}
	return "", false
}
