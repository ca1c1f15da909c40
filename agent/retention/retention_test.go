package retention_test

import (
	"bytes"
	"context"
	"errors"
	"iter"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/agent/artifact"
	"github.com/aidoc-pipeline/aidoc-agent/agent/journal"
	"github.com/aidoc-pipeline/aidoc-agent/agent/objectstore"
	"github.com/aidoc-pipeline/aidoc-agent/agent/retention"
)

const (
	site  = "https://example.org"
	other = "https://other.example"
	day   = 24 * time.Hour
)

// bench is a keeper over a real folder and a real journal.
type bench struct {
	t       *testing.T
	folder  string
	store   *watched
	journal *journal.Journal
	keeper  retention.Keeper
	log     bytes.Buffer
}

// watched is the folder; it remembers what was listed.
type watched struct {
	*objectstore.Dir
	listed []string
	before func(key string) // called before an object is looked at
}

func (w *watched) List(ctx context.Context, prefix string) iter.Seq2[objectstore.Info, error] {
	w.listed = append(w.listed, prefix)
	return w.Dir.List(ctx, prefix)
}

func (w *watched) Stat(ctx context.Context, key string) (objectstore.Info, error) {
	if w.before != nil {
		w.before(key)
	}
	return w.Dir.Stat(ctx, key)
}

func newBench(t *testing.T) *bench {
	b := &bench{t: t, folder: t.TempDir()}
	dir, err := objectstore.OpenDir(b.folder)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { dir.Close() })
	b.journal, err = journal.Open(t.Context(), filepath.Join(t.TempDir(), "j.db"), journal.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.journal.Close() })
	b.store = &watched{Dir: dir}
	layout := objectstore.Layout{}
	b.keeper = retention.Keeper{Keep: 30 * day, Journal: b.journal, Store: b.store, Key: layout.KeyFor, Shelf: layout.Shelf, Log: slog.New(slog.NewTextHandler(&b.log, nil))}
	return b
}

func (b *bench) job(id int64) artifact.Job { return artifact.Of(b.keeper.Key, site, id) }

// put stores an object that is so old.
func (b *bench) put(key, text string, age time.Duration) {
	b.t.Helper()
	if err := b.store.Put(b.t.Context(), key, strings.NewReader(text), int64(len(text)), ""); err != nil {
		b.t.Fatal(err)
	}
	at := time.Now().Add(-age)
	if err := os.Chtimes(filepath.Join(b.folder, key), at, at); err != nil {
		b.t.Fatal(err)
	}
}

// stored is a finished job of a site.
func (b *bench) stored(id int64, of string, age time.Duration) {
	b.put(b.job(id).Text(), "text", age)
	b.put(b.job(id).Summary(), "summary", age)
	b.put(b.job(id).Meta(), `{"site":"`+of+`"}`, age)
}

func (b *bench) tidy(want int) {
	b.t.Helper()
	if n, err := b.keeper.Tidy(b.t.Context(), site); err != nil || n != want {
		b.t.Errorf("%d removed, %v; want %d", n, err, want)
	}
}

func (b *bench) left(id int64) (keys []string) {
	for o, err := range b.store.Dir.List(b.t.Context(), b.job(id).Folder()) {
		if err != nil {
			b.t.Fatal(err)
		}
		keys = append(keys, strings.TrimPrefix(o.Key, b.job(id).Folder()))
	}
	return keys
}

func (b *bench) want(id int64, keys ...string) {
	b.t.Helper()
	if got := b.left(id); !slices.Equal(got, keys) {
		b.t.Errorf("job %d has %v, want %v", id, got, keys)
	}
}

var whole = []string{"meta.json", "summary.md", "text.txt"}

func TestWhatIsTooOldGoesAndNothingElse(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.stored(1, site, 31*day)
	b.put(b.job(1).Checkpoints()+"1-aa-left-0000.jsonl", "x", 31*day)
	b.stored(2, site, 29*day)
	b.stored(10, site, 40*day) // a name that begins as that of job 1
	b.stored(3, other, 40*day)
	b.put("processed/4/checkpoint/step-k.json", "x", 40*day) // whose, nobody says
	b.put("processed/notes.txt", "of a person", 400*day)
	b.put("elsewhere/5/text.txt", "of a person", 400*day)
	b.put(b.job(10).Meta(), `{"site":"`+site+`","sha256":"ab"}`, 40*day)
	var shared []string
	b.keeper.Shared = func(_ context.Context, of, digest string, before time.Time) error {
		shared = append(shared, of+" "+digest+" "+time.Since(before).Round(day).String())
		return nil
	}
	b.tidy(2)
	if want := []string{site + " ab 720h0m0s"}; !slices.Equal(shared, want) {
		t.Errorf("of shared texts, %q are removed, want %q", shared, want)
	}
	b.want(1)
	b.want(2, whole...)
	b.want(3, whole...)
	b.want(4, "checkpoint/step-k.json")
	b.want(10)
	for _, name := range []string{"processed/notes.txt", "elsewhere/5/text.txt"} {
		if _, err := os.Stat(filepath.Join(b.folder, name)); err != nil {
			t.Error(err)
		}
	}
	if _, err := os.Stat(filepath.Join(b.folder, "processed/1")); err == nil {
		t.Error("the folder of the removed job is left")
	}
}

// Once a store is known, only the folders of jobs that are due are looked into.
func TestTheWholeStoreIsListedOnce(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.stored(1, site, 40*day)
	b.stored(2, site, 20*day)
	b.tidy(1)
	b.store.listed = nil
	b.stored(3, site, 50*day) // of an agent that this one has not heard of
	b.tidy(0)
	if len(b.store.listed) != 0 {
		t.Errorf("listed again: %v", b.store.listed)
	}
	if err := b.journal.NoteListed(t.Context(), site, b.store.String(), time.Now().Add(-31*day)); err != nil {
		t.Fatal(err)
	}
	b.tidy(1)
	b.want(3)
	if want := []string{"processed/", "processed/3/"}; !slices.Equal(b.store.listed, want) {
		t.Errorf("listed %v, want %v", b.store.listed, want)
	}
}

// An agent's own objects without a description (it died before that) are known to be its own.
func TestOwnObjectsWithoutADescriptionGo(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	if err := b.keeper.Note(t.Context(), site, 6); err != nil {
		t.Fatal(err)
	}
	b.put(b.job(6).Text(), "text", time.Hour)
	b.keeper.Keep = time.Nanosecond
	b.tidy(1)
	b.want(6)
}

func TestAJobThatWasDoneAgainStays(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.stored(1, site, 40*day)
	b.stored(2, site, 40*day)
	b.store.before = func(key string) { // another agent stores the job in the very moment it is removed here
		if key == b.job(2).Summary() {
			b.store.before = nil
			b.put(key, "new", 0)
		}
	}
	b.put(b.job(1).Text(), "new text", 0) // as another agent did, of which this one knows nothing
	old := time.Now().Add(-40 * day)
	if err := errors.Join(b.journal.NoteStored(t.Context(), site, journal.Stored{JobID: 1, At: old}, journal.Stored{JobID: 2, At: old}),
		b.journal.NoteListed(t.Context(), site, b.store.String(), time.Now())); err != nil {
		t.Fatal(err)
	}
	b.tidy(0)
	b.want(1, whole...)
	b.want(2, whole...)
	b.store.listed = nil
	b.tidy(0) // and both are known to be new
	if len(b.store.listed) != 0 {
		t.Errorf("looked at again: %v", b.store.listed)
	}
}

func TestWhatIsInWorkOrNotToldStays(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.stored(1, site, 40*day)
	b.stored(2, site, 40*day)
	if err := b.journal.SaveJob(t.Context(), journal.JobRecord{Site: site, JobID: 1, Epoch: 1, State: journal.StateSummarising}); err != nil {
		t.Fatal(err)
	}
	it := journal.Item{ID: "r", Site: site, JobID: 2, Epoch: 1, Kind: journal.KindResult, Body: []byte("{}")}
	if err := b.journal.Enqueue(t.Context(), it, journal.JobRecord{Site: site, JobID: 2, Epoch: 1, State: journal.StateReporting}); err != nil {
		t.Fatal(err)
	}
	b.tidy(0)
	b.want(1, whole...)
	b.want(2, whole...)
	if err := b.journal.Delivered(t.Context(), "r"); err != nil {
		t.Fatal(err)
	}
	b.tidy(1)
	b.want(2)
}

func TestNothingIsTooOldWithoutALimit(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.keeper.Keep = 0
	b.stored(1, site, 4000*day)
	b.tidy(0)
	if err := b.keeper.Note(t.Context(), site, 2); err != nil {
		t.Fatal(err)
	}
	b.want(1, whole...)
	if got, err := b.journal.StoredBefore(t.Context(), site, time.Now().Add(day), 10); err != nil || len(got) != 0 || len(b.store.listed) != 0 {
		t.Errorf("noted %v, listed %v, %v", got, b.store.listed, err)
	}
}

// A removal that breaks off is taken up: what is left says whose it is until the last.
func TestARemovalThatBreaksOffIsTakenUp(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.stored(1, site, 40*day)
	ctx, cancel := context.WithCancel(t.Context())
	looked := 0
	b.store.before = func(string) {
		if looked++; looked == 3 {
			cancel()
		}
	}
	if _, err := b.keeper.Tidy(ctx, site); err == nil {
		t.Error("a cancelled run says nothing")
	}
	b.want(1, "meta.json")
	b.tidy(1)
	b.want(1)
}
