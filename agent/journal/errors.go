package journal

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// Why the journal cannot be opened or written. Every error of this package that has one of
// these causes answers to errors.Is.
var (
	// ErrLocked: another agent process has this journal open. See LockedError for its pid.
	ErrLocked = errors.New("the journal is in use")
	// ErrNewerSchema: a newer aidoc-agent has written this journal.
	ErrNewerSchema = errors.New("the journal was written by a newer aidoc-agent")
	// ErrNotJournal: the file is a healthy SQLite database of some other program.
	ErrNotJournal = errors.New("the file is not a journal of aidoc-agent")
	// ErrCorrupt: the file is damaged. The next Open sets it aside and starts a new one.
	ErrCorrupt = errors.New("the journal is damaged")
	// ErrDiskFull: nothing was written, because there is no room. Free space and try again.
	ErrDiskFull = errors.New("no space left for the journal")
	// ErrClosed: the journal was closed before the call.
	ErrClosed = errors.New("the journal is closed")
	// ErrReadOnly: a write to a journal that OpenReadOnly opened.
	ErrReadOnly = errors.New("the journal is open for reading only")
)

// LockedError names the process that holds the journal; PID is 0 where it is not known.
type LockedError struct {
	Path string
	PID  int
}

func (e *LockedError) Error() string {
	who := "another aidoc-agent process"
	if e.PID > 0 {
		who = fmt.Sprintf("another aidoc-agent process (pid %d)", e.PID)
	}
	return fmt.Sprintf("%s is using the journal %s: stop it first, or give this agent its own data_dir", who, e.Path)
}

func (e *LockedError) Is(target error) bool { return target == ErrLocked }

// Error is a failed operation; Kind is one of the sentinels above or nil.
type Error struct {
	Op   string // short verb phrase
	Path string
	Kind error
	Hint string // one sentence that says what to do
	Err  error
}

func (e *Error) Error() string {
	switch {
	case e.Hint != "" && e.Err != nil:
		return fmt.Sprintf("%s: %s (%v)", e.Op, e.Hint, e.Err)
	case e.Hint != "":
		return fmt.Sprintf("%s: %s", e.Op, e.Hint)
	}
	return fmt.Sprintf("%s: %v", e.Op, e.Err)
}

func (e *Error) Unwrap() []error {
	var out []error
	for _, err := range []error{e.Kind, e.Err} {
		if err != nil {
			out = append(out, err)
		}
	}
	return out
}

// wrap gives a driver's error its meaning. It keeps errors that already have one.
func (j *Journal) wrap(op string, err error) error {
	if err == nil {
		return nil
	}
	var own *Error
	if errors.As(err, &own) || errors.Is(err, ErrClosed) || errors.Is(err, ErrReadOnly) {
		return err
	}
	e := &Error{Op: op, Path: j.path, Err: err}
	kind := kindOf(err)
	if kind == nil && mayBeFull(err) && noRoomBeside(j.path) {
		kind = ErrDiskFull
	}
	switch {
	case errors.Is(kind, ErrDiskFull):
		e.Kind, e.Hint = kind, "no space left for the journal "+j.path+": free disk space (or raise the quota); nothing was written"
	case errors.Is(kind, ErrCorrupt):
		j.damaged.Store(true)
		e.Kind, e.Hint = kind, "the journal "+j.path+" is damaged: restart the agent, it sets the file aside and starts a new one"
	}
	return e
}

// kindOf maps SQLite's result codes; nil where the code has no meaning of its own here.
func kindOf(err error) error {
	var se *sqlite.Error
	if !errors.As(err, &se) {
		return nil
	}
	if se.Code() == sqlite3.SQLITE_IOERR_SHMSIZE { // growing the shared memory file failed: ENOSPC in practice
		return ErrDiskFull
	}
	switch se.Code() & 0xff {
	case sqlite3.SQLITE_FULL:
		return ErrDiskFull
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return ErrCorrupt
	}
	return nil
}

// mayBeFull: SQLite calls a full disk SQLITE_FULL only where a plain write said so. At a sync, a
// truncation or the making of a log file, and for a quota, it says "I/O error" or "cannot open".
func mayBeFull(err error) bool {
	var se *sqlite.Error
	if !errors.As(err, &se) {
		return false
	}
	code := se.Code() & 0xff
	return code == sqlite3.SQLITE_IOERR || code == sqlite3.SQLITE_CANTOPEN
}

// noRoomBeside tries whether the folder of path takes a small file.
func noRoomBeside(path string) bool {
	f, err := os.CreateTemp(filepath.Dir(path), ".room-*")
	if err == nil {
		defer os.Remove(f.Name())
		_, err = f.Write(make([]byte, 64<<10))
		err = errors.Join(err, f.Sync(), f.Close())
	}
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT)
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
