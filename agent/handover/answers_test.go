package handover

import (
	"context"
	"log/slog"
	"slices"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/agent/artifact"
	"github.com/aidoc-pipeline/aidoc-agent/agent/journal"
	"github.com/aidoc-pipeline/aidoc-agent/agent/objectstore"
	"github.com/aidoc-pipeline/aidoc-agent/agent/pressure"
	"github.com/aidoc-pipeline/aidoc-agent/llm"
)

// answers is a journal that may have no room.
type answers struct {
	kept map[string]llm.Completion
	full error
}

func (a *answers) Get(_ context.Context, key string) (llm.Completion, bool, error) {
	c, ok := a.kept[key]
	return c, ok, nil
}

func (a *answers) Put(_ context.Context, key string, c llm.Completion) error {
	if a.full == nil {
		a.kept[key] = c
	}
	return a.full
}

// A paid answer is in two places where another agent may need it, and in one of the two wherever it can be had again.
func TestWherePaidAnswersAreKept(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		own                  bool
		full                 error
		inJournal, inStorage bool
	}{
		"a store of several agents":          {false, nil, true, true},
		"a store of this agent alone":        {true, nil, true, false},
		"a full journal, a store of several": {false, journal.ErrDiskFull, false, true},
		"a full journal, a store of its own": {true, journal.ErrDiskFull, false, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			store, err := objectstore.OpenDir(t.TempDir())
			if err != nil {
				t.Fatal(err)
			}
			defer store.Close()
			cached := &answers{kept: map[string]llm.Completion{}, full: c.full}
			job := artifact.Of(objectstore.Layout{}.KeyFor, "https://example.org", 7)
			hold := func(epoch int64) llm.Cache {
				h := New(Options{Job: job, Epoch: epoch, Extractor: "test-1", Store: store, Own: c.own, Answers: cached,
					Full: func(pressure.Place) {}, Log: slog.New(slog.DiscardHandler)})
				h.begin("aa")
				return h.Cache()
			}
			if err := hold(1).Put(t.Context(), "k", llm.Completion{Text: "paid"}); err != nil {
				t.Fatal(err)
			}
			var stored []string
			for o, err := range store.List(t.Context(), job.Checkpoints()) {
				if err != nil {
					t.Fatal(err)
				}
				stored = append(stored, o.Key)
			}
			if _, ok := cached.kept["k"]; ok != c.inJournal || slices.Contains(stored, job.Step("k")) != c.inStorage {
				t.Errorf("in the journal %v, in the store %q", ok, stored)
			}
			cached.full = nil
			if got, ok, err := hold(2).Get(t.Context(), "k"); err != nil || !ok || got.Text != "paid" {
				t.Errorf("the next holder of the job has %+v, %v, %v", got, ok, err)
			}
		})
	}
}
