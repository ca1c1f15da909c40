package main

import (
	"math"
	"strings"
	"testing"
)

func TestROUGE(t *testing.T) {
	got := scoreROUGE([]string{"something else", "The pumps of the north leak"}, "the pumps leak")
	// Words: 3 of 3 and of 6. Pairs: "the pumps" of 2 and of 5.
	if math.Abs(got.one-2*1*0.5/1.5) > 1e-9 || math.Abs(got.two-2*0.5*0.2/0.7) > 1e-9 {
		t.Errorf("got %+v", got)
	}
	if got := scoreROUGE([]string{"x"}, ""); got != (rouge{}) {
		t.Errorf("an empty summary has %+v", got)
	}
}

func TestBaselines(t *testing.T) {
	text := "The pumps leak in the north. The pumps leak in the south. Cats sleep. The pumps of the county leak in winter. It rained once."
	for name, got := range map[string]string{"TextRank": textRank(text), "LexRank": lexRank(text)} {
		if n := len(splitSentences(got)); n != baselineSentences {
			t.Errorf("%s took %d sentences: %q", name, n, got)
		}
		if strings.Contains(got, "Cats") {
			t.Errorf("%s took what nothing else resembles: %q", name, got)
		}
	}
	if got := lead(text, 4); got != "The pumps leak in" {
		t.Errorf("lead of 4 words: %q", got)
	}
	if textRank("") != "" || lexRank("") != "" || lead("", 0) != "" {
		t.Error("nothing has a summary")
	}
}

func TestAPaperIsOnOneSideInAllSets(t *testing.T) {
	a, b := document{id: "scisumm__N03-1026.txt"}, document{id: "scisummNA__N03-1026.txt"}
	if a.heldOut() != b.heldOut() {
		t.Error("one paper is on both sides")
	}
}
