package wpclient

import (
	"net/http"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/internal/backoff"
)

// kinds maps the codes that a site signs to what the agent may conclude. Everything else goes by status.
var kinds = map[string]Kind{
	CodeLeaseLost:    Lost,
	CodeCancelled:    Cancelled,
	CodeSource:       SourceChanged,
	CodeConflict:     Conflict,
	CodeJobUnknown:   NotFound,
	CodeFileMissing:  NotFound,
	CodeReplayed:     Transient, // the first attempt arrived and its answer was lost: the next one has a new nonce
	CodeKeyUnknown:   Refused,
	CodeKeyRevoked:   Refused,
	CodeClockSkew:    Refused,
	CodeWrongSite:    Refused,
	CodeTokenUsed:    Refused,
	CodeTokenExpired: Refused,
	// What no signature covers, or what is found before it is verified: something on the way changes requests. A site
	// says so in a refusal; one with an older plugin in an answer like any other.
	CodeWrongRoute:         Transient,
	CodeAddressRefused:     Transient,
	CodeQueryRefused:       Transient,
	CodeBodyTooLarge:       Transient,
	CodeSignatureMissing:   Transient,
	CodeSignatureMalformed: Transient,
	CodeSignatureInvalid:   Transient,
	CodeDigestMismatch:     Transient,
}

func kindOf(status int, code string) Kind {
	if k, ok := kinds[code]; ok {
		return k
	}
	switch {
	case status >= 500, status == http.StatusTooManyRequests, status == http.StatusRequestTimeout,
		status == http.StatusTooEarly, status < 400:
		return Transient
	case status == http.StatusUnauthorized, status == http.StatusForbidden, status == http.StatusMisdirectedRequest:
		return Refused
	case status == http.StatusBadRequest, status == http.StatusUnprocessableEntity:
		return Invalid
	default: // a code of a younger plugin: what ends a job is named above
		return Transient
	}
}

// refusal is the site's own, signed word.
func (c *Client) refusal(op string, resp *http.Response, e wpError) *Error {
	out := &Error{Op: op, Kind: kindOf(resp.StatusCode, e.Code), Code: e.Code, Status: resp.StatusCode, Signed: true,
		RetryAfter: backoff.RetryAfter(resp.Header, c.opt.Now(), maxRetryAfter)}
	if e.Data.ServerNowMS > 0 {
		out.ServerNow = time.UnixMilli(e.Data.ServerNowMS)
	}
	out.Message = c.refusalSentence(out, e)
	return out
}

// unverified is what the site says of a request that it could not verify. Anybody on the way can bring it about, so
// code and sentence are for the person who reads them and nothing follows but asking again.
func (c *Client) unverified(op string, resp *http.Response, e wpError) *Error {
	out := c.refusal(op, resp, e)
	out.Kind, out.Signed = Transient, false
	return out
}

// unsigned is an answer that the site did not make for this request. It never ends anything. In two cases the site may
// well have said it: it cannot sign for a key it does not know, and where its copy of the key differs from ours we cannot
// verify what it signs. Those have a code and a sentence of their own.
func (c *Client) unsigned(op string, resp *http.Response, body []byte, bad string) error {
	e, stray := sniff(body)
	denied := resp.StatusCode == http.StatusUnauthorized
	switch {
	case denied && bad == CodeSignatureInvalid && e.Code == CodeSignatureInvalid:
		return c.answerError(op, resp, CodeKeyMismatch, c.wrongKeySentence(), nil)
	case denied && bad == CodeSignatureMissing && e.Code == CodeKeyUnknown:
		return c.answerError(op, resp, e.Code, c.keyUnknownSentence(), nil)
	case stray:
		return c.answerError(op, resp, orElse(e.Code, CodeStrayOutput), strayOutputSentence, nil)
	case bad != CodeSignatureMissing:
		return c.answerError(op, resp, bad, badSignatureSentence(bad), nil)
	}
	return c.answerError(op, resp, orElse(e.Code, CodeUnsigned), unsignedSentence(resp, e, body), nil)
}

// answerError is a Transient error about an answer that came but cannot be used.
func (c *Client) answerError(op string, resp *http.Response, code, what string, err error) *Error {
	return &Error{Op: op, Kind: Transient, Code: code, Status: resp.StatusCode, Err: err,
		Message: c.site.Host() + " " + what, RetryAfter: backoff.RetryAfter(resp.Header, c.opt.Now(), maxRetryAfter)}
}
