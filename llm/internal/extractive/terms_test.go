package extractive

import (
	"fmt"
	"slices"
	"testing"
)

// A text with a new word at each place, figures among them, takes no more memory than the words that are told apart; those known before still count.
func TestWordsWithoutEndAreNotAllKept(t *testing.T) {
	x := newTermIndex("en", false)
	known, _ := x.terms("harbour bridge")
	for i := range maxWords + 1000 {
		x.terms(fmt.Sprintf("%d", i)) // figures do not take the place of words
	}
	if len(x.stems) != 2 {
		t.Fatalf("%d words are kept of two and many figures", len(x.stems))
	}
	for i := range maxWords + 1000 {
		x.terms(fmt.Sprintf("q%dz 東%c", i, rune(0x4e00+i%20000)))
	}
	if n := max(len(x.stems), len(x.uses), len(x.ids), len(x.name)); n > maxWords {
		t.Errorf("%d words are kept, at most %d are wanted", n, maxWords)
	}
	again, words := x.terms("a new zebra on the harbour bridge")
	if !slices.Equal(again, known) || words != 7 {
		t.Errorf("terms %v of %d words; want those known before, %v, of 7", again, words, known)
	}
}
