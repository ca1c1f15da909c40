package wpclient

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"time"
)

// What tests of other packages' view need of the inside.

// SignForTest signs at a fixed time with a fixed nonce.
func SignForTest(h http.Header, key Key, site, method, route string, body []byte, created int64, nonce string) {
	s := newSigner(key, site, func() time.Time { return time.Unix(created, 0) })
	s.nonce = func() string { return nonce }
	s.sign(h, method, route, body)
}

// VerifyForTest verifies one answer at a fixed time and returns what a caller would get.
func VerifyForTest(key Key, now int64, status int, h http.Header, body []byte, requestSignature string, file bool) error {
	c := New(Site{Home: "https://www.example.org"}, key, Options{Now: func() time.Time { return time.Unix(now, 0) }})
	req := &http.Request{Header: http.Header{hdrSignature: {requestSignature}}}
	resp := &http.Response{StatusCode: status, Header: h, Request: req, Body: io.NopCloser(bytes.NewReader(body))}
	if !file {
		_, err := c.verifyAnswer("test", resp)
		return err
	}
	sig, bad := c.authenticate(resp)
	if bad != "" {
		return c.unsigned("test", resp, nil, bad)
	}
	return c.classify("test", resp, sig, nil)
}

// SignedPartForTest looks for signed in body.
func SignedPartForTest(body, signed []byte) []byte { return signedPart(body, contentDigest(signed)) }

var (
	SignBaseForTest   = Key.sign
	ParseTokenForTest = parseToken
	PlainForTest      = plain
	SameOriginForTest = sameOrigin
)

// ParseAnswerForTest runs the header parser and returns the params it took and the code of what is wrong.
func ParseAnswerForTest(status int, h http.Header) (params, code string) {
	a, code := parseAnswer(status, h)
	return a.params, code
}

// WithResolver makes names lead where a test wants them to.
func (o Options) WithResolver(r *net.Resolver) Options { o.resolver = r; return o }

// Later is the state as it is when it is time to look around caches again.
func (s DoorbellState) Later() DoorbellState {
	s.varied = s.varied.Add(-variedAfter)
	return s
}
