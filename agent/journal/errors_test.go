package journal

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/llm"
)

func TestSystemErrorsHaveCodes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		err       error
		code      Code
		retryable bool
		says      string
	}{
		{syscall.ENOSPC, CodeDiskFull, true, "free disk space"},
		{syscall.EDQUOT, CodeDiskFull, true, "free disk space"},
		{syscall.EACCES, CodeDenied, false, "data_dir"},
		{syscall.EROFS, CodeDenied, false, "mount its disk writable"},
		{fs.ErrNotExist, CodeMissing, false, ""},
		{context.Canceled, CodeInterrupted, true, ""},
		{syscall.EIO, CodeFailed, true, ""},
	} {
		err := error(newError("save a job", "/data/journal.db", &fs.PathError{Op: "write", Path: "/data/journal.db", Err: c.err}))
		wantCode(t, err, c.code, c.retryable, c.says)
		if !errors.Is(err, c.err) {
			t.Errorf("%v is not the cause of %v", c.err, err)
		}
	}
}

// What really happens to a journal, each with its code, and findable by errors.Is below any wrapping.
func TestFaultsHaveCodes(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "j.db")
	held := open(t, path, Options{})
	second := func() error { _, err := Open(bg, path, Options{}); return err }
	for name, c := range map[string]struct {
		fault     func() error
		target    error
		code      Code
		retryable bool
		says      string
	}{
		"locked":     {second, ErrLocked, CodeLocked, true, "data_dir"},
		"read-only":  {func() error { return readOnly(t, path).Put(bg, "k", llm.Completion{}) }, ErrReadOnly, CodeReadOnly, false, "keep a step"},
		"denied":     {func() error { _, err := Open(bg, "/sys/aidoc-agent/j.db", Options{}); return err }, nil, CodeDenied, false, "data_dir"}, // /sys takes no folder from anybody
		"missing":    {func() error { _, err := OpenReadOnly(bg, path+".none"); return err }, fs.ErrNotExist, CodeMissing, false, ""},
		"full":       {func() error { return small(t).PutPage(bg, "a", "v", 1, randomBytes(2<<20)) }, ErrDiskFull, CodeDiskFull, true, "free disk space"},
		"query only": {func() error { return held.wrap("read", sqliteReadOnly(t)) }, nil, CodeDenied, false, ""},
		"damaged":    {func() error { return openGarbage(t) }, ErrCorrupt, CodeCorrupt, false, "restart the agent"},
		"stale":      {func() error { return saveOlder(t, held) }, ErrStaleEpoch, CodeStaleEpoch, false, ""},
		"no sha256":  {func() error { _, err := held.ResultIDSoon(bg, site, 1, ""); return err }, nil, CodeInvalid, false, "sha256"},
		"a folder":   {func() error { _, err := Open(bg, t.TempDir(), Options{}); return err }, nil, CodeFailed, true, ""},
	} {
		t.Run(name, func(t *testing.T) {
			err := c.fault()
			wantCode(t, err, c.code, c.retryable, c.says)
			if c.target != nil && !errors.Is(fmt.Errorf("job 7: %w", err), c.target) {
				t.Errorf("%v is not %v", err, c.target)
			}
			if c.code != CodeDiskFull && errors.Is(err, ErrDiskFull) {
				t.Errorf("%v is taken for a full disk", err)
			}
		})
	}
}

func wantCode(t *testing.T, err error, code Code, retryable bool, says string) {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) || e.Code != code || e.Retryable() != retryable || !strings.Contains(err.Error(), says) || !strings.Contains(err.Error(), "("+string(code)+")") {
		t.Errorf("%v, want %s, retryable %v, %q", err, code, retryable, says)
	}
}

// randomBytes do not compress.
func randomBytes(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails
	return b
}

func readOnly(t *testing.T, path string) *Journal {
	t.Helper()
	j, err := OpenReadOnly(bg, path)
	check(t, err)
	t.Cleanup(func() { _ = j.Close() })
	return j
}

func small(t *testing.T) *Journal {
	return open(t, filepath.Join(t.TempDir(), "j.db"), Options{MaxBytes: 1 << 20})
}

func saveOlder(t *testing.T, j *Journal) error {
	t.Helper()
	check(t, j.SaveJob(bg, job(5, 3, StateExtracting)))
	return j.SaveJob(bg, job(5, 2, StateExtracting))
}

// sqliteReadOnly is SQLite's own refusal to write.
func sqliteReadOnly(t *testing.T) error {
	t.Helper()
	path := filepath.Join(t.TempDir(), "j.db")
	check(t, open(t, path, Options{}).Close())
	_, err := readOnly(t, path).read.ExecContext(bg, `DELETE FROM jobs`)
	return err
}

// openGarbage reads a file that is no database at all.
func openGarbage(t *testing.T) error {
	t.Helper()
	path := filepath.Join(t.TempDir(), "j.db")
	check(t, os.WriteFile(path, randomBytes(4096), 0o600))
	_, err := OpenReadOnly(bg, path)
	return err
}
