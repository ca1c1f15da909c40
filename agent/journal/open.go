package journal

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"time"
)

// readers is the number of connections for reading; a long page iteration holds one.
const readers = 4

// alwaysCheckBelow: smaller files are checked at every start (well under a second); larger ones
// only when the last process did not close them.
const alwaysCheckBelow = 256 << 20

// Open opens or creates the journal at path. The folder is made with mode 0700, the file with
// 0600. Errors: CodeLocked, CodeNewerSchema, CodeNotJournal, CodeDiskFull, CodeDenied, CodeFailed. A damaged file is no
// error: it is set aside (see SetAside and Options.OnCorrupt) and a new one is made, with what
// could be saved of the outbox and of the finished steps and pages.
func Open(ctx context.Context, path string, opts Options) (*Journal, error) {
	if opts.Now == nil {
		opts.Now = time.Now
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, newError("open the journal", path, err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, newError("make the journal's folder", path, err)
	}
	lock, err := lockFile(path+".lock", path)
	if err != nil {
		return nil, err
	}
	j := &Journal{path: path, opts: opts, lock: lock}
	if err := j.openOrReplace(ctx); err != nil {
		_ = lock.Close()
		return nil, err
	}
	j.startCommitter()
	if err := j.update(ctx, "book calls of an earlier process", func(tx *txn) error { return bookAbandoned(tx, j.nowMS()) }); err != nil {
		return nil, errors.Join(err, j.Close())
	}
	if j.setAside != nil && opts.OnCorrupt != nil {
		opts.OnCorrupt(*j.setAside)
	}
	return j, nil
}

func (j *Journal) openOrReplace(ctx context.Context) error {
	err := j.openFile(ctx)
	if !errors.Is(err, ErrCorrupt) {
		return err
	}
	aside, moveErr := moveAside(j.path, j.now())
	if moveErr != nil {
		return &Error{Op: "open the journal", Path: j.path, Code: CodeCorrupt, Err: moveErr,
			Message: "the journal " + j.path + " is damaged and could not be set aside: move it away by hand"}
	}
	aside.Reason = err.Error()
	j.damaged.Store(false)
	if err := j.openFile(ctx); err != nil {
		return err
	}
	aside.Saved = j.salvage(ctx, aside.Path)
	j.setAside = &aside
	return nil
}

// openFile opens both pools; nothing stays open after an error.
func (j *Journal) openFile(ctx context.Context) (err error) {
	size, err := makePrivate(j.path)
	if err != nil {
		return j.wrap("open the journal", err)
	}
	if size > 0 && size < minDatabase {
		// SQLite would take the stump for an empty database and say nothing.
		return &Error{Op: "open the journal", Path: j.path, Code: CodeCorrupt, Err: fmt.Errorf("the file has only %d bytes", size)}
	}
	query := writerQuery(j.opts.MaxBytes)
	if size == 0 {
		query = "_pragma=auto_vacuum(INCREMENTAL)&" + query // before the first table, or it has no effect
	}
	write, err := sql.Open("sqlite", dsn(j.path, query))
	if err != nil {
		return j.wrap("open the journal", err)
	}
	write.SetMaxOpenConns(1)
	defer func() {
		if err != nil {
			_ = write.Close()
		}
	}()
	if err = j.prepare(ctx, write); err != nil {
		return err
	}
	read, err := sql.Open("sqlite", dsn(j.path, readerQuery))
	if err != nil {
		return j.wrap("open the journal", err)
	}
	read.SetMaxOpenConns(readers)
	j.write, j.read = write, &reader{DB: read}
	return nil
}

// prepare checks what the file is and that it is whole, then brings it up to date.
func (j *Journal) prepare(ctx context.Context, db *sql.DB) error {
	steps := j.opts.migrations
	if steps == nil {
		var err error
		if steps, err = migrations(migrationFiles); err != nil {
			return j.wrap("read the migrations", err)
		}
	}
	version, err := j.checkIdentity(ctx, db, len(steps))
	if err != nil {
		return err
	}
	if version > 0 && j.needsCheck(ctx, db) {
		if err := j.quickCheck(ctx, db); err != nil {
			return err
		}
	}
	if err := j.migrate(ctx, db, version, steps); err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, `DELETE FROM meta WHERE name = 'clean'`)
	return j.wrap("open the journal", err)
}

func (j *Journal) needsCheck(ctx context.Context, db *sql.DB) bool {
	if j.Bytes() < alwaysCheckBelow {
		return true
	}
	var clean string
	err := db.QueryRowContext(ctx, `SELECT value FROM meta WHERE name = 'clean'`).Scan(&clean)
	return err != nil || clean != "1"
}

func (j *Journal) quickCheck(ctx context.Context, db *sql.DB) error {
	var verdict string
	err := db.QueryRowContext(ctx, `PRAGMA quick_check(1)`).Scan(&verdict)
	if err != nil {
		return j.wrap("check the journal", err)
	}
	if verdict != "ok" {
		return &Error{Op: "check the journal", Path: j.path, Code: CodeCorrupt, Err: errors.New(verdict)}
	}
	return nil
}

// OpenReadOnly opens an existing journal for reading, also while an agent writes to it. It
// takes no lock and changes nothing. A missing journal is fs.ErrNotExist.
func OpenReadOnly(ctx context.Context, path string) (*Journal, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, newError("open the journal", path, err)
	}
	if _, err := os.Stat(path); err != nil {
		return nil, newError("open the journal", path, err)
	}
	j := &Journal{path: path, opts: Options{Now: time.Now}, readOnly: true}
	// A write-ahead log needs its shared-memory file. Where no process has the journal open and
	// the folder cannot be written, the file does not change either: read it as immutable.
	for _, mode := range []string{"", "&immutable=1"} {
		var db *sql.DB
		if db, err = sql.Open("sqlite", dsn(path, readerQuery+"&mode=ro"+mode)); err != nil {
			return nil, newError("open the journal", path, err)
		}
		j.read = &reader{DB: db}
		j.read.SetMaxOpenConns(1)
		if err = j.checkReadable(ctx); err == nil {
			return j, nil
		}
		_ = j.read.Close()
		if !mayReadImmutable(err) {
			break
		}
	}
	return nil, err
}

// mayReadImmutable tells whether the reason may be that the shared-memory file could not be made: no right to, no room.
func mayReadImmutable(err error) bool {
	var e *Error
	if !errors.As(err, &e) {
		return false
	}
	return e.Code == CodeFailed || e.Code == CodeDenied || e.Code == CodeDiskFull
}

func (j *Journal) checkReadable(ctx context.Context) error {
	steps, err := migrations(migrationFiles)
	if err != nil {
		return j.wrap("read the migrations", err)
	}
	_, err = j.checkIdentity(ctx, j.read.DB, len(steps))
	return err
}

// minDatabase is the smallest page size, so the smallest database there is.
const minDatabase = 512

// makePrivate creates the file before SQLite would, so that it is never readable by others, and
// returns its size.
func makePrivate(path string) (int64, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	fi, err := f.Stat()
	if err != nil {
		return 0, err
	}
	if fi.Mode().Perm()&0o077 != 0 {
		if err := f.Chmod(0o600); err != nil && !errors.Is(err, fs.ErrPermission) {
			return 0, err
		}
	}
	return fi.Size(), nil
}

// The connections' settings. Immediate transactions: a deferred one that turns into a write
// fails with SQLITE_BUSY at once, whatever the timeout.
const (
	commonQuery = "_pragma=busy_timeout(5000)&_pragma=foreign_keys(1)&_pragma=trusted_schema(0)"
	readerQuery = commonQuery + "&_pragma=query_only(1)"
)

func writerQuery(maxBytes int64) string {
	q := commonQuery + "&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_txlock=immediate"
	if maxBytes > 0 {
		q += fmt.Sprintf("&_pragma=max_page_count(%d)", max(maxBytes/4096, 1))
	}
	return q
}

func dsn(path, query string) string {
	return (&url.URL{Scheme: "file", Path: path, RawQuery: query}).String()
}
