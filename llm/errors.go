package llm

import (
	"fmt"
	"time"
)

// Code names why a summary could not be made. Codes are stable and documented in docs/operations.md.
type Code string

const (
	CodeAuth        Code = "model_auth"   // the provider refuses the key
	CodeRegion      Code = "model_region" // the provider does not serve this machine's country
	CodeQuota       Code = "model_quota"  // the account has no money or no quota left
	CodeRateLimited Code = "model_rate_limited"
	CodeUnavailable Code = "model_unavailable" // down, timing out, 5xx, not reachable
	CodeNotFound    Code = "model_not_found"
	CodeTooLong     Code = "model_context_exceeded"
	CodeRefused     Code = "model_refused"    // content filter or a refusal
	CodeBadAnswer   Code = "model_bad_answer" // empty or unusable after the allowed tries
	CodeBudget      Code = "budget_exceeded"
	CodeNoText      Code = "no_text"
	CodeNoPictures  Code = "model_no_pictures" // the model reads text alone
	CodeRedaction   Code = "redaction_failed"  // personal data could not be kept from the model: nothing was sent
)

// Error is the reason why a step failed.
type Error struct {
	Code       Code
	Message    string        // one sentence that says what to do; holds neither key nor document text
	Reason     string        // what was wrong with an answer: a gate.Reason, "" for every other error
	Retryable  bool          // trying the same step again may succeed
	RetryAfter time.Duration // what the provider asked for, 0 when it said nothing
	Account    bool          // every document would meet it: the account is stopped until it works again
	Billed     bool          // the provider may have charged for an answer that did not arrive
	Err        error

	noEnd bool // it wrote without an end, which it was paid for: the call is not repeated at once
}

func (e *Error) Error() string {
	if e.Err != nil {
		return fmt.Sprintf("%s: %s: %v", e.Code, e.Message, e.Err)
	}
	return fmt.Sprintf("%s: %s", e.Code, e.Message)
}

func (e *Error) Unwrap() error { return e.Err }

// CodeBadRequest is a request that the server refuses as it stands: a parameter it does not take.
const CodeBadRequest Code = "model_bad_request"
