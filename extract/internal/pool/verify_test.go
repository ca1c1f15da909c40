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

func TestWhatOfAPageIsUnreadIsAWarningOfTheDocument(t *testing.T) {
	x := &extraction{p: &Pool{cfg: Config{MaxTotal: 1 << 20}}, results: make(chan doc.Page, 2)}
	x.results <- doc.Page{Number: 1}
	x.results <- doc.Page{Number: 2, Unread: []doc.Unread{doc.UnreadMemory, doc.UnreadPicture}}
	close(x.results)
	ctx, cancel := context.WithCancelCause(context.Background())
	defer cancel(nil)
	if err := x.collect(ctx, cancel); err != nil {
		t.Fatal(err)
	}
	if w := x.doc.Warnings; len(w) != 2 || !strings.HasPrefix(w[0], "Page 2 ") || !strings.Contains(w[1], "on page 2 ") {
		t.Errorf("warnings %q", w)
	}
}

// What a child says of what it could not read ends up in sentences for people: it chooses among ours.
func TestWhatIsUnreadIsChecked(t *testing.T) {
	for _, c := range []struct {
		unread []doc.Unread
		ok     bool
	}{
		{[]doc.Unread{doc.UnreadNotes}, true}, {[]doc.Unread{"call this number"}, false}, {make([]doc.Unread, 1), false},
	} {
		if got := ValidPage(doc.Page{Number: 1, Method: doc.MethodEmpty, Unread: c.unread}); got != c.ok {
			t.Errorf("%q: %t", c.unread, got)
		}
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
