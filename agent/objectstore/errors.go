package objectstore

import (
	"context"
	"errors"
	"fmt"
)

// Code names why an operation of a store failed. Codes are stable: they are in logs and in docs/operations.md.
type Code string

const (
	CodeNotFound     Code = "store_object_missing"
	CodeBadKey       Code = "store_bad_key"       // see ValidKey
	CodeAccessDenied Code = "store_access_denied" // keys, rights in the bucket, owner of the folder
	CodeClockSkew    Code = "store_clock_skew"    // this machine's clock differs from the server's
	CodeNoBucket     Code = "store_no_bucket"
	CodeWrongRegion  Code = "store_wrong_region" // the bucket lies elsewhere
	CodeConfig       Code = "store_config"       // another setting that leads nowhere
	CodeUnreachable  Code = "store_unreachable"  // no answer, or none of an S3 server
	CodeBusy         Code = "store_busy"         // it asks to slow down, or is failing
	CodeFull         Code = "store_full"         // no space left
	CodeBadSource    Code = "store_bad_source"   // the data to store could not be read as announced
	CodeCorrupt      Code = "store_corrupt"      // it returned other data than was stored
	CodeInterrupted  Code = "store_interrupted"  // the context ended
	CodeInternal     Code = "store_internal"     // an answer that nothing else explains
)

// Retryable tells whether the same operation may succeed later without anybody changing a setting.
func (c Code) Retryable() bool {
	switch c {
	case CodeClockSkew, CodeUnreachable, CodeBusy, CodeFull, CodeInterrupted:
		return true
	}
	return false
}

// meaning is what an error says that has no more exact message.
var meaning = map[Code]string{
	CodeNotFound:     "no such object",
	CodeBadKey:       "not a valid key",
	CodeAccessDenied: "access denied",
	CodeClockSkew:    "this machine's clock differs from the server's: set it (NTP)",
	CodeNoBucket:     "no such bucket",
	CodeWrongRegion:  "the bucket is in another region: correct store.s3.region or store.s3.endpoint",
	CodeConfig:       "the store is not configured correctly",
	CodeUnreachable:  "the store cannot be reached",
	CodeBusy:         "the store asks to slow down or is failing",
	CodeFull:         "the store has no space left",
	CodeBadSource:    "the data to store could not be read as announced",
	CodeCorrupt:      "the store returned other data than was stored",
	CodeInterrupted:  "stopped before it was done",
	CodeInternal:     "the store failed",
}

// Targets of errors.Is: each matches every *Error of its code.
var (
	ErrNotFound     = &Error{Code: CodeNotFound}
	ErrBadKey       = &Error{Code: CodeBadKey}
	ErrAccessDenied = &Error{Code: CodeAccessDenied}
	ErrClockSkew    = &Error{Code: CodeClockSkew}
	ErrNoBucket     = &Error{Code: CodeNoBucket}
	ErrWrongRegion  = &Error{Code: CodeWrongRegion}
	ErrConfig       = &Error{Code: CodeConfig}
	ErrUnreachable  = &Error{Code: CodeUnreachable}
	ErrBusy         = &Error{Code: CodeBusy}
	ErrFull         = &Error{Code: CodeFull}
	ErrBadSource    = &Error{Code: CodeBadSource}
	ErrCorrupt      = &Error{Code: CodeCorrupt}
	ErrInternal     = &Error{Code: CodeInternal}
)

// Error is why an operation of a store failed. It holds no secret.
type Error struct {
	Op      string // "put", "get", "stat", "delete", "list", "check", "sweep", "open"
	Store   string
	Key     string
	Code    Code
	Message string // one sentence: what is the matter and what to do; "" where the code says all there is to say
	Err     error
}

func (e *Error) Error() string {
	text := e.Sentence()
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	where := e.Op
	if e.Key != "" {
		where += " " + e.Key
	}
	if e.Store != "" {
		where += " in " + e.Store
	}
	if where != "" {
		text = where + ": " + text
	}
	return fmt.Sprintf("%s (%s)", text, e.Code)
}

// Sentence is what a person reads: the message, or what the code means.
func (e *Error) Sentence() string {
	if e.Message != "" {
		return e.Message
	}
	return meaning[e.Code]
}

func (e *Error) Unwrap() error { return e.Err }

// Is compares codes, so that errors.Is finds the kind of an error whatever else it says.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Op == "" && t.Code == e.Code
}

// Retryable tells whether the same operation may succeed later.
func (e *Error) Retryable() bool { return e.Code.Retryable() }

// named returns err, where it is one of this package, as the error of an operation; else nil.
func named(op, store, key string, err error) *Error {
	var own *Error
	if !errors.As(err, &own) {
		return nil
	}
	if own.Op != "" {
		return own
	}
	return &Error{Op: op, Store: store, Key: key, Code: own.Code, Message: own.Message, Err: own.Err}
}

func contextEnded(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}
