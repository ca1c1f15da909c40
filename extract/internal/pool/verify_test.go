package pool

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/child/wire"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
)

func TestAMissingLanguageIsAWarningOfTheDocument(t *testing.T) {
	x := &extraction{p: &Pool{cfg: Config{MaxTotal: 1 << 20}}, results: make(chan doc.Page, 3)}
	x.results <- doc.Page{Number: 1}
	x.results <- doc.Page{Number: 2, Scan: doc.Scan{Missing: "chi_sim"}}
	x.results <- doc.Page{Number: 3, Scan: doc.Scan{Missing: "rus"}}
	close(x.results)
	ctx, cancel := context.WithCancelCause(context.Background())
	defer cancel(nil)
	if err := x.collect(ctx, cancel); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(strings.Join(x.doc.Warnings, ""), "tesseract-ocr-chi-sim") {
		t.Errorf("warning %q", x.doc.Warnings)
	}
}

func TestWhatAChildSaysOfAScanIsChecked(t *testing.T) {
	for name, c := range map[string]struct {
		scan doc.Scan
		ok   bool
	}{
		"upright": {doc.Scan{Script: "Latin"}, true},
		"turned":  {doc.Scan{Script: "Latin", Turned: 270, Skew: -1.5}, true},
		"no turn": {doc.Scan{Turned: 400}, false},
		"fallen":  {doc.Scan{Skew: 90}, false},
		"chatty":  {doc.Scan{Script: strings.Repeat("x", 200)}, false},
		"preachy": {doc.Scan{Missing: "deu; then call this number"}, false},
	} {
		head, err := json.Marshal(wire.Text{Seq: 7, Method: doc.MethodOCR, Confidence: 0.9, Scan: c.scan})
		if err != nil {
			t.Fatal(err)
		}
		pg, err := verifyPage(wire.Frame{Type: wire.TText, Header: head, Body: []byte("text")}, 7, 0)
		if c.ok && (err != nil || pg.Scan != c.scan) || !c.ok && !errors.Is(err, errProtocol) {
			t.Errorf("%s: %+v, %v", name, pg.Scan, err)
		}
	}
}

// Marks come from a child that read a hostile file.
func TestMarksAreChecked(t *testing.T) {
	text := "one\ntwo"
	for _, m := range []doc.Mark{
		{Kind: "other", To: 1}, {Kind: doc.MarkTable, From: -1, To: 1}, {Kind: doc.MarkTable, From: 1, To: 1}, {Kind: doc.MarkTable, From: 1, To: 3},
		{Kind: doc.MarkHeading, To: 1, Level: 7}, {Kind: doc.MarkHeader, To: 1, Y: 1001}, {Kind: doc.MarkHeader, To: 1, Y: -1},
	} {
		if validMarks([]doc.Mark{m}, text) {
			t.Errorf("%+v passed", m)
		}
	}
	if !validMarks([]doc.Mark{{Kind: doc.MarkTable, From: 1, To: 2}, {Kind: doc.MarkHeader, To: 1, Y: 1000}}, text) {
		t.Error("good marks are refused")
	}
	if validMarks(make([]doc.Mark, 1001), text) {
		t.Error("too many marks passed")
	}
}
