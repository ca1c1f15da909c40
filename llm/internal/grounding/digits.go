package grounding

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const asciiDigits = "0123456789"

// Words around a number that may belong to it: the month before it; the "of", the month, the "de" and the year after it, or what it counts.
const (
	beforeDigits = 1
	afterDigits  = 4
)

// nearDigits are the parts of s that a date or a figure in digits can stand in: most of a text is not near any digit, and need not be
// searched by expressions.
func nearDigits(s string) (parts []string) {
	from, until := 0, 0 // the part that is being kept
	flush := func() {
		if from < until {
			parts = append(parts, s[from:until])
		}
	}
	var begins [beforeDigits]int // of the words before
	left := 0
	for at := 0; at < len(s); {
		start := skip(s, at, true)
		end := skip(s, start, false)
		switch {
		case strings.ContainsAny(s[start:end], asciiDigits):
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
	return parts
}

// skip is where the spaces at s[at:] end, or the word.
func skip(s string, at int, spaces bool) int {
	for at < len(s) && (s[at] == ' ' || s[at] >= '\t' && s[at] <= '\r' && s[at] != '\v') == spaces {
		at++
	}
	return at
}

func isDigit(b byte) bool { return b >= '0' && b <= '9' }

// digitsAt is how many digits stand at s[at:].
func digitsAt(s string, at int) int {
	n := at
	for n < len(s) && isDigit(s[n]) {
		n++
	}
	return n - at
}

// numberEnd is where the number ends whose first digit is s[at]: groups of three digits after up to three, with two decimals at most, or
// digits with any decimals.
func numberEnd(s string, at int) int {
	whole := digitsAt(s, at)
	if whole <= 3 {
		var groups []int // where they end
		for end := at + whole; ; {
			n := groupMark(s[end:])
			if n == 0 || digitsAt(s[:min(len(s), end+n+3)], end+n) != 3 {
				break
			}
			end += n + 3
			groups = append(groups, end)
		}
		for i := len(groups) - 1; i >= 0; i-- {
			if end := groups[i]; end < len(s) && (s[end] == '.' || s[end] == ',') {
				for n := min(2, digitsAt(s, end+1)); n > 0; n-- {
					if !wordAt(s, end+1+n) {
						return end + 1 + n
					}
				}
			}
			if !wordAt(s, groups[i]) {
				return groups[i]
			}
		}
	}
	end := at + whole
	if end < len(s) && (s[end] == '.' || s[end] == ',') {
		if n := digitsAt(s, end+1); n > 0 {
			return end + 1 + n
		}
	}
	return end
}

// groupMark is the length of the mark between groups of digits that s begins with, 0 where there is none.
func groupMark(s string) int {
	r, n := utf8.DecodeRuneInString(s)
	switch r {
	case '.', ',', '\'', '’', ' ', '\u00a0', '\u202f':
		return n
	}
	return 0
}

// wordAt says that s goes on at at with a letter, a digit or an underscore of ASCII.
func wordAt(s string, at int) bool {
	if at >= len(s) {
		return false
	}
	b := s[at] | 0x20
	return isDigit(s[at]) || b >= 'a' && b <= 'z' || s[at] == '_'
}

// forms are those in which a text may hold dates.
type forms struct{ iso, ideograph, pointed, month bool }

// mayHold looks for what no date of a form is without: expressions take many times as long.
func mayHold(s string) (f forms) {
	f.ideograph, f.month = strings.Contains(s, "月"), namesMonth(s)
	for at := 1; at+1 < len(s); at++ {
		if !isDigit(s[at-1]) || !isDigit(s[at+1]) {
			continue
		}
		switch s[at] {
		case '-':
			f.iso = true
		case '.', '/':
			end := at + 1 + digitsAt(s, at+1)
			f.pointed = f.pointed || end < len(s) && (s[end] == '.' || s[end] == '/')
		}
	}
	return f
}

// namesMonth says whether s holds the name of a month, which may begin at any border of its letters that an expression takes for one.
func namesMonth(s string) bool {
	for at := 0; at < len(s); {
		r, n := utf8.DecodeRuneInString(s[at:])
		if !unicode.IsLetter(r) {
			at += n
			continue
		}
		end := at
		var begins []int
		for before := r; ; {
			r, n := utf8.DecodeRuneInString(s[end:])
			if n == 0 || !unicode.IsLetter(r) {
				break
			}
			if end > at && (r < utf8.RuneSelf) != (before < utf8.RuneSelf) {
				begins = append(begins, end)
			}
			before, end = r, end+n
		}
		for _, from := range append(begins, at) {
			if w := s[from:end]; len(w) >= 3 && len(w) <= maxMonth && months[strings.ToLower(w)] != 0 {
				return true
			}
		}
		at = end
	}
	return false
}

// maxMonth is the length of the longest name of a month, in any case, in bytes.
const maxMonth = 24
