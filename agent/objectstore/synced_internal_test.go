package objectstore

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// syncing is a store that notes which folders it syncs.
type syncing struct {
	*Dir
	mu   sync.Mutex
	done []string
	fail error // of the next one
}

func newSyncing(t *testing.T) *syncing {
	t.Helper()
	d, err := OpenDir(filepath.Join(t.TempDir(), "store"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	s := &syncing{Dir: d}
	d.sync = func(f *os.File) error {
		s.mu.Lock()
		defer s.mu.Unlock()
		rel, err := filepath.Rel(d.path, f.Name())
		s.done = append(s.done, rel)
		failed := s.fail
		s.fail = nil
		return errors.Join(err, failed, f.Sync())
	}
	return s
}

// put stores something under key and returns the folders that were synced for it.
func (s *syncing) put(t *testing.T, key string) []string {
	t.Helper()
	s.done = nil
	if err := s.Put(t.Context(), key, strings.NewReader("x"), 1, ""); err != nil {
		t.Fatal(err)
	}
	slices.Sort(s.done)
	return s.done
}

// A folder whose name is durable is not synced again for each file below it: an answer of a model is a file, and was five syncs.
func TestDirSyncsAFolderOnceAndItsFilesAlways(t *testing.T) {
	t.Parallel()
	s := newSyncing(t)
	wants := func(when, key string, want ...string) {
		t.Helper()
		if got := s.put(t, key); !slices.Equal(got, want) {
			t.Errorf("%s: synced %q, want %q", when, got, want)
		}
	}
	wants("new folders", "a/b/c", ".", "a", "a/b")
	wants("folders that are known", "a/b/d", "a/b")
	wants("a new folder in a known one", "a/e/f", "a", "a/e")
	wants("the root", "g", ".")
	for _, key := range []string{"a/b/c", "a/b/d"} {
		if err := s.Delete(t.Context(), key); err != nil {
			t.Fatal(err)
		}
	}
	wants("a folder that was pruned", "a/b/c", "a", "a/b")
	if err := os.RemoveAll(filepath.Join(s.path, "a")); err != nil {
		t.Fatal(err)
	}
	wants("folders that another process removed", "a/b/c", ".", "a", "a/b")
	s.fail = os.ErrInvalid
	if err := s.Put(t.Context(), "h/i", strings.NewReader("x"), 1, ""); err == nil {
		t.Error("a folder that could not be synced was taken for durable")
	}
	wants("after a sync that failed", "h/i", ".", "h")
}

// A folder that was removed while another call synced it is not taken for durable.
func TestDirForgetsAFolderRemovedMeanwhile(t *testing.T) {
	t.Parallel()
	var s synced
	seen := s.removals()
	if !s.remove("a/b", func(string) error { return nil }) {
		t.Fatal("not removed")
	}
	s.add("a/b", seen)
	if got := s.lacking("a/b"); !slices.Equal(got, []string{"a", "."}) {
		t.Errorf("lacking %q", got)
	}
	if s.add("a/b", s.removals()); len(s.lacking("a/b")) > 0 {
		t.Error("nothing is remembered")
	}
	if s.remove("a/b", func(string) error { return os.ErrExist }) || len(s.lacking("a/b")) > 0 {
		t.Error("a folder that is not empty was forgotten")
	}
}
