package pdf

import (
	"math"
	"strings"
	"unicode"
)

// latin holds how often each letter stands in European text, in per mille, over several languages.
var latin = [26]float64{82, 15, 32, 40, 130, 14, 18, 25, 72, 4, 6, 45, 27, 72, 65, 25, 5, 68, 66, 68, 36, 14, 12, 3, 10, 6}

const (
	// likeText is the likeness to latin that whole pages of prose reach; those below are looked at closely.
	likeText = 0.8
	// likeCipher is the likeness of different words that real pages keep above, in any language written
	// in Latin letters, and letters of a wrong encoding stay below.
	likeCipher = 0.68
	// cipherWords and cipherLetters are the least numbers of different words and letters that tell.
	cipherWords, cipherLetters = 24, 12
)

// spread is how often each letter from a to z stands in a text.
type spread [26]float64

// add counts the letters of s and says how many they are, and how many letters are no such ones.
func (f *spread) add(s string) (n, other int) {
	for _, r := range s {
		switch {
		case r >= 'a' && r <= 'z':
			f[r-'a']++
			n++
		case r >= 'A' && r <= 'Z':
			f[r-'A']++
			n++
		case r > unicode.MaxASCII && unicode.IsLetter(r):
			other++
		}
	}
	return n, other
}

// like compares with text by cosine: 1 is the same spread.
func (f *spread) like() float64 {
	var dot, a, b float64
	for i := range f {
		dot += f[i] * latin[i]
		a += f[i] * f[i]
		b += latin[i] * latin[i]
	}
	return dot / math.Sqrt(a*b)
}

func (f *spread) different() (n int) {
	for _, x := range f {
		if x > 0 {
			n++
		}
	}
	return n
}

// cipher says that Latin letters are spread as no language spreads them: a font whose codes are
// not characters. Words count once each, so that a drawing or a table that repeats a few of them is
// none, and short ones not at all: formulas are made of them.
func cipher(s string) bool {
	var all, words spread
	if n, other := all.add(s); n < 150 || other > n || all.like() >= likeText {
		return false
	}
	seen := map[string]bool{}
	for _, w := range strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) }) {
		if w = strings.ToLower(w); len(w) >= 3 && !seen[w] {
			seen[w] = true
			words.add(w)
		}
	}
	return len(seen) >= cipherWords && words.different() >= cipherLetters && words.like() < likeCipher
}

// mojibake says that most Latin letters carry accents, as in no language: text of another script read
// with a wrong code page.
func mojibake(s string) bool {
	plain, accented, other := 0, 0, 0
	for _, r := range s {
		switch {
		case r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z':
			plain++
		case r > unicode.MaxASCII && unicode.Is(unicode.Latin, r) && r < 0xff00:
			accented++
		case r > unicode.MaxASCII && unicode.IsLetter(r):
			other++
		}
	}
	return accented >= 100 && accented > plain && accented > other
}
