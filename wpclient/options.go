package wpclient

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/internal/netguard"
)

// Options tune a Client. The zero value is ready to use.
type Options struct {
	Version      string        // of the agent, for the User-Agent header
	Timeout      time.Duration // of one whole JSON exchange; default 60 s. Files have an idle timeout of this length
	InsecureHTTP bool          // allow plain http to hosts other than this machine
	RESTRoot     string        // the operator's own word on where the REST interface is; "" to find it on the site's own origin
	// AllowLoopback lets a name that does not say so (localhost, 127.0.0.1) lead to this machine.
	AllowLoopback bool
	// Annotate adds headers that are no part of what is signed, and of which nothing follows; nil: none.
	Annotate  func(ctx context.Context, h http.Header)
	Identity  Identity          // what Join and Rotate ask for; default what the site demands
	Logger    *slog.Logger      // debug lines: op, site, status, duration; default none
	RootCAs   *x509.CertPool    // default: the system's
	Now       func() time.Time  // the clock that signs; default time.Now
	Transport http.RoundTripper // below signing and verification; default a pool of its own

	// RetryWait is the pause before the first repetition of a discovery request, up to twice as long at first and four times as long later.
	// Default 500 ms. Nothing else is ever repeated here.
	RetryWait time.Duration

	resolver *net.Resolver // for tests
}

const (
	defaultTimeout   = 60 * time.Second
	dialTimeout      = 10 * time.Second
	tlsTimeout       = 10 * time.Second
	headerTimeout    = 45 * time.Second
	maxHeaderBytes   = 64 << 10
	maxAnswerBytes   = 4 << 20
	maxRequestBytes  = 1 << 20
	maxResultBytes   = 4 << 20
	maxRetryAfter    = 15 * time.Minute
	discoveryTries   = 3
	defaultRetryWait = 500 * time.Millisecond
)

func (o Options) withDefaults() Options {
	if o.Version == "" {
		o.Version = "dev"
	}
	if o.Timeout <= 0 {
		o.Timeout = defaultTimeout
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.RetryWait <= 0 {
		o.RetryWait = defaultRetryWait
	}
	if o.Transport == nil {
		o.Transport = newTransport(o)
	}
	return o
}

func (o Options) userAgent() string { return "aidoc-agent/" + o.Version }

// newTransport asks for no compression: an answer is small, and a bomb then has nothing to unpack it. The address that a
// name leads to is checked when it is dialled.
func newTransport(o Options) *http.Transport {
	dialer := &netguard.Dialer{AllowLoopback: o.AllowLoopback}
	dialer.Timeout, dialer.KeepAlive, dialer.Resolver = dialTimeout, 30*time.Second, o.resolver
	return &http.Transport{
		Proxy:                  dialer.Proxy(http.ProxyFromEnvironment),
		DialContext:            dialer.DialContext,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: o.RootCAs},
		TLSHandshakeTimeout:    tlsTimeout,
		ResponseHeaderTimeout:  headerTimeout,
		MaxResponseHeaderBytes: maxHeaderBytes,
		DisableCompression:     true,
		ForceAttemptHTTP2:      true,
		MaxIdleConnsPerHost:    4,
		IdleConnTimeout:        90 * time.Second,
	}
}
