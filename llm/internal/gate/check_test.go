package gate

import "testing"

// A detector takes lists of words for another language. An answer in its source's own words is not refused for that; one that was asked
// for in a language that was set is.
func TestAnswerInItsSourcesWordsIsNotForeign(t *testing.T) {
	const note = "The mark00041x decision decision park agreement contract report decision budget committee vote member summer. The mark00041x committee vote library harbour season cost contract library (p. 9)"
	if !foreign([]string{"en"}, []string{note}) {
		t.Fatal("the detector is right about this note: it proves nothing")
	}
	q := Asked{Languages: []string{"en"}, Own: true, Source: "The council met. " + note}
	a := Answer{Visible: "- " + note, Prose: note, Lines: []string{note}, Items: 1}
	if r := Check(q, a); r != "" {
		t.Errorf("refused: %s", r)
	}
	q.Own = false
	if r := Check(q, a); r != Language {
		t.Errorf("with a language that was set: %q", r)
	}
}
