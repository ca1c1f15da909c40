package lease

import (
	"context"
	"errors"

	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

// Why the work on a lease ended early; set as the cause of its context.
var (
	ErrFenced        = errors.New("the lease could not be renewed in time; stopped before it can pass on")
	ErrLeaseLost     = errors.New("the lease has passed to another agent")
	ErrCancelled     = errors.New("cancelled in WordPress")
	ErrSourceChanged = errors.New("the document was replaced or deleted in WordPress")
	ErrReleased      = errors.New("given back unworked")
	ErrAborted       = errors.New("stopped by a second signal")
	ErrMaxRuntime    = errors.New("the site's time limit for one document is over")
)

// words are what machines are told of them.
var words = map[error]string{
	ErrFenced: "fenced", ErrLeaseLost: wpclient.CodeLeaseLost, ErrCancelled: wpclient.CodeCancelled, ErrSourceChanged: wpclient.CodeSource,
	ErrReleased: "released", ErrAborted: "aborted",
}

// Word is the word for an end that EndOf has named.
func Word(end error) string { return words[end] }

// EndOf returns why the right to work under ctx ended, or nil while it lasts or where the end is a
// failure that the site should hear of (a time limit).
func EndOf(ctx context.Context) error {
	c := context.Cause(ctx)
	for _, e := range []error{ErrFenced, ErrLeaseLost, ErrCancelled, ErrSourceChanged, ErrReleased} {
		if errors.Is(c, e) {
			return e
		}
	}
	if errors.Is(c, context.Canceled) {
		return ErrAborted // only the end of the whole run cancels without a cause
	}
	return nil
}

// Lost is why a beat's answer ends the work: what the site says of a lease that it did not renew.
func Lost(b wpclient.BeatLease) error {
	switch {
	case b.Reason == wpclient.CodeCancelled || b.Status == "cancel" && b.Reason == "":
		return ErrCancelled
	case b.Reason == wpclient.CodeSource:
		return ErrSourceChanged
	default:
		return ErrLeaseLost
	}
}
