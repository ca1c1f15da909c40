package journal

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// Code names why the journal could not be opened, read or written. Codes are stable: they are in logs and in docs/operations.md.
type Code string

const (
	CodeLocked      Code = "journal_locked"      // another agent process has it open
	CodeNewerSchema Code = "journal_newer"       // a newer aidoc-agent has written it
	CodeNotJournal  Code = "journal_foreign"     // a healthy SQLite database of some other program
	CodeCorrupt     Code = "journal_damaged"     // the next Open sets it aside and starts a new one
	CodeDiskFull    Code = "journal_full"        // nothing was written, because there is no room
	CodeDenied      Code = "journal_denied"      // the agent's user may not read or write it, or its disk is read-only
	CodeMissing     Code = "journal_missing"     // there is none to read
	CodeReadOnly    Code = "journal_read_only"   // a write to a journal that OpenReadOnly opened
	CodeClosed      Code = "journal_closed"      // it was closed before the call
	CodeStaleEpoch  Code = "journal_stale_epoch" // the record belongs to an older lease than the one in the journal
	CodeInvalid     Code = "journal_invalid"     // the call contradicts itself: a bug of the caller
	CodeInterrupted Code = "journal_interrupted" // the context ended
	CodeFailed      Code = "journal_failed"      // any other fault of the disk or of SQLite
)

// Retryable tells whether the same call may succeed later.
func (c Code) Retryable() bool {
	switch c {
	case CodeLocked, CodeDiskFull, CodeInterrupted, CodeFailed:
		return true
	}
	return false
}

// Targets of errors.Is: each matches every *Error of its code.
var (
	ErrLocked      = &Error{Code: CodeLocked, Message: "the journal is in use"}
	ErrNewerSchema = &Error{Code: CodeNewerSchema, Message: "the journal was written by a newer aidoc-agent"}
	ErrNotJournal  = &Error{Code: CodeNotJournal, Message: "the file is not a journal of aidoc-agent"}
	ErrCorrupt     = &Error{Code: CodeCorrupt, Message: "the journal is damaged"}
	ErrDiskFull    = &Error{Code: CodeDiskFull, Message: "no space left for the journal"}
	ErrClosed      = &Error{Code: CodeClosed, Message: "the journal is closed"}
	ErrReadOnly    = &Error{Code: CodeReadOnly, Message: "the journal is open for reading only"}
	ErrStaleEpoch  = &Error{Code: CodeStaleEpoch, Message: "the journal holds a later lease of this job"}
)

// Error is why an operation of the journal failed.
type Error struct {
	Op      string // short verb phrase
	Path    string
	Code    Code
	Message string // one sentence that says what to do; "" where only the cause says something
	PID     int    // of CodeLocked: who holds the journal, 0 where it is not known
	Err     error
}

func (e *Error) Error() string {
	parts := make([]string, 0, 3)
	if e.Op != "" {
		parts = append(parts, e.Op)
	}
	if e.Message != "" {
		parts = append(parts, e.Message)
	}
	if e.Err != nil {
		parts = append(parts, e.Err.Error())
	}
	return fmt.Sprintf("%s (%s)", strings.Join(parts, ": "), e.Code)
}

func (e *Error) Unwrap() error { return e.Err }

// at is a copy of a target of errors.Is as the error of one call.
func (e *Error) at(op, path string) *Error {
	return &Error{Op: op, Path: path, Code: e.Code, Message: e.Message}
}

// Is compares codes, so that errors.Is finds the kind of an error whatever else it says.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Op == "" && t.Code == e.Code
}

// Retryable tells whether the same call may succeed later.
func (e *Error) Retryable() bool { return e.Code.Retryable() }

// wrap gives an error of the driver or the file system its meaning. It keeps errors that already have one.
func (j *Journal) wrap(op string, err error) error {
	if err == nil {
		return nil
	}
	var own *Error
	if errors.As(err, &own) {
		return err
	}
	e := newError(op, j.path, err)
	if e.Code == CodeCorrupt {
		j.damaged.Store(true)
	}
	return e
}

// newError finds the code of err, and the sentence for what a person can do something about.
func newError(op, path string, err error) *Error {
	e := &Error{Op: op, Path: path, Code: codeOf(err), Err: err}
	if e.Code == CodeFailed && saysTooLittle(err) {
		e.Code = codeOf(writeBeside(path))
	}
	switch e.Code {
	case CodeDiskFull:
		e.Message = "no space left for the journal " + path + ": free disk space (or raise the quota); nothing was written"
	case CodeCorrupt:
		e.Message = "the journal " + path + " is damaged: restart the agent, it sets the file aside and starts a new one"
	case CodeDenied:
		e.Message = "the agent's user may not use the journal " + path + ": fix the owner and mode of its folder (data_dir), or mount its disk writable"
	}
	return e
}

// codeOf maps SQLite's result codes, the system's errors and ended contexts.
func codeOf(err error) Code {
	var se *sqlite.Error
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return CodeInterrupted
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return CodeDiskFull
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		return CodeDenied
	case errors.Is(err, fs.ErrNotExist):
		return CodeMissing
	case errors.As(err, &se):
		return codeOfSQLite(se.Code())
	}
	return CodeFailed
}

func codeOfSQLite(code int) Code {
	if code == sqlite3.SQLITE_IOERR_SHMSIZE { // growing the shared memory file failed: ENOSPC in practice
		return CodeDiskFull
	}
	switch code & 0xff {
	case sqlite3.SQLITE_FULL:
		return CodeDiskFull
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return CodeCorrupt
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM:
		return CodeDenied
	case sqlite3.SQLITE_INTERRUPT:
		return CodeInterrupted
	}
	return CodeFailed
}

// saysTooLittle: SQLite calls a full disk SQLITE_FULL only where a plain write said so. At a sync, a truncation or the making of
// a log file, and for a quota or a read-only disk, it says "I/O error" or "cannot open".
func saysTooLittle(err error) bool {
	var se *sqlite.Error
	if !errors.As(err, &se) {
		return false
	}
	code := se.Code() & 0xff
	return code == sqlite3.SQLITE_IOERR || code == sqlite3.SQLITE_CANTOPEN
}

// writeBeside tries whether the folder of path takes a small file, and returns why not.
func writeBeside(path string) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".room-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(make([]byte, 64<<10))
	return errors.Join(err, f.Sync(), f.Close())
}

// breaksTransaction tells errors after which SQLite may have rolled back everything, so that
// the other members of a group commit cannot be trusted either.
func breaksTransaction(err error) bool {
	var se *sqlite.Error
	if !errors.As(err, &se) {
		return false
	}
	switch se.Code() & 0xff {
	case sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_BUSY,
		sqlite3.SQLITE_INTERRUPT, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_READONLY:
		return true
	}
	return false
}
