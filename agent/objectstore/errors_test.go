package objectstore

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"syscall"
	"testing"
)

// Every code says whether a retry helps and what it means; docs/operations.md has the same classes (test/arch).
func TestEveryCodeHasAMeaning(t *testing.T) {
	t.Parallel()
	for code := range meaning {
		e := &Error{Op: "put", Store: "s3://b", Key: "k", Code: code}
		if e.Sentence() == "" || !strings.HasSuffix(e.Error(), "("+string(code)+")") {
			t.Errorf("%s: %v", code, e)
		}
		if wrapped := fmt.Errorf("store: %w", e); !errors.Is(wrapped, &Error{Code: code}) || errors.Is(wrapped, &Error{Code: "other"}) {
			t.Errorf("%s is not found by its code", code)
		}
	}
}

func TestFileSystemErrorsHaveCodes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		err       error
		code      Code
		retryable bool
		says      string
	}{
		{syscall.ENOSPC, CodeFull, true, "free disk space"},
		{syscall.EDQUOT, CodeFull, true, "free disk space"},
		{syscall.EACCES, CodeAccessDenied, false, "store.dir.path"},
		{syscall.EPERM, CodeAccessDenied, false, "store.dir.path"},
		{syscall.EROFS, CodeAccessDenied, false, "store.dir.path"},
		{syscall.ENOENT, CodeNotFound, false, ""},
		{syscall.ENOTDIR, CodeNotFound, false, ""},
		{syscall.ENAMETOOLONG, CodeBadKey, false, ""},
		{syscall.EIO, CodeBusy, true, ""},
		{context.Canceled, CodeInterrupted, true, ""},
		{context.DeadlineExceeded, CodeInterrupted, true, ""},
		{badSource(errors.New("gone"), "the data to store could not be read"), CodeBadSource, false, "could not be read"},
		{syscall.ELOOP, CodeInternal, false, ""},
	} {
		err := dirError("put", "/store", "k", &fs.PathError{Op: "write", Path: "/store/k", Err: c.err})
		var e *Error
		if !errors.As(err, &e) || e.Code != c.code || e.Retryable() != c.retryable || e.Op != "put" || e.Key != "k" || !strings.Contains(e.Error(), c.says) {
			t.Errorf("%v: %v", c.err, err)
		}
		if c.code != CodeBadSource && !errors.Is(err, c.err) {
			t.Errorf("%v is not the cause of %v", c.err, err)
		}
	}
}

// /sys takes no folder from anybody, root included.
func TestAFolderThatCannotBeMadeIsDenied(t *testing.T) {
	t.Parallel()
	if _, err := OpenDir("/sys/aidoc-agent"); !errors.Is(err, ErrAccessDenied) || !strings.Contains(err.Error(), "store.dir.path") {
		t.Error(err)
	}
}
