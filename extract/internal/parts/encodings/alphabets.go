package encodings

import (
	"strings"
	"unicode"
)

// alphabets are the letters outside ASCII of languages that were written in legacy encodings: what a wrong decoding gives are letters
// too, but seldom those of one language.
var alphabets = func() []map[rune]bool {
	var out []map[rune]bool
	for _, letters := range []string{
		"äöüß",              // German
		"éèêëàâçîïôûùüœæÿ",  // French
		"áéíóúñü",           // Spanish
		"áâãàçéêíóôõúü",     // Portuguese
		"àèéìíîòóùú",        // Italian
		"àçèéíïòóúü",        // Catalan
		"éëïöüè",            // Dutch
		"åäöé",              // Swedish, Finnish
		"æøåéóôòèê",         // Danish, Norwegian
		"áðéíóúýþæö",        // Icelandic
		"áéíóú",             // Irish
		"çë",                // Albanian
		"äöõüšž",            // Estonian
		"áčďéěíňóřšťúůýž",   // Czech
		"áäčďéíĺľňóôŕšťúýž", // Slovak
		"ąćęłńóśźż",         // Polish
		"áéíóöőúüű",         // Hungarian
		"ăâîşţșț",           // Romanian
		"čćđšž",             // Croatian, Slovene, Serbian
		"çğıöşüâîû",         // Turkish
		"ąčęėįšųūž",         // Lithuanian
		"āčēģīķļņšūž",       // Latvian
		"ĉĝĥĵŝŭ",            // Esperanto
	} {
		m := map[rune]bool{}
		for _, r := range letters {
			m[r] = true
		}
		out = append(out, m)
	}
	return out
}()

const (
	// inOneAlphabet is what it is worth that all letters outside ASCII are of one language, and with what part of them it ends.
	inOneAlphabet = 0.5
	leastOfOne    = 0.8
)

// oneLanguage scores how far the letters outside ASCII are those of one language: inOneAlphabet for all of them, nothing for four fifths
// and fewer, and for a text that is mostly of other scripts than the Latin one.
func oneLanguage(s string) float64 {
	counts := map[rune]int{}
	n, others := 0, 0
	for _, r := range s {
		switch {
		case r < 0x80 || !unicode.IsLetter(r) || strings.ContainsRune("ªº", r):
		case unicode.Is(unicode.Latin, r):
			counts[unicode.ToLower(r)]++
			n++
		default:
			others++
		}
	}
	if others >= n {
		return 0
	}
	best := 0
	for _, a := range alphabets {
		of := 0
		for r, k := range counts {
			if a[r] {
				of += k
			}
		}
		best = max(best, of)
	}
	return inOneAlphabet * max(0, float64(best)/float64(n+others)-leastOfOne) / (1 - leastOfOne)
}
