package grounding

import "strings"

// Words around a number that may belong to it: the month before it; the "of", the month, the "de" and the year after it, or what it counts.
const (
	beforeDigits = 1
	afterDigits  = 4
)

// nearDigits are the parts of s that a date or a figure in digits can stand in, parted by what can be neither: most of a text is not near
// any digit, and need not be searched by expressions.
func nearDigits(s string) string {
	var b strings.Builder
	from, until := 0, 0 // the part that is being kept
	flush := func() {
		if from < until {
			b.WriteString(s[from:until])
			b.WriteString(" ; ")
		}
	}
	var begins [beforeDigits]int // of the words before
	left := 0
	for at := 0; at < len(s); {
		start := skip(s, at, true)
		end := skip(s, start, false)
		switch {
		case strings.ContainsAny(s[start:end], "0123456789"):
			if begins[0] > until {
				flush()
				from = begins[0]
			}
			until, left = end, afterDigits
		case left > 0:
			until, left = end, left-1
		}
		copy(begins[:], begins[1:])
		begins[beforeDigits-1] = start
		at = end
	}
	flush()
	return b.String()
}

// skip is where the spaces at s[at:] end, or the word.
func skip(s string, at int, spaces bool) int {
	for at < len(s) && (s[at] == ' ' || s[at] >= '\t' && s[at] <= '\r' && s[at] != '\v') == spaces {
		at++
	}
	return at
}
