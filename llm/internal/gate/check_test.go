package gate

import "testing"

// A detector takes lists of words for another language. An answer in its source's own words is not refused for that; one that was asked
// for in a language that was set is.
func TestAnswerInItsSourcesWordsIsNotForeign(t *testing.T) {
	const note = "The mark00041x decision decision park agreement contract report decision budget committee vote member summer. The mark00041x committee vote library harbour season cost contract library (p. 9)"
	q := Asked{Languages: []string{"en"}, Own: true, Source: "The council met. " + note}
	set := q
	set.Own = false
	a := Answer{Visible: "- " + note, Prose: note, Lines: []string{note}, Items: 1}
	mistaken := false
	for range 200 { // the detector is not of one mind about such a text
		if r := Check(q, a); r != "" {
			t.Fatalf("refused: %s", r)
		}
		mistaken = mistaken || Check(set, a) == Language
	}
	if !mistaken {
		t.Error("the detector is right about this note: it proves nothing")
	}
}
