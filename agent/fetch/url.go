package fetch

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/internal/netguard"
)

const maxRedirects = 3

// URLs opens documents by their public or presigned addresses. It is safe for concurrent use.
type URLs struct {
	allow  hostList
	client *http.Client
}

// URLOptions tune NewURLs.
type URLOptions struct {
	AllowHosts []string       // see hostList; empty allows nothing
	RootCAs    *x509.CertPool // default: the system's

	// For tests, which have nothing but loopback.
	allowAddr func(netip.Addr) bool
	resolver  *net.Resolver
}

// NewURLs makes a client that sends no credentials, uses no proxy, and dials public addresses only.
func NewURLs(opt URLOptions) *URLs {
	if opt.allowAddr == nil {
		opt.allowAddr = netguard.Public
	}
	dialer := &net.Dialer{Timeout: 10 * time.Second, Resolver: opt.resolver, Control: netguard.Control(opt.allowAddr, innerAddress)}
	u := &URLs{allow: hostList(opt.AllowHosts)}
	u.client = &http.Client{
		CheckRedirect: u.checkRedirect,
		Transport: &http.Transport{
			Proxy:                  nil, // a proxy would dial for us, out of the guard's sight
			DialContext:            dialer.DialContext,
			TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: opt.RootCAs},
			TLSHandshakeTimeout:    10 * time.Second,
			ResponseHeaderTimeout:  60 * time.Second,
			MaxResponseHeaderBytes: 64 << 10,
			DisableCompression:     true,
			ForceAttemptHTTP2:      true,
			IdleConnTimeout:        30 * time.Second,
		},
	}
	return u
}

// Close drops idle connections.
func (u *URLs) Close() { u.client.CloseIdleConnections() }

func (u *URLs) checkRedirect(req *http.Request, via []*http.Request) error {
	if len(via) > maxRedirects {
		return notAllowed("the source redirects too often")
	}
	req.Header.Del("Referer") // the address it came from may be a presigned one
	return u.allow.check(req.URL)
}

// Opener refuses an address that is not allowed, or returns a source that resumes as long as the document stays the same.
func (u *URLs) Opener(address string) (Opener, error) {
	parsed, err := url.Parse(address)
	if err != nil || parsed.Host == "" {
		return nil, notAllowed("the source's address cannot be read")
	}
	if err := u.allow.check(parsed); err != nil {
		return nil, err
	}
	validator := "" // of the version whose beginning we have
	return func(ctx context.Context, offset int64) (Body, error) {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, parsed.String(), nil)
		if err != nil {
			return Body{}, notAllowed("the source's address cannot be read")
		}
		req.Header.Set("User-Agent", "aidoc-agent")
		if offset > 0 && validator != "" { // without a validator the parts might be of two versions: start again
			req.Header.Set("Range", fmt.Sprintf("bytes=%d-", offset))
			req.Header.Set("If-Range", validator)
		}
		resp, err := u.client.Do(req)
		if err != nil {
			return Body{}, transportError(parsed.Host, err)
		}
		body, err := bodyOf(resp, offset)
		if err != nil {
			resp.Body.Close()
			return Body{}, err
		}
		validator = strongValidator(resp.Header)
		body.Resumable = validator != ""
		return body, nil
	}, nil
}

func bodyOf(resp *http.Response, offset int64) (Body, error) {
	host := resp.Request.URL.Host
	switch {
	case resp.Header.Get("Content-Encoding") != "":
		return Body{}, &Error{Code: CodeTransfer, Message: host + " sent a compressed document that was not asked for"}
	case resp.StatusCode == http.StatusOK:
		return Body{ReadCloser: resp.Body, Total: resp.ContentLength}, nil
	case resp.StatusCode == http.StatusPartialContent:
		total, ok := partOf(resp.Header.Get("Content-Range"), offset)
		if !ok {
			return Body{}, &Error{Code: CodeTransfer, Message: host + " sent another part of the document than was asked for"}
		}
		return Body{ReadCloser: resp.Body, Offset: offset, Total: total}, nil
	case resp.StatusCode == http.StatusNotFound, resp.StatusCode == http.StatusGone:
		return Body{}, &Error{Code: CodeNotFound, Message: host + " says that the document does not exist"}
	case resp.StatusCode == http.StatusUnauthorized, resp.StatusCode == http.StatusForbidden:
		return Body{}, &Error{Code: CodeDenied, Message: host + " does not give out the document: has its presigned address expired?"}
	}
	code := CodeRefused
	if retryStatus(resp.StatusCode) {
		code = CodeTransfer
	}
	return Body{}, &Error{Code: code, Message: fmt.Sprintf("%s answered with status %d", host, resp.StatusCode)}
}

func retryStatus(status int) bool {
	return status >= 500 || status == http.StatusTooManyRequests || status == http.StatusRequestTimeout || status == http.StatusTooEarly
}

// partOf takes "bytes <offset>-<last>/<total>" that reaches to the end.
func partOf(v string, offset int64) (int64, bool) {
	rest, ok := strings.CutPrefix(v, fmt.Sprintf("bytes %d-", offset))
	last, size, found := strings.Cut(rest, "/")
	end, err1 := strconv.ParseInt(last, 10, 64)
	total, err2 := strconv.ParseInt(size, 10, 64)
	return total, ok && found && err1 == nil && err2 == nil && end >= offset && total == end+1
}

// strongValidator is what If-Range may hold: a weak ETag promises nothing about bytes.
func strongValidator(h http.Header) string {
	if e := h.Get("ETag"); e != "" && !strings.HasPrefix(e, "W/") {
		return e
	}
	return ""
}

// transportError keeps the guard's own words and drops Go's, which quote the whole address.
func transportError(host string, err error) error {
	var own *Error
	if errors.As(err, &own) {
		return own
	}
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err
	}
	return &Error{Code: CodeTransfer, Err: err, Message: "the connection to " + host + " failed"}
}
