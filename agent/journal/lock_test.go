package journal

import (
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"
)

// What was forked before the lock is released, and does not run its own program yet, does not keep it.
func TestAReleasedLockIsFreeThoughAChildHasTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal.db.lock")
	l, err := lockFile(path, "journal.db")
	if err != nil {
		t.Fatal(err)
	}
	child, err := unix.Dup(int(l.f.Fd())) // the same open file, as after a fork
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = unix.Close(child) })
	if _, err := lockFile(path, "journal.db"); err == nil {
		t.Fatal("locked twice")
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := lockFile(path, "journal.db")
	if err != nil {
		t.Fatal(err)
	}
	if err := again.Close(); err != nil {
		t.Fatal(err)
	}
}
