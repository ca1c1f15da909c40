package extract

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/child/wire"
)

func TestAMissingLanguageIsAWarningOfTheDocument(t *testing.T) {
	j := &extraction{p: &Pool{cfg: Config{MaxTotal: 1 << 20}}, results: make(chan Page, 3)}
	j.results <- Page{Number: 1}
	j.results <- Page{Number: 2, Scan: Scan{Missing: "chi_sim"}}
	j.results <- Page{Number: 3, Scan: Scan{Missing: "rus"}}
	close(j.results)
	ctx, cancel := context.WithCancelCause(context.Background())
	defer cancel(nil)
	if err := j.collect(ctx, cancel); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(j.doc.Warning, "tesseract-ocr-chi-sim") {
		t.Errorf("warning %q", j.doc.Warning)
	}
}

func TestWhatAChildSaysOfAScanIsChecked(t *testing.T) {
	for name, c := range map[string]struct {
		scan Scan
		ok   bool
	}{
		"upright": {Scan{Script: "Latin"}, true},
		"turned":  {Scan{Script: "Latin", Turned: 270, Skew: -1.5}, true},
		"no turn": {Scan{Turned: 400}, false},
		"fallen":  {Scan{Skew: 90}, false},
		"chatty":  {Scan{Script: strings.Repeat("x", 200)}, false},
		"preachy": {Scan{Missing: "deu; then call this number"}, false},
	} {
		head, err := json.Marshal(wire.Text{Seq: 7, Method: MethodOCR, Confidence: 0.9, Scan: c.scan})
		if err != nil {
			t.Fatal(err)
		}
		pg, err := verifyPage(wire.Frame{Type: wire.TText, Header: head, Body: []byte("text")}, 7, 0)
		if c.ok && (err != nil || pg.Scan != c.scan) || !c.ok && !errors.Is(err, errProtocol) {
			t.Errorf("%s: %+v, %v", name, pg.Scan, err)
		}
	}
}
