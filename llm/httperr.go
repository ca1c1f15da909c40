package llm

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/prose"
)

// refusal is what an error answer said, in the words both SDKs share.
type refusal struct {
	vendor  string // "OpenAI", "Anthropic", or the server's host
	model   string
	keyHint string
	status  int
	kind    string // error.type
	code    string // error.code
	message string // looked at, never passed on: it may quote the prompt
	seen    *exchange
}

// problem maps an error answer to our codes.
func (r refusal) problem() *Error {
	e := &Error{Err: fmt.Errorf("HTTP %d, type %q, code %q", r.status, short(r.kind), short(r.code)), RetryAfter: r.seen.retryAfter}
	set := func(c Code, retry bool, msg string) *Error {
		e.Code, e.Retryable, e.Message = c, retry, msg
		return e
	}
	switch {
	case r.code == "insufficient_quota" || r.kind == "insufficient_quota" || r.code == "billing_hard_limit_reached" || r.kind == "billing_error" || r.status == http.StatusPaymentRequired:
		return set(CodeQuota, false, r.vendor+" says that the account's quota or credit is used up: check its billing page")
	case r.tooLong():
		return set(CodeTooLong, false, "the text is longer than "+r.model+" takes in: set summary.context_tokens to what the server allows")
	case r.code == "content_filter" || r.code == "content_policy_violation" || r.kind == "content_filter":
		return set(CodeRefused, false, "the content filter of "+r.vendor+" refused the document")
	}
	switch r.status {
	case http.StatusUnauthorized, http.StatusForbidden:
		return set(CodeAuth, false, r.vendor+" refuses the key: check "+r.keyHint)
	case http.StatusNotFound:
		if r.seen.html || r.code == "" && r.kind == "" && r.message == "" {
			return set(CodeNotFound, false, "there is no model API at the address: check summary.base_url (for OpenAI-compatible servers it ends in /v1)")
		}
		return set(CodeNotFound, false, fmt.Sprintf("%s does not know the model %q: check summary.model (with Ollama: ollama pull %s)", r.vendor, r.model, r.model))
	case http.StatusTooManyRequests:
		return set(CodeRateLimited, true, r.vendor+" asks for fewer calls: lower summary.concurrency if this stays")
	case http.StatusRequestTimeout, http.StatusConflict, http.StatusTooEarly, 529:
		return set(CodeUnavailable, true, r.vendor+" is overloaded: it will be tried again")
	}
	if r.status >= 500 {
		return set(CodeUnavailable, true, fmt.Sprintf("%s has a fault of its own (HTTP %d): it will be tried again", r.vendor, r.status))
	}
	if r.status >= 300 && r.status < 400 {
		return set(CodeNotFound, false, "the address answers with a redirect, which is not followed: set summary.base_url to where it leads")
	}
	return set(CodeBadRequest, false, fmt.Sprintf("%s refuses the request (HTTP %d): check summary.model and the options set for it", r.vendor, r.status))
}

// contextWords are how servers that have no code for it say that a prompt is too long. There is
// nothing else to go by: vLLM, llama.cpp and Anthropic answer a plain 400 with prose.
var contextWords = prose.Lazily(`(?i)context.{0,12}(length|size|window)|maximum context|prompt is too long|too many tokens|exceeds? the (maximum|available|limit)|input (is )?too long`)

func (r refusal) tooLong() bool {
	if r.code == "context_length_exceeded" || r.kind == "exceed_context_size_error" || r.status == http.StatusRequestEntityTooLarge {
		return true
	}
	return (r.status == http.StatusBadRequest || r.status == http.StatusUnprocessableEntity) && contextWords.MatchString(r.message)
}

// short keeps a server's word usable in a log line.
func short(s string) string {
	s = strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_' || r == '-' || r == '.' {
			return r
		}
		return -1
	}, s)
	if len(s) > 60 {
		s = s[:60]
	}
	return s
}
