package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/wpclient/wptest"
)

// What docs/operations.md says of a backup: the data folder of a stopped agent, put back elsewhere, goes on with its key, and reads nothing again.
func TestARestoredDataFolderGoesOn(t *testing.T) {
	t.Parallel()
	site := wptest.New(t)
	dir := joined(t, site)
	id := site.AddJob("minutes.txt", "text/plain", []byte(text))
	if code, _, errs := cmd(t, dir, "once"); code != exitOK {
		t.Fatal(errs)
	}
	restored := filepath.Join(t.TempDir(), "restored")
	if err := os.CopyFS(restored, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	// CopyFS gives files the modes of the process; the manual says to put them right.
	for path, mode := range map[string]os.FileMode{restored: 0o700, keyFile(t, restored): 0o600} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
	}
	if code, out, errs := cmd(t, restored, "doctor"); code != exitOK {
		t.Fatalf("doctor: exit %d: %s%s", code, out, errs)
	}
	site.Retry(id)
	code, _, errs := cmd(t, restored, "once")
	if code != exitOK || !strings.Contains(errs, "every page is in the journal") {
		t.Errorf("exit %d: %s", code, errs)
	}
	if got := site.Job(id); got.State != wptest.Done || got.Epoch != 2 {
		t.Errorf("job %+v", got)
	}
}

// Without its journal an agent works on: it reads again what it is given again.
func TestALostJournalLosesNoDocument(t *testing.T) {
	t.Parallel()
	site := wptest.New(t)
	dir := joined(t, site)
	first := site.AddJob("a.txt", "text/plain", []byte(text))
	if code, _, errs := cmd(t, dir, "once"); code != exitOK {
		t.Fatal(errs)
	}
	for _, f := range []string{"journal.db", "journal.db-wal", "journal.db-shm"} {
		_ = os.Remove(filepath.Join(dir, f)) // the last two are there while it runs
	}
	site.Retry(first)
	second := site.AddJob("b.txt", "text/plain", []byte(text))
	if code, _, errs := cmd(t, dir, "once"); code != exitOK {
		t.Fatal(errs)
	}
	for _, id := range []int64{first, second} {
		if got := site.Job(id); got.State != wptest.Done {
			t.Errorf("job %+v", got)
		}
	}
}
