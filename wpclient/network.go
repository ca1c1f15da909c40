package wpclient

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"

	"github.com/aidoc-pipeline/aidoc-agent/internal/netguard"
)

// networkError is about a request that brought no answer.
func (c *Client) networkError(op string, err error) *Error {
	var own *Error
	if errors.As(err, &own) {
		return own
	}
	e := networkError(op, c.site.Host(), err)
	e.Kind = Transient // in the middle of work even a broken certificate is a reason to ask again, not to give up
	return e
}

// networkError names what went wrong in words a person can act on. It never quotes the URL: Go's own text does, and
// an address may hold what a log should not.
func networkError(op, host string, err error) *Error {
	e := &Error{Op: op, Kind: Transient, Code: CodeUnreachable, Err: withoutURL(err)}
	var dns *net.DNSError
	var guard *netguard.Error
	switch {
	case errors.As(err, &guard):
		e.Kind, e.Code, e.Message = Refused, CodeAddress, addressSentence(guard)
	case errors.Is(err, context.Canceled):
		e.Message = "stopped while waiting for " + host
	case errors.As(err, &dns) && dns.IsNotFound:
		e.Message = host + " has no address: check the spelling of `url`, and this machine's DNS"
	case isTLSError(err):
		e.Kind, e.Code = Insecure, CodeTLS
		e.Message = fmt.Sprintf("the certificate of %s is not accepted (%s): renew it there, or install your own authority's certificate on this machine", host, tlsReason(err))
	case isTimeout(err):
		e.Code = CodeTimeout
		e.Message = host + " did not answer in time; is it up, and reachable from here?"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		e.Message = host + " closed the connection without an answer; the agent asks again"
	case isDial(err):
		e.Message = "cannot connect to " + host + ": is it up, and does this machine's firewall or proxy let the agent out?"
	default:
		e.Message = "the connection to " + host + " failed; the agent asks again"
	}
	return e
}

func addressSentence(g *netguard.Error) string {
	what := fmt.Sprintf("%s leads to %s, ", plain(g.Host), g.Addr)
	if g.Loopback {
		return what + "this machine, where the agent goes only when told to: correct the name in DNS, or set `allow_loopback: true` for this site (join --allow-loopback)"
	}
	return what + "an address where no web site lives (link-local, or a cloud's own): correct the name in DNS"
}

func isDial(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "dial"
}

func isTimeout(err error) bool {
	var t interface{ Timeout() bool }
	return errors.Is(err, context.DeadlineExceeded) || (errors.As(err, &t) && t.Timeout())
}

func isTLSError(err error) bool {
	var record tls.RecordHeaderError
	var alert tls.AlertError
	return tlsReason(err) != "" || errors.As(err, &record) || errors.As(err, &alert)
}

func tlsReason(err error) string {
	var unknown x509.UnknownAuthorityError
	var name x509.HostnameError
	var invalid x509.CertificateInvalidError
	var verify *tls.CertificateVerificationError
	switch {
	case errors.As(err, &unknown):
		return "signed by an unknown authority"
	case errors.As(err, &name):
		return "made out to another name"
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return "expired or not yet valid"
	case errors.As(err, &invalid), errors.As(err, &verify):
		return "not valid"
	}
	var record tls.RecordHeaderError
	var alert tls.AlertError
	if errors.As(err, &record) || errors.As(err, &alert) {
		return "no TLS spoken there"
	}
	return ""
}

func withoutURL(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}

func (c *Client) redirected(op string, resp *http.Response) *Error {
	to := "elsewhere"
	if u, err := resp.Location(); err == nil {
		to = plain(u.Scheme + "://" + u.Host)
	}
	return c.answerError(op, resp, CodeRedirect, "answered with a redirect to "+to+
		", which a signed request does not follow: put the site's final address into `url`, and switch off redirects for /wp-json/", nil)
}

func (c *Client) errorf(op string, kind Kind, code, format string, args ...any) *Error {
	return &Error{Op: op, Kind: kind, Code: code, Message: fmt.Sprintf(format, append([]any{c.site.Host()}, args...)...)}
}
