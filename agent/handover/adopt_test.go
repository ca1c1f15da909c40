package handover

import (
	"context"
	"encoding/json"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/agent/artifact"
	"github.com/aidoc-pipeline/aidoc-agent/agent/objectstore"
	"github.com/aidoc-pipeline/aidoc-agent/extract"
)

// pagesKept are those that were believed.
type pagesKept []string

func (p *pagesKept) Numbers(context.Context) (map[int]bool, error) { return map[int]bool{}, nil }

func (p *pagesKept) KeepPage(_ context.Context, page extract.Page) error {
	*p = append(*p, page.Text)
	return nil
}

// What lies in the store is a stranger's: a page that no reader gives is not taken over from there, and those beside it are.
func TestOnlyPagesAsAReaderGivesThemAreTakenOver(t *testing.T) {
	store, err := objectstore.OpenDir(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	job := artifact.Of(objectstore.Layout{}.KeyFor, "https://example.org", 7)
	var segment strings.Builder
	for i, p := range []extract.Page{
		{Text: "good", Method: extract.MethodText, Confidence: 1},
		{Text: "no method", Confidence: 1},
		{Text: "sure", Method: extract.MethodOCR, Confidence: 7},
		{Text: "marked", Method: extract.MethodText, Confidence: 1, Marks: []extract.Mark{{Kind: extract.MarkTable, From: 0, To: 99}}},
		{Text: "a sentence", Method: extract.MethodOCR, Language: strings.Repeat("x", 300)},
		{Text: "good too", Method: extract.MethodOCR, Confidence: 0.5},
	} {
		p.Number = i + 1
		raw, err := json.Marshal(line{Page: &p})
		if err != nil {
			t.Fatal(err)
		}
		segment.Write(append(raw, '\n'))
	}
	key := job.Reading(1, "aa", "test-1").Segment(0)
	if err := store.Put(t.Context(), key, strings.NewReader(segment.String()), int64(segment.Len()), ""); err != nil {
		t.Fatal(err)
	}
	h := New(Options{Job: job, Epoch: 2, Extractor: "test-1", Store: store, Publish: func(json.RawMessage) {}, Log: slog.New(slog.DiscardHandler)})
	var kept pagesKept
	h.Adopt(t.Context(), "aa", &kept)
	if want := []string{"good", "good too"}; !slices.Equal(kept, want) {
		t.Errorf("%q were taken over, want %q", kept, want)
	}
}
