//go:build attacks

package attacks

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
)

// Middlebox stands on the path between an agent and its site and does what its rules say. It sees everything in clear, as a
// proxy that ends TLS does, and has no key.
type Middlebox struct {
	URL  string
	site atomic.Value // string: host:port
	srv  *http.Server
	pool *http.Transport

	mu    sync.Mutex
	rules []*Rule
}

// Exchange is one request on its way: what the middlebox may change, and how it passes it on.
type Exchange struct {
	R         *http.Request
	Body      []byte
	Key       string // key id that the request names, "" where it names none
	middlebox *Middlebox
}

// Answer is what a server said, or what the middlebox says in its place.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// Rule takes over the requests that it matches. The first rule that matches decides.
type Rule struct {
	Match func(*Exchange) bool
	Act   func(*Exchange) *Answer // nil hangs up
}

func newMiddlebox() (*Middlebox, error) { return newMiddleboxOn("127.0.0.1") }

func newMiddleboxOn(host string) (*Middlebox, error) {
	l, err := net.Listen("tcp", host+":0")
	if err != nil {
		return nil, err
	}
	b := &Middlebox{URL: "http://" + l.Addr().String(), pool: &http.Transport{MaxIdleConnsPerHost: 16, DisableCompression: true}}
	b.site.Store("")
	b.srv = &http.Server{Handler: b}
	go func() { _ = b.srv.Serve(l) }()
	return b, nil
}

// Serve names the server behind the middlebox.
func (b *Middlebox) Serve(address string) { b.site.Store(address) }

func (b *Middlebox) Close() { _ = b.srv.Close() }

// On adds a rule and returns what takes it away again.
func (b *Middlebox) On(match func(*Exchange) bool, act func(*Exchange) *Answer) func() {
	rule := &Rule{match, act}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.rules = append(b.rules, rule)
	return func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		for i, r := range b.rules {
			if r == rule {
				b.rules = append(b.rules[:i:i], b.rules[i+1:]...)
				return
			}
		}
	}
}

func (b *Middlebox) rule(x *Exchange) *Rule {
	b.mu.Lock()
	rules := b.rules
	b.mu.Unlock()
	for _, r := range rules {
		if r.Match(x) {
			return r
		}
	}
	return nil
}

func (b *Middlebox) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	x := &Exchange{R: r, Body: body, Key: keyOf(r.Header), middlebox: b}
	var answer *Answer
	if rule := b.rule(x); rule != nil {
		answer = rule.Act(x)
	} else {
		answer = x.Pass()
	}
	if answer == nil {
		hangUp(w)
		return
	}
	answer.write(w, r.Method)
}

// Pass hands the request on as it now is. nil where the site gave no answer.
func (x *Exchange) Pass() *Answer {
	url := "http://" + x.middlebox.site.Load().(string) + x.R.URL.RequestURI()
	req, err := http.NewRequestWithContext(context.WithoutCancel(x.R.Context()), x.R.Method, url, bytes.NewReader(x.Body))
	if err != nil {
		return nil
	}
	req.Header = x.R.Header.Clone()
	req.Host = x.R.Host
	resp, err := x.middlebox.pool.RoundTrip(req)
	if err != nil {
		return nil
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil
	}
	return &Answer{resp.StatusCode, resp.Header, body}
}

func (a *Answer) write(w http.ResponseWriter, method string) {
	for name, values := range a.Header {
		w.Header()[name] = values
	}
	w.Header().Del("Transfer-Encoding")
	if method != http.MethodHead {
		w.Header().Del("Content-Length")
	}
	w.WriteHeader(a.Status)
	if method != http.MethodHead {
		_, _ = w.Write(a.Body)
	}
}

// hangUp ends the connection without a word.
func hangUp(w http.ResponseWriter) {
	if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
		_ = conn.Close()
	}
}

// copy of an answer that a fault may change.
func (a *Answer) clone() *Answer {
	return &Answer{a.Status, a.Header.Clone(), bytes.Clone(a.Body)}
}
