package extractive

import (
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/prose"
)

// filler is prose that gives a document enough whole sentences to choose from.
const filler = `The water board of the county reports every spring on the state of its pumps and pipes.
In the last year the board replaced eleven kilometres of pipe in the north of the county.
The losses of water fell from nineteen to fourteen percent because of the new pipes.
Two wells near the river were closed after the laboratory had found nitrate in them.
The board recommends a third reservoir on the hill behind the hospital for dry summers.
It would hold four million litres and cost about six million in the first two years.
`

func flawIn(text string, confidence float64) flaw {
	s := scoreReading(read([]prose.Page{{Number: 1, Text: filler, Confidence: confidence}}), "en", "")
	terms, words := s.index.terms(text)
	return s.flawOf(&sentence{text: text, terms: terms, words: words, confidence: confidence})
}

func TestWhatIsNeverQuoted(t *testing.T) {
	for text, want := range map[string]flaw{
		"Total | 1,200 | 1,400 | up by some percent":                                             flawSymbols,
		"$ sudo apt-get install the package from here":                                           flawCode,
		"if (x == 0) { return foo(x); } else { bar(x); }":                                        flawSymbols,
		"This is by far the":                                                                     flawFragment,
		"which was by far the largest corpus of the decade.":                                     flawFragment,
		"Net sales by products and services were as follows:":                                    flawFragment,
		"The report fairly presents the financial condition of the company;":                     flawFragment,
		"N/A (Former name or former address, if changed since last report)":                      flawFormerName,
		"Yes ☒ No ☐ the registrant has filed all reports.":                                       flawFormerName,
		"Exhibit 31.1 is the certification of the chief executive officer.":                      flawExhibit,
		"This report does not contain any untrue statement of a material fact.":                  flawCertification,
		"The registrant has duly caused this report to be signed on its behalf.":                 flawCertification,
		"Indicate by check mark whether the registrant is a large accelerated filer.":            flawBoilerplate,
		"This document contains forward-looking statements about our business.":                  flawBoilerplate,
		"All rights reserved by the publisher and its licensors in 2024.":                        flawBoilerplate,
		"We would like to thank our colleagues in Leeds for their comments.":                     flawThanks,
		"This work was supported in part by the National Science Foundation under grant 12.":     flawThanks,
		"Smith, A. and Jones, B. 2003. Pumps and pipes of the north revisited.":                  flawReference,
		"In Proceedings of the Workshop on Water, pages 77–82, Pittsburgh, 2002.":                flawReference,
		"The forms are at https://example.org/forms/2024/list for all who need them.":            flawReference,
		"pumps of the north, 12, pipes and valves, 77, reservoirs of the county, 91, wells, 110": flawFragment,
		"Pumps of the north, 12, pipes and valves, 77, reservoirs of the county, 91, wells, 110": flawIndex,
		"Table 4: Losses of water in the county by year and by station.":                         flawCaption,
		"Contact the board by mail at board@example.org before the end of May.":                  flawAddress,
		"From: The Water Board of the county and its members.":                                   flawAddress,
		"Department Of Water Works Hinterfeld County Office":                                     flawNames,
		"Pumps leak.": flawLength,
		"The board recommends a third reservoir for dry summers.": "",
	} {
		if got := flawIn(text, 0); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestDebrisOfRecognition(t *testing.T) {
	for _, text := range []string{
		"A iated sy include i dizziness, mild nausea, and sensitivity to light.",
		"Resp y: Clear to no or rales on the xq side.",
		"Tbe wtr brd rprts evry sprng on tbe stte of its pmps.",
	} {
		if got := flawIn(text, 0.9); got != flawDebris {
			t.Errorf("%q: got %q", text, got)
		}
	}
	good := "Patient reports increased stress at work and difficulty sleeping."
	if got := flawIn(good, 0.9); got != "" {
		t.Errorf("%q: got %q", good, got)
	}
	if got := flawIn("The new fpu of the chip is fast and ok for all uses.", 0); got != "" {
		t.Errorf("text that was not recognised is read without suspicion: got %q", got)
	}
}

func TestDisfluentTurns(t *testing.T) {
	for text, want := range map[string]bool{
		"We're We're trying to get the button on the left side.":       true,
		"The the remote control needs a new case.":                     true,
		"You can ch chucking it into the bin if you want to.":          true,
		"I hate I hate looking at a control with tiny buttons.":        true,
		"We put it on the side of the -- on the left of it.":           true,
		"We decided on a rubber case for the remote control.":          false,
		"That is the thing that the other groups asked us about.":      false,
		"An anode and a cathode are in the battery that we looked at.": false,
	} {
		if got := disfluent(text); got != want {
			t.Errorf("%q: got %v", text, got)
		}
	}
}

func TestLinesThatAreNoProse(t *testing.T) {
	for text, want := range map[string]lineKind{
		"| a | b | c |":   lineTable,
		"Revenue\t12\t14": lineTable,
		"The words stand here.\tThe next sentence begins behind a tab in this line.": lineText,
		"3.2 Installation . . . . . . . . . . . 17":                                  lineDrop,
		"Page 3 of 20":                             lineDrop,
		"________________":                         lineDrop,
		"/s/ A. Person":                            lineDrop,
		"[1]: https://example.org":                 lineDrop,
		"Skip to main content":                     lineDrop,
		"$ make install":                           lineCode,
		"root@host:~# ls -l":                       lineCode,
		"for (i = 0; i < n; i++) {":                lineCode,
		"export PATH=/usr/local/bin:$PATH":         lineCode,
		"### Use":                                  lineText,
		"# Installation":                           lineText,
		"The board met on Tuesday; it rained.":     lineText,
		"We return the money (see section 4) now.": lineText,
	} {
		if got := kindOf(text); got != want {
			t.Errorf("%q: got %d, want %d", text, got, want)
		}
	}
}

func TestLinksAndMachineryOfPagesAreNotShown(t *testing.T) {
	for text, want := range map[string]string{
		"History[edit][2]":                          "History",
		"The board met. [update][1]":                "The board met. ",
		"See the [report](https://example.org/r) .": "See the report .",
		"We need {disfmarker} pumps <laugh> now":    "We need  pumps  now",
	} {
		if got := cleanLine(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestReferencesAtTheEndAreSkippedWithAllThatFollows(t *testing.T) {
	text := "# Pumps\n\n## Work\n\n" + filler + "\n\n## References\n\nA first entry that looks like any other sentence of the text.\n\n## L. Baker and A. Callum\n\nThe second entry looks like a sentence below a heading of its own.\n"
	s := scoreReading(read([]prose.Page{{Number: 1, Text: text}}), "en", "")
	for i, x := range s.sentences {
		if strings.Contains(x.text, "entry") && s.score[i] > 0 {
			t.Errorf("%q may be quoted", x.text)
		}
	}
}

func TestCommentsOfScriptsAreNoHeadings(t *testing.T) {
	r := read([]prose.Page{{Number: 1, Text: "# Manual\n\n" + filler + "\n# set PATH so it includes the user's private bin\nif [ -d \"$HOME/bin\" ] ; then\n  PATH=\"$HOME/bin:$PATH\"\nfi\n# You must remove unused comment lines for the package.\n\n## Use\n\n" + filler}})
	for _, sec := range r.sections {
		if strings.Contains(sec.title, "PATH") || strings.Contains(sec.title, "unused") {
			t.Errorf("a comment is a heading: %q", sec.title)
		}
	}
	if r.sections[len(r.sections)-1].title != "Use" {
		t.Errorf("the heading was lost: %+v", r.sections)
	}
}
