package objectstore

import (
	"errors"
	"fmt"
)

// Why an operation failed. Every error of this package has one of them as Kind.
var (
	ErrNotFound     = errors.New("no such object")
	ErrBadKey       = errors.New("not a valid key")
	ErrAccessDenied = errors.New("access denied")
	ErrNoBucket     = errors.New("no such bucket")
	ErrUnreachable  = errors.New("the store cannot be reached")
	ErrBusy         = errors.New("the store asks to slow down or is failing")
	ErrFull         = errors.New("the store has no space left")
	ErrBadSource    = errors.New("the data to store could not be read as announced")
	ErrCorrupt      = errors.New("the store returned other data than was stored")
	ErrConfig       = errors.New("the store is not configured correctly")
	ErrInternal     = errors.New("the store failed")
)

// Error is a failed operation of a store.
type Error struct {
	Op        string // "put", "get", "stat", "delete", "list", "check"
	Store     string
	Key       string
	Kind      error // one of the sentinels above
	Hint      string
	Retryable bool // the same operation may succeed later without anyone changing anything
	Err       error
}

func (e *Error) Error() string {
	what := e.Op
	if e.Key != "" {
		what += " " + e.Key
	}
	text := e.Hint
	if text == "" {
		text = e.Kind.Error()
	}
	if e.Err != nil {
		return fmt.Sprintf("%s in %s: %s (%v)", what, e.Store, text, e.Err)
	}
	return fmt.Sprintf("%s in %s: %s", what, e.Store, text)
}

func (e *Error) Unwrap() []error {
	if e.Err == nil {
		return []error{e.Kind}
	}
	return []error{e.Kind, e.Err}
}

// Retryable tells whether err is worth another try later.
func Retryable(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Retryable
}
