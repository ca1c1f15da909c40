package handover

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/agent/artifact"
	"github.com/aidoc-pipeline/aidoc-agent/agent/objectstore"
	"github.com/aidoc-pipeline/aidoc-agent/extract"
)

// slowStore says when a Put has begun and ends it when told how.
type slowStore struct {
	Store
	begun chan string
	end   chan error
}

func (s *slowStore) Put(_ context.Context, _ string, r io.Reader, _ int64, _ string) error {
	raw, _ := io.ReadAll(r)
	s.begun <- string(raw)
	return <-s.end
}

func TestPagesAreNotHeldUpByASlowStore(t *testing.T) {
	store := &slowStore{begun: make(chan string), end: make(chan error)}
	var check json.RawMessage
	h := New(Options{Job: artifact.Of(objectstore.Layout{}.KeyFor, "https://example.org", 7), Epoch: 3, Extractor: "test-1", Store: store,
		Publish: func(raw json.RawMessage) { check = raw }, Log: slog.New(slog.DiscardHandler)})
	h.begin("aa")
	page := func(text string) line { return line{Page: &extract.Page{Number: 1, Text: text}} }

	flushed := make(chan struct{})
	flush := func() { h.Flush(t.Context()); flushed <- struct{}{} }
	h.add(page("first"))
	go flush()
	if got := <-store.begun; !strings.Contains(got, "first") {
		t.Fatalf("stored %q", got)
	}
	h.add(page("second")) // would wait for ever if the store's call held the lock
	store.end <- errors.New("the store is away")
	<-flushed
	if check != nil {
		t.Errorf("a segment that was not stored is in the checkpoint %s", check)
	}

	go flush()
	got := <-store.begun
	if first, second := strings.Index(got, "first"), strings.Index(got, "second"); first < 0 || second < first {
		t.Errorf("after a failure stored %q, want both in their order", got)
	}
	h.add(page("third"))
	store.end <- nil
	<-flushed
	if check := string(check); !strings.Contains(check, `"pages":2`) || strings.Count(check, ".jsonl") != 1 {
		t.Errorf("checkpoint %s, want two pages in one segment", check)
	}
}

// What a document has cost travels in the checkpoint, with and without stored work, and belongs to this revision of it only.
func TestWhatWasSpentTravelsInTheCheckpoint(t *testing.T) {
	store, err := objectstore.OpenDir(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	var check json.RawMessage
	h := New(Options{Job: artifact.Of(objectstore.Layout{}.KeyFor, "https://example.org", 7), Epoch: 1, Extractor: "test-1", Store: store,
		Publish: func(raw json.RawMessage) { check = raw }, Log: slog.New(slog.DiscardHandler)})
	h.begin("aa")
	want := Spent{Tokens: 1200, USD: 0.25}
	h.Spent(want)
	if got := SpentIn(check, "aa"); got != want {
		t.Errorf("without stored work: %+v in %s", got, check)
	}
	h.add(line{Page: &extract.Page{Number: 1, Text: "first"}})
	h.Flush(t.Context())
	if got := SpentIn(check, "aa"); got != want || !strings.Contains(string(check), ".jsonl") {
		t.Errorf("with a segment: %+v in %s", got, check)
	}
	want.Tokens = 1300
	h.Spent(want)
	if got := SpentIn(check, "aa"); got != want || !strings.Contains(string(check), ".jsonl") {
		t.Errorf("after a segment: %+v in %s", got, check)
	}
	for name, raw := range map[string]string{
		"none": "", "null": "null", "older": `{"v":1,"sha256":"aa","segments":[]}`, "not JSON": "{", "another form": `{"v":2,"sha256":"aa","spent":{"tokens":5}}`,
		"negative": `{"v":1,"sha256":"aa","spent":{"tokens":-5,"usd":0}}`,
	} {
		if got := SpentIn(json.RawMessage(raw), "aa"); got != (Spent{}) {
			t.Errorf("%s: %+v", name, got)
		}
	}
	if got := SpentIn(check, "bb"); got != (Spent{}) {
		t.Errorf("of another revision: %+v", got)
	}
}

// What waits for a batch travels with everything else, until it waits no more; what makes no sense counts as nothing.
func TestWhatWaitsForABatchTravelsInTheCheckpoint(t *testing.T) {
	var check json.RawMessage
	hold := func(from json.RawMessage) *Handover {
		h := New(Options{Job: artifact.Of(objectstore.Layout{}.KeyFor, "https://example.org", 7), Epoch: 1, Checkpoint: from, Extractor: "test-1",
			Publish: func(raw json.RawMessage) { check = raw }, Log: slog.New(slog.DiscardHandler)})
		h.begin("aa")
		return h
	}
	h := hold(nil)
	h.Spent(Spent{Tokens: 5})
	w := Waiting{Account: "openai/0a1b2c3d", SinceMS: 1000, UntilMS: 2000, Spent: Spent{Tokens: 70, USD: 0.5}, Epoch: 3, Direct: Spent{Tokens: 1}}
	h.Waits(&w)
	if got := WaitingIn(check, "aa"); got == nil || *got != w {
		t.Fatalf("%s", check)
	}
	if got := SpentIn(check, "aa"); got.Tokens != 5 {
		t.Errorf("spent %+v", got)
	}
	if WaitingIn(check, "bb") != nil {
		t.Error("of another document")
	}
	next := hold(check)
	next.Spent(Spent{Tokens: 6})
	if got := WaitingIn(check, "aa"); got == nil || *got != w {
		t.Errorf("the next holder has dropped it: %s", check)
	}
	next.Waits(nil)
	if WaitingIn(check, "aa") != nil {
		t.Errorf("still there: %s", check)
	}
	for _, bad := range []string{`{"account":"a","since_ms":2,"until_ms":1}`, `{"account":"a","since_ms":0,"until_ms":604800001}`, `{"since_ms":0,"until_ms":1,"spent":{"tokens":-1,"usd":0}}`, `7`} {
		if got := WaitingIn(json.RawMessage(`{"v":1,"sha256":"aa","batch":`+bad+`}`), "aa"); got != nil {
			t.Errorf("%s is believed: %+v", bad, got)
		}
	}
}
