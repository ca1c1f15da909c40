package pipeline

import (
	"errors"
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/extract"
)

// Pages in letters that no installed model knows are no blank pages: what to install is said, and another agent may have it.
func TestADocumentInLettersThatNoModelKnowsIsNotCalledBlank(t *testing.T) {
	blank := extract.Page{Number: 1, Method: extract.MethodEmpty, Confidence: 1}
	foreign := extract.Page{Number: 2, Method: extract.MethodOCR, Confidence: 0.3}
	foreign.Scan.Missing = "chi_sim"
	text := extract.Page{Number: 3, Method: extract.MethodText, Confidence: 1, Text: "Minutes"}
	for name, c := range map[string]struct {
		pages []extract.Page
		want  error
	}{
		"blank":   {[]extract.Page{blank}, &extract.Error{Code: extract.CodeNoText}},
		"foreign": {[]extract.Page{blank, foreign}, &extract.Error{Code: extract.CodeLanguageMissing}},
		"part":    {[]extract.Page{foreign, text}, nil},
	} {
		p := &pages{most: 1 << 20}
		for _, page := range c.pages {
			p.add(page)
		}
		err := p.readable()
		if c.want == nil {
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		var e, want *extract.Error
		if !errors.As(err, &e) || !errors.As(c.want, &want) || e.Code != want.Code || e.Transient != e.Code.Transient() || !noText(err) {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if e.Code == extract.CodeLanguageMissing && !strings.Contains(e.Message, "tesseract-ocr-chi-sim") {
			t.Errorf("%s: %s", name, e.Message)
		}
	}
}
