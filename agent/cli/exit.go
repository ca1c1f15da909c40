package cli

import (
	"context"
	"errors"
	"io/fs"

	"github.com/aidoc-pipeline/aidoc-agent/agent/journal"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

// Exit codes: a promise to scripts and service managers, documented in docs/operations.md.
const (
	exitOK         = 0
	exitUnexpected = 1
	exitUsage      = 2 // command line or configuration
	exitSite       = 3 // a site cannot be reached or is not ready
	exitRefused    = 4 // a site refuses this agent: key, clock, address
	exitDocuments  = 5 // at least one document failed
	exitMachine    = 6 // disk, OCR, sandbox, journal in use
	exitWarnings   = 7 // doctor --strict: nothing fails, and something should be looked at
	exitAborted    = 130
)

// exitError is the code with the sentence.
type exitError struct {
	code int
	err  error
}

func (e *exitError) Error() string { return e.err.Error() }
func (e *exitError) Unwrap() error { return e.err }

func withCode(code int, err error) error {
	if err == nil {
		return nil
	}
	return &exitError{code, err}
}

// exitCode decides by type, in one place.
func exitCode(err error) int {
	var own *exitError
	var je *journal.Error
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &own):
		return own.code
	case errors.Is(err, context.Canceled):
		return exitAborted
	case errors.As(err, &je), errors.Is(err, fs.ErrPermission):
		return exitMachine
	}
	switch wpclient.CodeOf(err) {
	case wpclient.CodeBadAddress, wpclient.CodeBadToken:
		return exitUsage
	case wpclient.CodeKeyUnknown, wpclient.CodeKeyMismatch: // nobody can prove it, but a person who waits for the command should look there
		return exitRefused
	}
	switch wpclient.KindOf(err) {
	case wpclient.Transient, wpclient.NotWordPress, wpclient.PluginInactive:
		return exitSite
	case wpclient.Refused, wpclient.Insecure:
		return exitRefused
	}
	return exitUnexpected
}

// sentence is what a person reads on standard error: the message of the innermost typed error,
// without the trail of operations that led there.
func sentence(err error) string {
	var we *wpclient.Error
	if errors.As(err, &we) {
		return we.Message
	}
	return err.Error()
}
