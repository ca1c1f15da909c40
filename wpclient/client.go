package wpclient

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/go-resty/resty/v2"
)

// Client talks to one site with one key.
type Client struct {
	site        Site
	key         Key
	opt         Options
	rest        *resty.Client // signs; follows no redirect
	plain       *http.Client  // the doorbell, public files: no signature, no redirect, no cookie
	strayOutput atomic.Bool   // something prints around the site's answers
	bell        atomic.Pointer[visited]
	publicMS    atomic.Int64 // Unix ms from which documents are asked for at their public addresses, see PublicFile
	ownRoot     bool         // where requests go is the site's own, or the operator's word
}

// New returns a client of site that signs with key. A site on plain http is refused by each call, see Options.InsecureHTTP.
func New(site Site, key Key, opt Options) *Client {
	opt = opt.withDefaults()
	signing := &signingTransport{base: opt.Transport, signer: newSigner(key, site.Home, opt.Now)}
	rest := resty.NewWithClient(&http.Client{Transport: signing}).
		SetRedirectPolicy(resty.NoRedirectPolicy()).
		SetDoNotParseResponse(true).
		SetRetryCount(0).
		SetLogger(silent{}).
		SetHeader("User-Agent", opt.userAgent()).
		SetHeader("Accept", "application/json")
	plain := &http.Client{Transport: opt.Transport, CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	}}
	return &Client{site: site, key: key, opt: opt, rest: rest, plain: plain, ownRoot: ownRoot("", site, opt) == nil}
}

// WithKey is a client of the same site that signs with another key. What this one has learned of the site stays known: above all until when its
// public addresses give nothing.
func (c *Client) WithKey(key Key) *Client {
	next := New(c.site, key, c.opt)
	next.publicMS.Store(c.publicMS.Load())
	next.bell.Store(c.bell.Load())
	next.strayOutput.Store(c.strayOutput.Load())
	return next
}

// Site returns the site this client talks to.
func (c *Client) Site() Site { return c.site }

// Identity tells what kind of key this client signs with.
func (c *Client) Identity() Identity { return c.key.Identity() }

// KeyID returns the name of the key this client signs with.
func (c *Client) KeyID() string { return c.key.KeyID }

// Close drops idle connections.
func (c *Client) Close() {
	if t, ok := c.opt.Transport.(interface{ CloseIdleConnections() }); ok {
		t.CloseIdleConnections()
	}
}

// silent keeps resty's own log away: it would print requests with their signatures.
type silent struct{}

func (silent) Errorf(string, ...any) {}
func (silent) Warnf(string, ...any)  {}
func (silent) Debugf(string, ...any) {}

// post sends in as JSON and decodes the site's verified answer into out.
func (c *Client) post(ctx context.Context, op, route string, in any, out completable) error {
	body, err := encode(in)
	if err != nil {
		return &Error{Op: op, Kind: Invalid, Message: "the request cannot be written as JSON", Err: err}
	}
	return c.postBytes(ctx, op, route, body, maxRequestBytes, out)
}

func (c *Client) postBytes(ctx context.Context, op, route string, body []byte, limit int, out completable) error {
	if len(body) > limit {
		return c.errorf(op, Invalid, CodeBodyTooLarge, "the request to %s would be larger than the %d MiB a site takes", limit>>20)
	}
	ctx, cancel := context.WithTimeout(ctx, c.opt.Timeout)
	defer cancel()
	resp, err := c.send(ctx, op, http.MethodPost, route, body, nil)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	answer, err := c.verifyAnswer(op, resp)
	if err != nil {
		return err
	}
	if err := decode(answer, out); err != nil {
		return c.incomplete(op, resp, err)
	}
	return nil
}

// send does one signed attempt and returns the answer, unread and not yet verified.
func (c *Client) send(ctx context.Context, op, method, route string, body []byte, header http.Header) (*http.Response, error) {
	if err := insecure(op, c.site.RESTRoot, c.opt.InsecureHTTP); err != nil {
		return nil, err
	}
	if !c.ownRoot {
		return nil, ownRoot(op, c.site, c.opt)
	}
	req := c.rest.R().SetContext(withRoute(ctx, route))
	if body != nil {
		req.SetHeader("Content-Type", "application/json").SetBody(body)
	}
	for name, values := range header {
		req.Header[name] = values
	}
	if c.opt.Annotate != nil {
		c.opt.Annotate(ctx, req.Header)
	}
	start := time.Now()
	res, err := req.Execute(method, c.site.routeURL(route))
	raw := rawOf(res)
	c.trace(op, raw, start, err)
	if err == nil {
		return raw, nil
	}
	if raw != nil { // only a refused redirect brings an answer and an error
		raw.Body.Close()
		return nil, c.redirected(op, raw)
	}
	return nil, c.networkError(op, err)
}

func rawOf(res *resty.Response) *http.Response {
	if res == nil {
		return nil
	}
	return res.RawResponse
}

func (c *Client) trace(op string, resp *http.Response, start time.Time, err error) {
	status := 0
	if resp != nil {
		status = resp.StatusCode
	}
	c.opt.Logger.Debug("site request", "op", op, "site", c.site.Host(), "status", status,
		"duration_ms", time.Since(start).Milliseconds(), "ok", err == nil)
}

func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimRight(b.Bytes(), "\n"), nil
}

// readBounded reads at most limit bytes; one more is an error, so that nothing is cut off unnoticed.
func readBounded(r io.Reader, limit int64) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return b, err
	}
	if int64(len(b)) > limit {
		return nil, errTooLarge
	}
	return b, nil
}

var errTooLarge = errors.New("larger than allowed")
