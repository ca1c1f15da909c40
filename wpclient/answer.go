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

// believe reads an answer, verifies that the site made it for this very request, and returns the body of a good one.
func (c *Client) believe(op string, resp *http.Response) ([]byte, error) {
	if enc := resp.Header.Get("Content-Encoding"); enc != "" && enc != "identity" {
		return nil, c.answerError(op, resp, CodeCompressed, "answered with a compressed body that was not asked for: exclude /wp-json/ from the cache or proxy in front of it", nil)
	}
	body, err := readBounded(resp.Body, maxAnswerBytes)
	if err != nil {
		return nil, c.readError(op, resp, err)
	}
	return body, c.judge(op, resp, body, true)
}

// judge returns nil for a good answer. wholeBody is false where the body is a file that is still to be read.
func (c *Client) judge(op string, resp *http.Response, body []byte, wholeBody bool) error {
	sig, bad := parseAnswer(resp.StatusCode, resp.Header)
	if bad == "" {
		bad = sig.verify(c.key, resp.StatusCode, resp.Request.Header.Get(hdrSignature))
	}
	if bad == "" && wholeBody && sig.digest != contentDigest(body) {
		bad = CodeDigestMismatch
	}
	if bad != "" {
		return c.unsigned(op, resp, body, bad)
	}
	var e wpError
	if resp.StatusCode >= 300 || sig.refusal {
		// A signed body that is no JSON is judged by its status alone.
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
