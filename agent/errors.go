package agent

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/agent/fetch"
	"github.com/aidoc-pipeline/aidoc-agent/agent/journal"
	"github.com/aidoc-pipeline/aidoc-agent/agent/objectstore"
	"github.com/aidoc-pipeline/aidoc-agent/extract"
	"github.com/aidoc-pipeline/aidoc-agent/llm"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

// Why the work on a lease ended early; set as the cause of its context.
var (
	errFenced        = errors.New("the lease could not be renewed in time; stopped before it can pass on")
	errLeaseLost     = errors.New("the lease has passed to another agent")
	errCancelled     = errors.New("cancelled in WordPress")
	errSourceChanged = errors.New("the document was replaced or deleted in WordPress")
	errReleased      = errors.New("given back unworked")
	errAborted       = errors.New("stopped by a second signal")
	errMaxRuntime    = errors.New("the site's time limit for one document is over")
)

// endOf returns why the right to work under ctx ended, or nil while it lasts or where the end is a
// failure that the site should hear of (a time limit).
func endOf(ctx context.Context) error {
	c := context.Cause(ctx)
	for _, e := range []error{errFenced, errLeaseLost, errCancelled, errSourceChanged, errReleased} {
		if errors.Is(c, e) {
			return e
		}
	}
	if errors.Is(c, context.Canceled) {
		return errAborted // only the end of the whole run cancels without a cause
	}
	return nil
}

// Failure is the stated reason why a job was not done, as it goes to WordPress.
type Failure struct {
	Permanent  bool
	Code       string
	Message    string // one sentence for the editor
	RetryAfter time.Duration
	Page       int
	Err        error
}

func (f *Failure) Error() string { return f.Code + ": " + f.Message }

func (f *Failure) Unwrap() error { return f.Err }

// Class is the protocol's word for retryability.
func (f *Failure) Class() string {
	if f.Permanent {
		return "permanent"
	}
	return "transient"
}

// classify turns whatever stopped a job into a Failure. It decides by type, never by text; what
// has no type is ours to blame and worth another try.
func classify(err error) *Failure {
	var f *Failure
	if errors.As(err, &f) {
		return f
	}
	var ee *extract.Error
	if errors.As(err, &ee) {
		return &Failure{Permanent: !ee.Transient, Code: string(ee.Code), Message: ee.Message, Err: err}
	}
	var le *llm.Error
	if errors.As(err, &le) {
		return &Failure{Permanent: permanentModel(le), Code: string(le.Code), Message: le.Message, RetryAfter: le.RetryAfter, Err: err}
	}
	var fe *fetch.Error
	if errors.As(err, &fe) {
		return &Failure{Permanent: !fe.Transient, Code: string(fe.Code), Message: fe.Message, Err: err}
	}
	var we *wpclient.Error
	if errors.As(err, &we) {
		if we.Code == "aidoc_file_missing" {
			return &Failure{Permanent: true, Code: "file_missing", Message: "The file is no longer in the uploads folder. Upload it again.", Err: err}
		}
		return &Failure{Code: "download_failed", Message: "The document could not be downloaded from the site.", RetryAfter: askedBySite(we), Err: err}
	}
	var se *objectstore.Error
	if errors.As(err, &se) {
		return &Failure{Code: "store_failed", Message: "The agent could not store the text (" + se.Kind.Error() + "). " + se.Hint, Err: err}
	}
	if errors.Is(err, journal.ErrDiskFull) {
		return &Failure{Code: "disk_full", Message: "The agent's disk is full: free some space there.", Err: err}
	}
	if errors.Is(err, errMaxRuntime) || errors.Is(err, context.DeadlineExceeded) {
		return &Failure{Code: "max_runtime", Message: "Reading took longer than the site allows for one document.", Err: err}
	}
	return &Failure{Code: "internal", Message: "The agent failed unexpectedly; its log names the reason under this job's id.", Err: err}
}

// permanentModel tells which model errors no other attempt will cure. A missing key or an empty
// account is the operator's to mend, so those jobs are tried again.
func permanentModel(e *llm.Error) bool {
	switch e.Code {
	case llm.CodeRefused, llm.CodeBudget, llm.CodeNoText:
		return true
	default:
		return false
	}
}

// cause prefers the reason a context ended over the error the cancelled call returned.
func cause(ctx context.Context, err error) error {
	if c := context.Cause(ctx); c != nil && err != nil {
		return fmt.Errorf("%w (%w)", c, err)
	}
	return err
}

// isFinal reports whether the site itself has spoken the last word about a lease or an outcome.
// wpclient gives these kinds to signed answers only.
func isFinal(err error) bool {
	return wpclient.IsLeaseOver(err) || isConflict(err)
}

// isConflict: the site will never take these bytes: other content under the same result_id, or a
// request it calls malformed.
func isConflict(err error) bool {
	switch wpclient.KindOf(err) {
	case wpclient.Conflict, wpclient.Invalid:
		return true
	}
	return false
}
