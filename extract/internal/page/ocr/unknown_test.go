package ocr

import (
	"fmt"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/page/tesseract"
)

// slipOf are lines of two words and a price each, read with so much confidence.
func slipOf(words, prices float64) attempt {
	var out []tesseract.Word
	for i := range 8 {
		y := 100 + 40*i
		for k, s := range []string{"emoKevec", "dpyiCouv", fmt.Sprintf("%d.43", 10+i)} {
			conf := words
			if k == 2 {
				conf = prices
			}
			out = append(out, tesseract.Word{X0: 100 + 200*k, X1: 280 + 200*k, Y0: y, Y1: y + 20, Line: i, Text: s, Conf: conf})
		}
	}
	return newAttempt(out, "eng", pose{})
}

// Prices are read well in any script: a slip is in letters that no model knows by its words alone, and of such a line nothing is given.
func TestASlipInUnknownLettersIsToldByItsWords(t *testing.T) {
	greek, english := slipOf(0.4, 0.94), slipOf(0.9, 0.94)
	for name, c := range map[string]struct {
		read    attempt
		script  string
		missing string
	}{"Greek": {greek, "Greek", "ell"}, "English": {english, "Greek", ""}, "a faded one": {slipOf(0.55, 0.94), "Greek", ""}} {
		p := &page{best: c.read, script: c.script, scriptConf: 2.4, missing: "ell"}
		if got := p.missingLanguage(); got != c.missing {
			t.Errorf("%s: %q is missing, want %q", name, got, c.missing)
		}
	}
	if left := legible(greek.words); len(left) > 0 {
		t.Errorf("of rubbish with prices %d words are given", len(left))
	}
	if left := legible(english.words); len(left) != len(english.words) {
		t.Errorf("of an English slip %d words of %d are given", len(left), len(english.words))
	}
}

// Detection does not know every script. A page without a word that is read gives none, and says why.
func TestAPageWithoutAWordThatIsReadIsNamed(t *testing.T) {
	if a := slipOf(0.25, 0.6); !a.illegible() {
		t.Error("a page of rubbish is legible")
	}
	if a := slipOf(0.5, 0.9); a.illegible() {
		t.Error("a page that reads badly is illegible")
	}
	got := Result{Confidence: 0.25, Illegible: true}.Page()
	if got.Method != doc.MethodOCR || len(got.Warnings()) != 1 {
		t.Errorf("the page is %+v", got)
	}
}
