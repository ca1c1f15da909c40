package wpclient

import (
	"encoding/json"
	"errors"
	"net/http"
	"time"
)

// wpError is WordPress' shape of an error.
type wpError struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	Data    struct {
		Status      int    `json:"status"`
		ServerNowMS int64  `json:"server_now_ms"`
		Site        string `json:"site"`
	} `json:"data"`
}

// verifyAnswer reads an answer, verifies that the site made it for this very request, and returns the body of a good one.
func (c *Client) verifyAnswer(op string, resp *http.Response) ([]byte, error) {
	if enc := resp.Header.Get("Content-Encoding"); enc != "" && enc != "identity" {
		return nil, c.answerError(op, resp, CodeCompressed, "answered with a compressed body that was not asked for: exclude /wp-json/ from the cache or proxy in front of it", nil)
	}
	body, err := readBounded(resp.Body, maxAnswerBytes)
	if err != nil {
		return nil, c.readError(op, resp, err)
	}
	sig, bad := c.authenticate(resp)
	if bad == "" {
		body, bad = c.exactly(op, body, sig.digest)
	}
	if bad != "" {
		return nil, c.unsigned(op, resp, body, bad)
	}
	return body, c.classify(op, resp, sig, body)
}

// authenticate tells whether this site made the headers of this answer, for this very request.
func (c *Client) authenticate(resp *http.Response) (answerSignature, string) {
	sig, bad := parseAnswer(resp.StatusCode, resp.Header)
	if bad == "" {
		bad = sig.verify(c.key, resp.StatusCode, resp.Request.Header.Get(hdrSignature))
	}
	return sig, bad
}

// exactly returns what the site signed. Where something prints before or after its answer, the digest proves which part
// that is.
func (c *Client) exactly(op string, body []byte, digest string) ([]byte, string) {
	exact := signedPart(body, digest)
	switch {
	case exact == nil:
		return body, CodeDigestMismatch
	case len(exact) != len(body):
		if !c.strayOutput.Swap(true) {
			c.opt.Logger.Warn(c.site.Host()+" "+strayOutputSentence, "op", op, "bytes", len(body)-len(exact))
		}
	}
	return exact, ""
}

// StrayOutput says what is the matter where something prints around this site's answers, which are read all the same; "" where
// nothing has so far.
func (c *Client) StrayOutput() string {
	if !c.strayOutput.Load() {
		return ""
	}
	return c.site.Host() + " " + strayOutputSentence
}

// classify returns nil for a good answer whose signature fits; body is nil where it is a file that is still to be read.
func (c *Client) classify(op string, resp *http.Response, sig answerSignature, body []byte) error {
	var e wpError
	if resp.StatusCode >= 300 || sig.refusal {
		// A signed body that is no JSON is classified by its status alone.
		_ = json.Unmarshal(body, &e)
	}
	if sig.refusal {
		return c.unverified(op, resp, e)
	}
	if now := c.opt.Now(); !sig.fresh(now) && e.Code != CodeClockSkew {
		err := c.answerError(op, resp, CodeClockSkew, clockSentence(now, time.Unix(sig.created, 0)), nil)
		err.ServerNow = time.Unix(sig.created, 0)
		return err
	}
	if resp.StatusCode >= 300 {
		return c.refusal(op, resp, e)
	}
	return nil
}

// incomplete is about an answer that the site signed but that is none of this protocol.
func (c *Client) incomplete(op string, resp *http.Response, err error) *Error {
	return c.answerError(op, resp, CodeNotJSON, "sent an answer that is not the one of this protocol: update the plugin and the agent to the same version", err)
}

// readError is about an answer that broke off or would not end.
func (c *Client) readError(op string, resp *http.Response, err error) error {
	if errors.Is(err, errTooLarge) {
		return c.answerError(op, resp, CodeTooLarge, "sent an answer of more than 4 MiB, which no agent route does: look for a proxy or plugin that answers in its place", err)
	}
	if cause := resp.Request.Context().Err(); cause != nil {
		return c.networkError(op, cause)
	}
	return c.answerError(op, resp, CodeTruncated, "broke off in the middle of an answer; the agent asks again", err)
}
