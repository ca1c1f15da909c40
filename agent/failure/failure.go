// Package failure is the stated reason why a job was not done, as it goes to WordPress, and which error of whom becomes which reason. It
// asks nobody and decides nothing.
package failure

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/agent/fetch"
	"github.com/aidoc-pipeline/aidoc-agent/agent/journal"
	"github.com/aidoc-pipeline/aidoc-agent/agent/lease"
	"github.com/aidoc-pipeline/aidoc-agent/agent/objectstore"
	"github.com/aidoc-pipeline/aidoc-agent/agent/site"
	"github.com/aidoc-pipeline/aidoc-agent/extract"
	"github.com/aidoc-pipeline/aidoc-agent/llm"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

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

// Of turns whatever stopped a job into a Failure. It decides by type, never by text; what
// has no type is ours to blame and worth another try.
func Of(err error) *Failure {
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
		return &Failure{Permanent: !fe.Retryable(), Code: string(fe.Code), Message: fe.Message, Err: err}
	}
	var we *wpclient.Error
	if errors.As(err, &we) {
		if we.Code == "aidoc_file_missing" {
			return &Failure{Permanent: true, Code: "file_missing", Message: "The file is no longer in the uploads folder. Upload it again.", Err: err}
		}
		return &Failure{Code: "download_failed", Message: "The document could not be downloaded from the site.", RetryAfter: site.Asked(we), Err: err}
	}
	var se *objectstore.Error
	if errors.As(err, &se) {
		return &Failure{Code: "store_failed", Message: "The agent could not store the text: " + se.Sentence() + ".", Err: err}
	}
	var je *journal.Error
	if errors.As(err, &je) {
		if f := ofDisk(je, err); f != nil {
			return f
		}
	}
	if errors.Is(err, lease.ErrMaxRuntime) || errors.Is(err, context.DeadlineExceeded) {
		return &Failure{Code: "max_runtime", Message: "Reading took longer than the site allows for one document.", Err: err}
	}
	return &Failure{Code: "internal", Message: "The agent failed unexpectedly; its log names the reason under this job's id.", Err: err}
}

// ofDisk: what is wrong with the disk is the operator's to put right, so the job is tried again. nil where the journal failed for
// another reason: a time limit, or a bug.
func ofDisk(je *journal.Error, err error) *Failure {
	switch je.Code {
	case journal.CodeDiskFull:
		return &Failure{Code: "disk_full", Message: "The agent's disk is full: free some space there.", Err: err}
	case journal.CodeCorrupt, journal.CodeDenied, journal.CodeMissing, journal.CodeFailed:
		return &Failure{Code: "disk_error", Message: "The agent cannot use its journal: look at its disk, and at the agent's log.", Err: err}
	}
	return nil
}

// permanentModel tells which model errors no other attempt will cure. A missing key or an empty
// account is the operator's to put right, so those jobs are tried again.
func permanentModel(e *llm.Error) bool {
	switch e.Code {
	case llm.CodeRefused, llm.CodeBudget, llm.CodeNoText, llm.CodeRedaction:
		return true
	default:
		return false
	}
}

// Cause prefers the reason a context ended over the error the cancelled call returned.
func Cause(ctx context.Context, err error) error {
	if c := context.Cause(ctx); c != nil && err != nil {
		return fmt.Errorf("%w (%w)", c, err)
	}
	return err
}

// Request is the failure of a lease as the site takes it.
func (f *Failure) Request(ref wpclient.LeaseRef) wpclient.FailRequest {
	return wpclient.FailRequest{
		LeaseRef: ref, Class: f.Class(), Code: f.Code, Message: Clip(f.Message, 500),
		RetryAfterS: int64(f.RetryAfter.Seconds()), Page: f.Page,
	}
}

// Clip shortens s to n characters.
func Clip(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return string(r[:n-1]) + "…"
}
