package encodings

import (
	_ "embed"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// pairsText has, for each language, ten times the mean class of its pairs and how common pairs of letters are of which one at least is
// outside ASCII: a digit from 9 for the most common to 1, each with its pairs, _ for where a word ends or begins, = before a letter that
// is a word. scripts/letterpairs.py counts them.
//
//go:embed pairs.txt
var pairsText string

// maxLanguages bounds the rows of pairs.txt.
const maxLanguages = 64

// pairTable gives the class of a pair in each language, by the number of its row, and what makes the languages' sums comparable.
type pairTable struct {
	class map[[2]rune]*[maxLanguages]uint8
	scale [maxLanguages]float64
}

// lesser are languages of which far fewer texts are found than their letters, seldom or all alike, would have one believe.
var lesser = []string{"af", "az", "cy", "eo", "gl", "kk", "mt", "sq", "vi"}

const ofLesser = 0.95

var pairs = sync.OnceValue(func() *pairTable {
	t := &pairTable{class: map[[2]rune]*[maxLanguages]uint8{}}
	n := 0
	for line := range strings.Lines(pairsText) {
		fields := strings.Split(strings.TrimRight(line, "\n"), "\t")
		mean, _ := strconv.Atoi(fields[1])
		t.scale[n] = 10 / float64(mean)
		if slices.Contains(lesser, fields[0]) {
			t.scale[n] *= ofLesser
		}
		for _, class := range fields[2:] {
			letters := []rune(class[1:])
			for i := 0; i+1 < len(letters); i += 2 {
				p := [2]rune{letters[i], letters[i+1]}
				if t.class[p] == nil {
					t.class[p] = new([maxLanguages]uint8)
				}
				t.class[p][n] = class[0] - '0'
			}
		}
		n++
	}
	return t
})

const (
	// ofLanguage is what it is worth that pairs of letters are as common as those of a text of one language.
	ofLanguage = 1.2
	// What characters count that are looked at one by one, where a pair of a text counts one on the average.
	ofSign, ofFrequent, ofRare = 0.6, 1.1, 0.2
)

// oneLanguage scores how common the pairs of letters are in the one language in which they are the most common: what a wrong decoding
// gives are letters too, but seldom those that stand side by side in a language.
func oneLanguage(s string) float64 {
	counts, n, alone := pairsOf(s)
	t := pairs()
	var sums [maxLanguages]int
	for p, k := range counts {
		n += k
		if row := t.class[p]; row != nil {
			for l, class := range row {
				sums[l] += k * int(class)
			}
		}
	}
	best := 0.0
	for l, sum := range sums {
		best = max(best, float64(sum)*t.scale[l])
	}
	return ofLanguage * (best + alone) / float64(max(1, n))
}

// pairsOf counts the pairs of a text; what stands for itself is summed up in alone, as n pairs.
func pairsOf(s string) (counts map[[2]rune]int, n int, alone float64) {
	counts = map[[2]rune]int{}
	prev, before := '_', '_'
	step := func(r rune) {
		switch {
		case r == '_' && before == '_' && prev >= utf8.RuneSelf: // a word of one letter
			counts[[2]rune{'_', prev}]--
			counts[[2]rune{'=', prev}] += 2
		case prev >= utf8.RuneSelf || r >= utf8.RuneSelf:
			counts[[2]rune{prev, r}]++
		}
		before, prev = prev, r
	}
	for _, r := range s {
		if v, ok := classAlone(r); ok {
			n, alone = n+2, alone+2*v
			r = '_'
		}
		step(letterOf(r))
	}
	step('_')
	return counts, n, alone
}

// classAlone is what a character counts that belongs to no pair: one of a script of thousands, or a sign.
func classAlone(r rune) (v float64, alone bool) {
	switch {
	case r < utf8.RuneSelf:
		return 0, false
	case unicode.In(r, unicode.Hiragana, unicode.Katakana) && r < 0xff00, frequent[r]:
		return ofFrequent, true
	case unicode.In(r, unicode.Han, unicode.Hangul):
		return ofRare, true
	case strings.ContainsRune(signs, r):
		return ofSign, true
	}
	return 0, !unicode.IsLetter(r) && !unicode.IsMark(r)
}

// letterOf is a letter in small, _ for everything else.
func letterOf(r rune) rune {
	if !unicode.IsLetter(r) && !unicode.IsMark(r) {
		return '_'
	}
	return unicode.ToLower(r)
}
