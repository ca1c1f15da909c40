package fetch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"
)

// Body is an open source.
type Body struct {
	io.ReadCloser
	Offset    int64 // of the first byte that comes; 0 when the source cannot or will not resume
	Total     int64 // size of the whole document, -1 when unknown
	Resumable bool  // the source takes an offset
}

// Opener opens a document at offset. It may be called several times; what it returned before is closed by then. An
// error that has a method Retryable() bool decides itself about further tries; others are tried again.
type Opener func(ctx context.Context, offset int64) (Body, error)

// Request is one document to fetch.
type Request struct {
	Open     Opener
	Dir      string                  // private directory of this document, made with mode 0700; the file is <Dir>/document
	SHA256   string                  // hex digest the bytes must have; "" where nobody knows it
	MaxBytes int64                   // larger documents are refused; required
	Progress func(done, total int64) // total is -1 when unknown; called now and then, from the calling goroutine

	IdleTimeout time.Duration                            // without a byte; default 60 s
	Tries       int                                      // in a row without progress; default 5
	Wait        func(ctx context.Context, try int) error // pause before try 2, 3 …; default 1 s doubled up to 30 s
}

// File is a fetched document. It belongs to the caller.
type File struct {
	Path   string
	Bytes  int64
	SHA256 string // hex
}

const (
	defaultIdle  = 60 * time.Second
	defaultTries = 5
	maxOpens     = 200      // a source that lets go after every few bytes is given up at last
	realProgress = 64 << 10 // bytes after which a try counts as none
	progressStep = 1 << 20
)

var errIdle = errors.New("no byte came for too long")

// Fetch spools one document. On any error nothing of it stays on disk.
func Fetch(ctx context.Context, req Request) (File, error) {
	if req.Open == nil || req.MaxBytes <= 0 || req.Dir == "" {
		return File{}, &Error{Code: CodeDisk, Message: "a download needs a source, a directory and a size limit"}
	}
	req = req.withDefaults()
	sp, err := newSpool(req.Dir)
	if err != nil {
		return File{}, err
	}
	defer sp.discard()
	d := &download{req: req, spool: sp, total: -1}
	if err := d.run(ctx); err != nil {
		return File{}, err
	}
	return sp.commit()
}

func (r Request) withDefaults() Request {
	if r.IdleTimeout <= 0 {
		r.IdleTimeout = defaultIdle
	}
	if r.Tries <= 0 {
		r.Tries = defaultTries
	}
	if r.Wait == nil {
		r.Wait = pause
	}
	if r.Progress == nil {
		r.Progress = func(int64, int64) {}
	}
	return r
}

// download is the state that lives across tries.
type download struct {
	req       Request
	spool     *spool
	total     int64
	reported  int64
	restarted bool // once from the start because the digest did not fit
}

func (d *download) run(ctx context.Context) error {
	for try, opens := 1, 1; ; try, opens = try+1, opens+1 {
		before := d.spool.size
		err := d.attempt(ctx)
		if err == nil {
			if err = d.checkDigest(); err == nil {
				d.req.Progress(d.spool.size, d.spool.size)
				return nil
			}
		}
		switch {
		case ctx.Err() != nil:
			return stopped(ctx)
		case !retryable(err):
			return unwrapFinal(err)
		}
		if d.spool.size-before >= realProgress {
			try = 0
		}
		if try >= d.req.Tries || opens >= maxOpens {
			return transferError(err)
		}
		if d.req.Wait(ctx, try+1) != nil {
			return stopped(ctx)
		}
	}
}

// attempt opens the source where the last one broke off and copies until it ends.
func (d *download) attempt(ctx context.Context) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	idle := time.AfterFunc(d.req.IdleTimeout, func() { cancel(errIdle) })
	defer idle.Stop()
	if d.complete() { // all of it came, and it was not good: there is nothing to resume
		if err := d.spool.reset(); err != nil {
			return err
		}
	}
	body, err := d.req.Open(ctx, d.spool.size)
	if err != nil {
		return causeOf(ctx, err)
	}
	defer body.Close()
	// A body that does not heed its context is woken up by closing it.
	defer context.AfterFunc(ctx, func() { body.Close() })()
	if err := d.place(body); err != nil {
		return err
	}
	err = d.copy(body, func() { idle.Reset(d.req.IdleTimeout) })
	if err != nil && retryable(err) && d.complete() && d.spool.sum() == d.req.SHA256 {
		return nil // the connection broke after the last byte
	}
	return causeOf(ctx, err)
}

func (d *download) complete() bool { return d.spool.size > 0 && d.spool.size == d.total }

// place makes the spool fit the offset that the source really starts at.
func (d *download) place(b Body) error {
	switch {
	case b.Offset == 0:
		if err := d.spool.reset(); err != nil {
			return err
		}
	case b.Offset != d.spool.size:
		return fmt.Errorf("the source started at byte %d instead of %d", b.Offset, d.spool.size)
	}
	d.total = b.Total
	if d.total > d.req.MaxBytes {
		return d.tooLarge()
	}
	return nil
}

func (d *download) copy(r io.Reader, alive func()) error {
	buf := make([]byte, 128<<10)
	for {
		n, err := r.Read(buf)
		if n > 0 {
			alive()
			if d.spool.size+int64(n) > d.req.MaxBytes {
				return d.tooLarge()
			}
			if err := d.spool.write(buf[:n]); err != nil {
				return err
			}
			d.report()
		}
		if d.total >= 0 && d.spool.size > d.total {
			if err := d.spool.reset(); err != nil {
				return err
			}
			return fmt.Errorf("the source sent more than the %d bytes it told of", d.total)
		}
		switch {
		case err == io.EOF && d.total >= 0 && d.spool.size != d.total:
			return fmt.Errorf("the source ended after %d of %d bytes: %w", d.spool.size, d.total, io.ErrUnexpectedEOF)
		case err == io.EOF:
			return nil
		case err != nil:
			return err
		}
	}
}

func (d *download) report() {
	if d.spool.size-d.reported >= progressStep || d.spool.size < d.reported {
		d.reported = d.spool.size
		d.req.Progress(d.spool.size, d.total)
	}
}

// checkDigest gives bytes that do not fit one more chance from the start: a resumed transfer may have been put
// together from two versions of the document.
func (d *download) checkDigest() error {
	if d.req.SHA256 == "" || d.spool.sum() == d.req.SHA256 {
		return nil
	}
	e := &Error{Code: CodeMismatch,
		Message: "the bytes that came are not the document that was queued: was the file changed or replaced at its source?"}
	if d.restarted {
		return final{e}
	}
	d.restarted = true
	if err := d.spool.reset(); err != nil {
		return err
	}
	return e
}

func (d *download) tooLarge() *Error {
	return &Error{Code: CodeTooLarge, Message: fmt.Sprintf("the document is larger than the %d MiB this agent takes: raise extract.max_bytes, or upload a smaller file", d.req.MaxBytes>>20)}
}

func causeOf(ctx context.Context, err error) error {
	if err != nil && errors.Is(context.Cause(ctx), errIdle) {
		return &Error{Code: CodeTransfer, Err: errIdle, Message: "the source went silent in the middle of a download"}
	}
	return err
}

func transferError(err error) error {
	var e *Error
	if errors.As(err, &e) {
		return err
	}
	return &Error{Code: CodeTransfer, Err: err, Message: "the download broke off again and again"}
}

func pause(ctx context.Context, try int) error {
	t := time.NewTimer(min(time.Second<<min(try-2, 5), 30*time.Second))
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
