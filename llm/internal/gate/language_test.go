package gate

import "testing"

func TestForeignAnswersAreTold(t *testing.T) {
	for name, c := range map[string]struct {
		asked   string
		lines   []string
		foreign bool
	}{
		"German for English": {"en", []string{"Dieses Dokument beschreibt, was der Rat der Stadt über die Brücke beschlossen hat.", "Die Arbeiten beginnen im April und enden im Juni, und der Verkehr wird umgeleitet."}, true},
		"English for German": {"de", []string{"This document describes what the council of the town has agreed about the bridge.", "The work begins in April and ends in June, and traffic is led over the mill road."}, true},
		"French for English": {"en", []string{"Ce document décrit ce que le conseil de la ville a décidé au sujet du pont de la rivière.", "Les travaux commencent en avril et finissent en juin, et la circulation est déviée."}, true},
		"as asked":           {"en", []string{"This document describes what the council of the town has agreed about the bridge.", "The work begins in April and ends in June."}, false},
		// The detector takes these for other languages: nouns and terms only, as in lists and minutes.
		"nouns":    {"en", []string{"The mark schedule harbour supplier railway park garden railway summer railway.", "The archive estimate repair committee chair minutes schedule cost vote agreement minutes supplier delivery.", "The library member chair river report station ferry ferry."}, false},
		"few word": {"en", []string{"Station committee decision council member chair member proposal minutes delivery library of railway ferry schedule cost winter vote winter repair."}, false},
	} {
		if got := foreign([]string{c.asked}, c.lines, func() bool { return false }); got != c.foreign {
			t.Errorf("%s: %v, want %v", name, got, c.foreign)
		}
	}
}
