package objectstore_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/agent/objectstore"
	"github.com/aidoc-pipeline/aidoc-agent/agent/objectstore/storetest"
)

var bg = context.Background()

func openDir(t *testing.T, path string) *objectstore.Dir {
	t.Helper()
	d, err := objectstore.OpenDir(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	return d
}

func TestDirConformance(t *testing.T) {
	t.Parallel()
	storetest.Run(t, storetest.Suite{
		New: func(t *testing.T) objectstore.Store { return openDir(t, filepath.Join(t.TempDir(), "store")) },
		Leftovers: func(t *testing.T, s objectstore.Store) int {
			left, err := os.ReadDir(filepath.Join(s.String(), ".aidoc-tmp"))
			if err != nil {
				t.Fatal(err)
			}
			return len(left)
		},
		Big: 1 << 20,
	})
}

func TestDirModes(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "new", "store")
	d := openDir(t, path)
	if err := d.Put(bg, "a/b/c", strings.NewReader("x"), 1, ""); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]os.FileMode{"": 0o700, "a": 0o700, "a/b": 0o700, "a/b/c": 0o600} {
		if fi, err := os.Stat(filepath.Join(path, name)); err != nil || fi.Mode().Perm() != want {
			t.Errorf("%q: %v, %v", name, fi.Mode(), err)
		}
	}
}

// A symbolic link inside the store leads nowhere outside, for reading, writing, listing or deleting.
func TestDirSymlinks(t *testing.T) {
	t.Parallel()
	outside := t.TempDir()
	secret := filepath.Join(outside, "secret")
	if err := os.WriteFile(secret, []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	path := t.TempDir()
	d := openDir(t, path)
	for name, target := range map[string]string{"file": secret, "folder": outside, "rel": "../" + filepath.Base(outside), "dangling": filepath.Join(outside, "new")} {
		if err := os.Symlink(target, filepath.Join(path, name)); err != nil {
			t.Fatal(err)
		}
	}
	for _, key := range []string{"file", "folder/secret", "rel/secret", "dangling"} {
		if r, _, err := d.Get(bg, key); err == nil {
			_ = r.Close()
			t.Errorf("get %s followed the link", key)
		}
		if _, err := d.Stat(bg, key); err == nil {
			t.Errorf("stat %s followed the link", key)
		}
	}
	for _, key := range []string{"folder/secret", "folder/new", "rel/new"} {
		if err := d.Put(bg, key, strings.NewReader("x"), 1, ""); err == nil {
			t.Errorf("put %s followed the link", key)
		}
		_ = d.Delete(bg, key)
	}
	if err := d.Put(bg, "file", strings.NewReader("mine"), 4, ""); err != nil { // replaces the link itself
		t.Error(err)
	}
	for info, err := range d.List(bg, "") {
		if err != nil || info.Key != "file" {
			t.Errorf("listed %+v, %v", info, err)
		}
	}
	if b, err := os.ReadFile(secret); err != nil || string(b) != "secret" {
		t.Errorf("the file outside: %q, %v", b, err)
	}
	if entries, _ := os.ReadDir(outside); len(entries) != 1 {
		t.Errorf("something was made outside: %v", entries)
	}
}

func TestDirIgnoresWhatIsNotAFile(t *testing.T) {
	t.Parallel()
	path := t.TempDir()
	d := openDir(t, path)
	if err := syscall.Mkfifo(filepath.Join(path, "pipe"), 0o600); err != nil {
		t.Skip(err)
	}
	if _, _, err := d.Get(bg, "pipe"); !errors.Is(err, objectstore.ErrNotFound) {
		t.Errorf("a pipe: %v", err)
	}
	for info := range d.List(bg, "") {
		t.Errorf("listed %+v", info)
	}
}

func TestDirErrors(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := objectstore.OpenDir(filepath.Join(file, "store")); err == nil {
		t.Error("a folder below a file was opened")
	}
	if os.Geteuid() == 0 {
		return // root may write everywhere
	}
	locked := t.TempDir()
	if err := os.Chmod(locked, 0o500); err != nil {
		t.Fatal(err)
	}
	_, err := objectstore.OpenDir(filepath.Join(locked, "store"))
	if !errors.Is(err, objectstore.ErrAccessDenied) || !strings.Contains(err.Error(), "store.dir.path") {
		t.Errorf("a folder without rights: %v", err)
	}
}

// What a crash left behind goes away after a day, not before: another process may be writing it.
func TestDirDropsStaleFiles(t *testing.T) {
	t.Parallel()
	path := t.TempDir()
	_ = openDir(t, path)
	for name, age := range map[string]time.Duration{"old": 25 * time.Hour, "young": time.Hour} {
		p := filepath.Join(path, ".aidoc-tmp", name)
		if err := os.WriteFile(p, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		then := time.Now().Add(-age)
		if err := os.Chtimes(p, then, then); err != nil {
			t.Fatal(err)
		}
	}
	_ = openDir(t, path)
	left, err := os.ReadDir(filepath.Join(path, ".aidoc-tmp"))
	if err != nil || len(left) != 1 || left[0].Name() != "young" {
		t.Errorf("left: %v, %v", left, err)
	}
}
