package llm

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/internal/pattern"
	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/wire"
)

// refusal is an error answer, with what its sentence for people needs.
type refusal struct {
	wire.Fault
	vendor  string // "OpenAI", "Anthropic", or the server's host
	model   string
	keyHint string
	picture bool // one was in the request
	seen    *exchange
}

// problem maps an error answer to our codes.
func (r refusal) problem() *Error {
	e := &Error{Err: fmt.Errorf("HTTP %d, type %q, code %q", r.Status, short(r.Type), short(r.Code)), RetryAfter: r.seen.retryAfter}
	if e.RetryAfter == 0 {
		e.RetryAfter = r.Pause()
	}
	set := func(c Code, retry bool, msg string) *Error {
		e.Code, e.Retryable, e.Message = c, retry, msg
		return e
	}
	switch {
	case r.noCredit():
		return set(CodeQuota, false, r.vendor+" says that the account's quota or credit is used up: check its billing page")
	case r.noCountry():
		return set(CodeRegion, false, r.vendor+" does not serve the country or region that this machine's address belongs to: use another provider, or a machine in a region that it serves")
	case r.tooLong():
		return set(CodeTooLong, false, "the text is longer than "+r.model+" takes in: set summary.context_tokens to what the server allows")
	case r.noPictures():
		return set(CodeNoPictures, false, r.model+" takes no pictures: set extract.vision.model to a model that does, or leave it empty")
	case r.filtered():
		return set(CodeRefused, false, "the content filter of "+r.vendor+" refused the document")
	}
	switch r.Status {
	case http.StatusUnauthorized:
		return set(CodeAuth, false, r.vendor+" refuses the key: check "+r.keyHint)
	case http.StatusForbidden:
		if r.seen.html {
			return set(CodeAuth, false, "a web page answers in place of "+r.vendor+" and forbids the request: check summary.base_url, and the proxy or firewall on the way")
		}
		return set(CodeAuth, false, r.vendor+" refuses the key, or the key may not use "+r.model+": check "+r.keyHint)
	case http.StatusNotFound:
		if r.seen.html || r.Code == "" && r.Type == "" && r.Message == "" {
			return set(CodeNotFound, false, "there is no model API at the address: check summary.base_url (for OpenAI-compatible servers it ends in /v1)")
		}
		if onlyResponses(r.Fault) {
			return set(CodeNotFound, false, fmt.Sprintf("%s says that %s is no chat model: set summary.model to one that is", r.vendor, r.model))
		}
		hint := ""
		if strings.HasPrefix(r.vendor, "the server") {
			hint = " (with Ollama: ollama pull " + r.model + ")"
		}
		return set(CodeNotFound, false, fmt.Sprintf("%s does not know the model %q: check summary.model%s", r.vendor, r.model, hint))
	case http.StatusTooManyRequests:
		return set(CodeRateLimited, true, r.vendor+" asks for fewer calls: lower summary.concurrency if this stays")
	case http.StatusRequestTimeout, http.StatusConflict, http.StatusTooEarly, 529:
		return set(CodeUnavailable, true, r.vendor+" is overloaded: it will be tried again")
	}
	if r.Status >= 500 {
		return set(CodeUnavailable, true, fmt.Sprintf("%s has a fault of its own (HTTP %d): it will be tried again", r.vendor, r.Status))
	}
	if r.Status >= 300 && r.Status < 400 {
		return set(CodeNotFound, false, "the address answers with a redirect, which is not followed: set summary.base_url to where it leads")
	}
	return set(CodeBadRequest, false, fmt.Sprintf("%s refuses the request (HTTP %d): check summary.model and the options set for it", r.vendor, r.Status))
}

var creditWords = pattern.Lazily(`(?i)credit balance is too low|insufficient (credits?|balance|funds)|out of credits|billing (hard )?limit|account is not active, please check your billing`)

// noCredit tells an empty account from a limit per minute. Google says "quota" for both and names the pause of the second.
func (r refusal) noCredit() bool {
	switch {
	case r.Code == "insufficient_quota", r.Type == "insufficient_quota", r.Code == "billing_hard_limit_reached", r.Type == "billing_error", r.Code == "billing_not_active", r.Status == http.StatusPaymentRequired:
		return true
	}
	return r.Status >= 400 && r.Status < 500 && creditWords.MatchString(r.Message)
}

var countryWords = pattern.Lazily(`(?i)(country|region|territory|location)[^.]{0,40}(is |are )?not (supported|available|allowed)|not (supported|available) in your (country|region|location)`)

func (r refusal) noCountry() bool {
	return strings.HasPrefix(r.Code, "unsupported_country") || (r.Status == http.StatusForbidden || r.Status == http.StatusBadRequest) && countryWords.MatchString(r.Message)
}

// pictureWords are how servers say that a model reads text alone: OpenAI, Anthropic, vLLM and Ollama by a 400, llama.cpp by a 500.
var pictureWords = pattern.Lazily(`(?i)(image|vision|multi-?modal)[^.]{0,60}(not (be )?support|unsupported|not enabled|not allowed|only supported by)|(not|n't|only) (support|accept|take|process)[^.]{0,40}(image|vision|multi-?modal|text)|mmproj|not a (multi-?modal|vision) model|unknown (variant|content type)[^.]{0,10}image_url`)

// noPictures says that the model was refused a picture because it takes none.
func (r refusal) noPictures() bool {
	return r.picture && (r.Status == http.StatusBadRequest || r.Status == http.StatusUnprocessableEntity || r.Status == http.StatusNotFound || r.Status >= 500) && pictureWords.MatchString(r.Message)
}

func (r refusal) filtered() bool {
	for _, w := range []string{"content_filter", "content_policy_violation", "responsibleaipolicyviolation"} {
		if strings.EqualFold(r.Code, w) || strings.EqualFold(r.Type, w) {
			return true
		}
	}
	return false
}

// contextWords are how servers that have no code for it say that a prompt is too long. There is
// nothing else to go by: vLLM, llama.cpp, Google and Anthropic answer a plain 400 with prose.
var contextWords = pattern.Lazily(`(?i)context.{0,12}(length|size|window)|maximum context|prompt is too long|too many tokens|exceeds? the (maximum|available|limit)|input (is )?too long`)

func (r refusal) tooLong() bool {
	if r.Code == "context_length_exceeded" || r.Type == "exceed_context_size_error" || r.Status == http.StatusRequestEntityTooLarge {
		return true
	}
	return (r.Status == http.StatusBadRequest || r.Status == http.StatusUnprocessableEntity) && contextWords.MatchString(r.Message)
}

// known says that the error has a cause of its own, whatever was in the request.
func (r refusal) known() bool {
	return r.noCredit() || r.noCountry() || r.tooLong() || r.filtered()
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
