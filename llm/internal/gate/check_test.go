package gate

import "testing"

// A detector takes lists of words for another language. An answer in its source's own words is not refused for that; one that was asked
// for in a language that was set is.
func TestAnswerInItsSourcesWordsIsNotForeign(t *testing.T) {
	const note = "decision decision park agreement contract report decision budget committee vote member summer, committee vote library harbour season cost contract library (p. 9)"
	q := Asked{Languages: []string{"en"}, Own: true, Source: "The council met. " + note}
	set := q
	set.Own = false
	a := Answer{Visible: "- " + note, Prose: note, Lines: []string{note}, Items: 1}
	if r := Check(set, a); r != Language {
		t.Fatalf("%q: the detector is right about this note, which proves nothing", r)
	}
	if r := Check(q, a); r != "" {
		t.Errorf("refused: %s", r)
	}
}
