package tokens

import (
	"sync"
	"unicode"
	"unicode/utf8"
)

// words counts for Estimate.
var words = wordCounter{codec: bpeCounter(cl100k), first: wordLen}

// wordCounter counts a text by its words, most of which it has counted before: that is many times faster than splitting each text by a
// vocabulary's own expression. By pieces of pieceLen it counts the same, by words of wordLen it differs little.
type wordCounter struct {
	codec Counter
	first func(string) int // length of the first word of a text that is not empty

	mu    sync.RWMutex
	known map[string]int
}

const (
	maxKnown     = 1 << 16 // words; some megabytes
	maxKnownWord = 40      // bytes
	maxWord      = 96      // bytes of a run without a border that are counted at a time
)

func (c *wordCounter) count(s string) int {
	n := 0
	var unknown []string
	c.mu.RLock()
	for len(s) > 0 {
		w := s[:c.first(s)]
		s = s[len(w):]
		if k, ok := c.known[w]; ok {
			n += k
		} else {
			unknown = append(unknown, w)
		}
	}
	c.mu.RUnlock()
	return n + c.learn(unknown)
}

// learn counts words that are met for the first time.
func (c *wordCounter) learn(unknown []string) int {
	if len(unknown) == 0 {
		return 0
	}
	counts, n := make([]int, len(unknown)), 0
	for i, w := range unknown {
		counts[i] = c.codec(w)
		n += counts[i]
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.known == nil || len(c.known)+len(unknown) > maxKnown {
		c.known = make(map[string]int)
	}
	for i, w := range unknown {
		if len(w) <= maxKnownWord && len(c.known) < maxKnown {
			c.known[string([]byte(w))] = counts[i] // a copy: the key must not keep the text alive
		}
	}
	return n
}

// class of a rune, as vocabularies cut their text: letters, digits, space, the rest.
func class(r rune) int {
	switch {
	case unicode.IsLetter(r) || unicode.IsMark(r):
		return 1
	case unicode.IsDigit(r):
		return 2
	case unicode.IsSpace(r):
		return 3
	}
	return 4
}

// wordLen is the length of the first word of s: a run of one class, with one space before it; at most three digits.
func wordLen(s string) int {
	first, n := utf8.DecodeRuneInString(s)
	of := class(first)
	digits := 0
	if of == 2 {
		digits = 1
	}
	for n < len(s) && n < maxWord && digits < 3 {
		r, size := utf8.DecodeRuneInString(s[n:])
		k := class(r)
		switch {
		case k == of:
		case n == 1 && s[0] == ' ' && k != 2:
			of = k // the space belongs to what follows
		default:
			return n
		}
		if k == 2 {
			digits++
		}
		// Of several spaces the last one belongs to the word after them.
		if of == 3 && r == ' ' && n+size < len(s) {
			if next, _ := utf8.DecodeRuneInString(s[n+size:]); class(next) == 1 || class(next) == 4 {
				return n
			}
		}
		n += size
	}
	return n
}
