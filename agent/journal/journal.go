// Package journal is the agent's memory on disk: which jobs it holds, the text of every page
// and the answer of every paid step it has finished, and what it still has to tell the sites.
//
// A write has reached the disk when its method returns nil (SQLite, write-ahead log,
// synchronous=FULL), but for those whose name ends in Soon. Writers that come at the same time share one commit. A write whose
// context ends before it was started is not made; once started its outcome is always reported.
//
// Every error of this package is an *Error with a code, or the cause of a context that ended.
//
// A Journal is safe for concurrent use. One process at a time may write to a journal;
// OpenReadOnly reads along while another process has it open.
package journal

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

// Options of Open. The zero value is usable.
type Options struct {
	// Now is the clock; nil means time.Now.
	Now func() time.Time
	// OnCorrupt is called from Open when a damaged journal was set aside.
	OnCorrupt func(SetAside)
	// MaxBytes caps the database file; writes beyond it fail with ErrDiskFull. 0: no cap.
	MaxBytes int64

	migrations []migration // tests only; nil: the embedded ones
}

// Journal is an open journal.
type Journal struct {
	path     string
	opts     Options
	readOnly bool
	lock     *fileLock
	write    *sql.DB    // one connection, owned by the committer
	known    statements // on it
	read     *reader
	setAside *SetAside
	damaged  atomic.Bool

	ops      chan *op
	late     late
	minted   minted
	stop     chan struct{}
	finished chan struct{}
	closing  sync.Once
	closeErr error
}

func (j *Journal) now() time.Time { return j.opts.Now() }
func (j *Journal) nowMS() int64   { return j.now().UnixMilli() }

// Close waits for the writes that were accepted, folds the write-ahead log into the file and
// releases the lock. It is idempotent.
func (j *Journal) Close() error {
	j.closing.Do(func() {
		if j.readOnly {
			j.closeErr = j.wrap("close the journal", j.read.Close())
			return
		}
		close(j.stop)
		<-j.finished
		if !j.damaged.Load() {
			_, _ = j.write.ExecContext(context.Background(), `INSERT OR REPLACE INTO meta (name, value) VALUES ('clean', '1')`)
		}
		j.closeErr = j.wrap("close the journal", errors.Join(j.read.Close(), j.write.Close(), j.lock.Close()))
	})
	return j.closeErr
}

// Bytes is the size of the journal on disk, its write-ahead log included.
func (j *Journal) Bytes() int64 {
	var n int64
	for _, suffix := range []string{"", "-wal"} {
		if fi, err := os.Stat(j.path + suffix); err == nil {
			n += fi.Size()
		}
	}
	return n
}

func ms(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func fromMS(v int64) time.Time {
	if v == 0 {
		return time.Time{}
	}
	return time.UnixMilli(v).UTC()
}
