package llm

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/internal/backoff"
)

// maxAnswerBytes bounds what one HTTP answer of a provider may hold.
const maxAnswerBytes = 8 << 20

// exchange is what the transport saw of one call; the SDKs drop the headers of errors.
type exchange struct {
	status     int
	retryAfter time.Duration
	html       bool
	noEnd      bool   // the answer is longer than any may be
	alive      func() // called whenever a piece of the answer has come
}

type exchangeKey struct{}

type headersKey struct{}

// withHeaders lets see read the headers of every answer, whatever its status.
func withHeaders(ctx context.Context, see func(http.Header)) context.Context {
	return context.WithValue(ctx, headersKey{}, see)
}

func withExchange(ctx context.Context) (context.Context, *exchange) {
	x := &exchange{alive: func() {}}
	if alive, ok := ctx.Value(aliveKey{}).(func()); ok {
		x.alive = alive
	}
	return context.WithValue(ctx, exchangeKey{}, x), x
}

type aliveKey struct{}

// maxStream is how many times its timeout a call may last as long as pieces of its answer keep coming.
const maxStream = 10

// errNoEnd is why an answer is not waited for any longer although more of it keeps coming.
var errNoEnd = errors.New("the answer has no end")

// withPatience ends the context of one call after d without a sign of life, or after maxStream times d.
func withPatience(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	ctx, stop := context.WithTimeoutCause(ctx, maxStream*d, errNoEnd)
	ctx, cancel := context.WithCancelCause(ctx)
	silence := time.AfterFunc(d, func() { cancel(context.DeadlineExceeded) })
	return context.WithValue(ctx, aliveKey{}, func() { silence.Reset(d) }), func() {
		silence.Stop()
		cancel(nil)
		stop()
	}
}

// keeper notes status and Retry-After of each answer and bounds its body.
type keeper struct{ next http.RoundTripper }

func (k keeper) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := k.next.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	if see, ok := req.Context().Value(headersKey{}).(func(http.Header)); ok {
		see(resp.Header)
	}
	if x, ok := req.Context().Value(exchangeKey{}).(*exchange); ok {
		x.status = resp.StatusCode
		x.retryAfter = backoff.RetryAfter(resp.Header, time.Now(), maxAsked)
		x.html = strings.HasPrefix(resp.Header.Get("Content-Type"), "text/html")
		resp.Body = boundedBody{Reader: &bounded{livingBody{resp.Body, x.alive}, maxAnswerBytes, x}, Closer: resp.Body}
		return resp, nil
	}
	resp.Body = boundedBody{Reader: io.LimitReader(resp.Body, maxAnswerBytes), Closer: resp.Body}
	return resp, nil
}

// livingBody reports each piece that comes.
type livingBody struct {
	io.Reader
	alive func()
}

func (b livingBody) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	if n > 0 {
		b.alive()
	}
	return n, err
}

// bounded fails with errNoEnd after so many bytes.
type bounded struct {
	io.Reader
	left int
	seen *exchange
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.left == 0 {
		b.seen.noEnd = true
		return 0, errNoEnd
	}
	n, err := b.Reader.Read(p[:min(len(p), b.left)])
	b.left -= n
	return n, err
}

type boundedBody struct {
	io.Reader
	io.Closer
}

// newHTTPClient follows no redirect: a key goes to the configured host only.
func newHTTPClient() *http.Client {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.MaxIdleConnsPerHost = 16
	return &http.Client{
		Transport:     keeper{t},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// networkError says in a sentence why a server was not reached. Retryable: servers start again.
func networkError(ctx context.Context, base string, err error) *Error {
	host := base
	if u, e := url.Parse(base); e == nil {
		host = u.Scheme + "://" + u.Host
	}
	what := "is the server running there, and is summary.base_url right?"
	if strings.Contains(host, ":11434") {
		what = "is Ollama running there?"
	}
	msg := "no answer from " + host + ": " + what
	var dns *net.DNSError
	noEnd := errors.Is(err, errNoEnd) || errors.Is(context.Cause(ctx), errNoEnd)
	switch {
	case noEnd:
		msg = fmt.Sprintf("the answer of %s has no end (it is over %d MiB, or lasted %d times summary.timeout): look at its model, or use another one", host, maxAnswerBytes>>20, maxStream)
	case errors.Is(err, context.DeadlineExceeded) || ctx.Err() != nil:
		msg = host + " did not answer in time: raise summary.timeout, or use a smaller model"
	case errors.As(err, &dns):
		msg = "the name " + dns.Name + " is not known: check summary.base_url and this machine's DNS"
	}
	// The cause is kept without its URL: a base URL may hold a token in its query.
	var ue *url.Error
	if errors.As(err, &ue) {
		err = ue.Err
	}
	return &Error{Code: CodeUnavailable, Message: msg, Retryable: true, Billed: noEnd, noEnd: noEnd, Err: err}
}
