package fetch

import (
	"context"
	"errors"
	"fmt"
	"syscall"
)

// Code names why a document could not be fetched. Codes are stable: they are stored in WordPress and documented in
// docs/operations.md.
type Code string

const (
	CodeNotAllowed Code = "source_not_allowed"   // host, bucket, scheme or address is not on this agent's allow list
	CodeTooLarge   Code = "too_large"            // over Request.MaxBytes
	CodeNotFound   Code = "file_missing"         // the source says that it does not exist
	CodeDenied     Code = "source_denied"        // the source wants other credentials
	CodeMismatch   Code = "source_mismatch"      // the bytes are not those that the lease names
	CodeRefused    Code = "source_refused"       // the source answers with a status that asking again does not change
	CodeTransfer   Code = "download_failed"      // broken, silent or refused connection; 5xx
	CodeDiskFull   Code = "disk_full"            // no room on this machine
	CodeDisk       Code = "disk_error"           // other trouble with the spool directory
	CodeStopped    Code = "download_interrupted" // the context ended
)

// Retryable tells whether trying again, here or elsewhere, may succeed.
func (c Code) Retryable() bool {
	switch c {
	case CodeDenied, CodeMismatch, CodeTransfer, CodeDiskFull, CodeDisk, CodeStopped:
		return true
	}
	return false
}

// Error is why a document could not be fetched.
type Error struct {
	Code    Code
	Message string // one sentence that says what to do; names neither the file nor a URL's query
	Err     error
}

func (e *Error) Error() string {
	if e.Err != nil {
		return fmt.Sprintf("fetch document: %s: %v (%s)", e.Message, e.Err, e.Code)
	}
	return fmt.Sprintf("fetch document: %s (%s)", e.Message, e.Code)
}

func (e *Error) Unwrap() error { return e.Err }

// Retryable tells whether the same request may succeed later.
func (e *Error) Retryable() bool { return e.Code.Retryable() }

// retryable asks an error of any package that says so itself; a read error that says nothing is worth another try.
func retryable(err error) bool {
	var r interface{ Retryable() bool }
	if errors.As(err, &r) {
		return r.Retryable()
	}
	return true
}

// final ends a call although the caller may try again later: a full disk does not get emptier by downloading.
type final struct{ cause *Error }

func (f final) Error() string { return f.cause.Error() }
func (f final) Unwrap() error { return f.cause }
func (final) Retryable() bool { return false }

func unwrapFinal(err error) error {
	var f final
	if errors.As(err, &f) {
		return f.cause
	}
	return err
}

func diskError(what string, err error) *Error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return &Error{Code: CodeDiskFull, Err: err,
			Message: "no room left for documents on this machine: free some space, or set data_dir to a larger disk"}
	}
	return &Error{Code: CodeDisk, Err: err, Message: "cannot " + what + " in the agent's spool directory: check its owner, its mode (0700) and the disk"}
}

func stopped(ctx context.Context) *Error {
	return &Error{Code: CodeStopped, Err: context.Cause(ctx), Message: "stopped in the middle of a download"}
}
