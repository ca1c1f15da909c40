package tokens

import (
	"hash/maphash"
	"sync/atomic"
	"unicode"
	"unicode/utf8"
)

// words counts for Estimate.
var words = newWordCounter(bpeCounter(cl100k), wordLen)

// wordCounter counts a text by its words, most of which it has counted before: that is many times faster than splitting each text by a
// vocabulary's own expression. By pieces of pieceLen it counts the same, by words of wordLen it differs little.
type wordCounter struct {
	codec Counter
	first func(string) int // length of the first word of a text that is not empty
	seed  maphash.Seed
	known [knownWords]atomic.Uint64 // by hash: the hash of a word, in place of its last byte the word's tokens; 0: nothing
}

const (
	knownWords   = 1 << 16 // half a megabyte of what has no pointers
	maxKnownWord = 40      // bytes, and so tokens
	maxWord      = 96      // bytes of a run without a border that are counted at a time
)

func newWordCounter(codec Counter, first func(string) int) *wordCounter {
	return &wordCounter{codec: codec, first: first, seed: maphash.MakeSeed()}
}

func (c *wordCounter) count(s string) int {
	n := 0
	for len(s) > 0 {
		size := c.first(s)
		n += c.word(s[:size])
		s = s[size:]
	}
	return n
}

// word counts one word. Two words are taken for one where all 64 bits of their hashes agree, which nobody who writes a text can bring about: the seed is
// another one in each process.
func (c *wordCounter) word(w string) int {
	if len(w) > maxKnownWord {
		return c.codec(w)
	}
	hash := maphash.String(c.seed, w)
	place := &c.known[hash%knownWords]
	if k := place.Load(); k != 0 && k>>8 == hash>>8 {
		return int(k & 0xff)
	}
	n := c.codec(w)
	place.Store(hash>>8<<8 | uint64(n))
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
