package chaos

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Exchange is one request as the proxy saw it. Status and Code are what the site answered, not what the agent got.
type Exchange struct {
	N       uint64        `json:"n"`
	At      time.Time     `json:"at"`
	Took    time.Duration `json:"took_ns"`
	End     time.Time     `json:"end"`           // of the answer
	Key     string        `json:"key,omitempty"` // key id of the agent
	Op      string        `json:"op"`
	Fault   Fault         `json:"fault,omitempty"`
	Status  int           `json:"status,omitempty"` // 0: it never reached the site, or gave no answer
	Code    string        `json:"code,omitempty"`
	Jobs    []int64       `json:"jobs,omitempty"`    // it names
	Granted []Grant       `json:"granted,omitempty"` // by a lease answer
	Entries []Entry       `json:"entries,omitempty"` // of an answer to several results
	Second  int           `json:"second,omitempty"`  // status of the same bytes sent twice
}

// Entry is what a site answered about one of several results.
type Entry struct {
	Job    int64  `json:"job"`
	Status int    `json:"status"`
	Code   string `json:"code,omitempty"`
}

// Outcomes are the site's answers about results, be they alone in their exchange or among several.
func (x Exchange) Outcomes() []Entry {
	if x.Op != "result" {
		return x.Entries
	}
	var out []Entry
	for _, job := range x.Jobs {
		out = append(out, Entry{Job: job, Status: x.Status, Code: x.Code})
	}
	return out
}

// Grant is a lease the site gave, and the hand-over segments that came with it.
type Grant struct {
	Job      int64    `json:"job"`
	Epoch    int64    `json:"epoch"`
	Segments []string `json:"segments,omitempty"`
}

// Proxy stands between the agents and the site.
type Proxy struct {
	Addr      string // 127.0.0.1:port
	site      string // host:port of the site
	plan      Plan
	n         atomic.Uint64
	faultless atomic.Bool
	pool      *http.Transport
	srv       *http.Server
	late      sync.WaitGroup
	lateCtx   context.Context
	stop      context.CancelFunc
	onGrant   func(Grant)

	mu      sync.Mutex
	log     *json.Encoder
	file    *os.File
	seen    []Exchange
	reroute map[string]string // key id → host:port
}

// NewProxy listens on addr; it makes no faults until StartFaults. onGrant is told of each lease before the agent does; may be nil.
func NewProxy(addr, site, logFile string, plan Plan, onGrant func(Grant)) (*Proxy, error) {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("listen for the proxy: %w", err)
	}
	f, err := os.Create(logFile)
	if err != nil {
		l.Close()
		return nil, err
	}
	p := &Proxy{Addr: l.Addr().String(), site: site, plan: plan, file: f, log: json.NewEncoder(f), reroute: map[string]string{}, onGrant: onGrant,
		pool: &http.Transport{MaxIdleConnsPerHost: 32, ResponseHeaderTimeout: 2 * time.Minute, DisableCompression: true}}
	p.faultless.Store(true)
	p.lateCtx, p.stop = context.WithCancel(context.Background())
	p.srv = &http.Server{Handler: p, ReadHeaderTimeout: 30 * time.Second}
	go func() { _ = p.srv.Serve(l) }()
	return p, nil
}

// StartFaults starts the faults, StopFaults ends them.
func (p *Proxy) StartFaults() { p.faultless.Store(false) }

// StopFaults lets everything through from now on.
func (p *Proxy) StopFaults() { p.faultless.Store(true) }

// Route sends what is signed with a key elsewhere; "" undoes it.
func (p *Proxy) Route(key, hostPort string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.reroute[key] = hostPort
}

// Close ends the proxy; stragglers still under way are lost.
func (p *Proxy) Close() {
	p.stop()
	_ = p.srv.Close()
	p.late.Wait()
	p.pool.CloseIdleConnections()
	p.mu.Lock()
	defer p.mu.Unlock()
	_ = p.file.Close()
}

// Seen returns the exchanges so far.
func (p *Proxy) Seen() []Exchange {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]Exchange(nil), p.seen...)
}

var keyID = regexp.MustCompile(`;keyid="([^"]*)"`)

// opOf names what a request is for.
func opOf(r *http.Request) string {
	route := r.URL.Query().Get("rest_route")
	if route == "" {
		route = strings.TrimPrefix(r.URL.Path, "/wp-json")
	}
	switch {
	case strings.HasPrefix(route, "/aidoc/v1/jobs/"):
		return "file"
	case strings.HasPrefix(route, "/aidoc/v1/"):
		return strings.TrimPrefix(route, "/aidoc/v1/")
	case strings.Contains(r.URL.Path, "/uploads/"):
		return "doorbell"
	}
	return "other"
}

func (p *Proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, 64<<20))
	if err != nil {
		return
	}
	x := Exchange{N: p.n.Add(1), At: time.Now(), Op: opOf(r), Jobs: jobsNamed(body)}
	if m := keyID.FindStringSubmatch(r.Header.Get("Signature-Input")); m != nil {
		x.Key = m[1]
	}
	var wait time.Duration
	if !p.faultless.Load() && x.Op != "join" && x.Op != "other" {
		x.Fault, wait = p.plan.Of(x.N, x.Op)
	}
	p.exchange(w, r, body, x, wait)
}

// exchange lets one exchange happen the way its fault wants it.
func (p *Proxy) exchange(w http.ResponseWriter, r *http.Request, body []byte, x Exchange, wait time.Duration) {
	ctx := r.Context()
	switch x.Fault {
	case DropAsk, HTMLBefore, Bad502:
		p.note(x)
		p.spoil(w, x.Fault, nil, nil)
		return
	case Straggler:
		p.late.Add(1)
		go p.straggle(r, body, x, wait)
		hangUp(w)
		return
	case Delay:
		select {
		case <-time.After(wait):
		case <-ctx.Done(): // the agent gave up; on a real network the request is already on its way
		}
		ctx = context.WithoutCancel(ctx)
	case None:
	default:
		ctx = context.WithoutCancel(ctx)
	}
	r, body = change(r, body, x.Fault)
	resp, answer, err := p.forward(ctx, r, body, &x)
	if x.Fault == Twice && err == nil {
		var again Exchange
		if _, _, err := p.forward(ctx, r, body, &again); err == nil {
			x.Second = again.Status
		}
	}
	p.note(x)
	if err != nil {
		hangUp(w)
		return
	}
	p.spoil(w, x.Fault, resp, answer)
}

func (p *Proxy) straggle(r *http.Request, body []byte, x Exchange, wait time.Duration) {
	defer p.late.Done()
	select {
	case <-time.After(wait):
	case <-p.lateCtx.Done():
		return
	}
	r = r.Clone(p.lateCtx)
	_, _, _ = p.forward(p.lateCtx, r, body, &x)
	p.note(x)
}

// forward asks the site and reads its whole answer.
func (p *Proxy) forward(ctx context.Context, r *http.Request, body []byte, x *Exchange) (*http.Response, []byte, error) {
	out := r.Clone(ctx)
	out.URL = &url.URL{Scheme: "http", Host: p.target(x.Key), Path: r.URL.Path, RawPath: r.URL.RawPath, RawQuery: r.URL.RawQuery}
	out.RequestURI, out.Body, out.ContentLength = "", io.NopCloser(bytes.NewReader(body)), int64(len(body))
	began := time.Now()
	resp, err := p.pool.RoundTrip(out)
	if err != nil {
		return nil, nil, err
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	x.Took, x.Status, x.End = time.Since(began), resp.StatusCode, time.Now()
	if err != nil {
		return nil, nil, err
	}
	p.understand(answer, x)
	return resp, answer, nil
}

func (p *Proxy) target(key string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if to := p.reroute[key]; to != "" {
		return to
	}
	return p.site
}

// understand takes from an answer what the report needs.
func (p *Proxy) understand(answer []byte, x *Exchange) {
	if x.Status >= 400 {
		var refusal struct {
			Code string `json:"code"`
		}
		_ = json.Unmarshal(answer, &refusal)
		x.Code = refusal.Code
		return
	}
	if x.Op == "results" {
		x.Entries = entriesOf(answer, x.Jobs)
		return
	}
	if x.Op != "lease" {
		return
	}
	var given struct {
		Leases []struct {
			JobID      int64 `json:"job_id"`
			Epoch      int64 `json:"epoch"`
			Checkpoint *struct {
				Segments []string `json:"segments"`
			} `json:"checkpoint"`
		} `json:"leases"`
	}
	if json.Unmarshal(answer, &given) != nil {
		return
	}
	for _, l := range given.Leases {
		g := Grant{Job: l.JobID, Epoch: l.Epoch}
		if l.Checkpoint != nil {
			g.Segments = l.Checkpoint.Segments
		}
		x.Granted = append(x.Granted, g)
		if p.onGrant != nil {
			p.onGrant(g)
		}
	}
}

// entriesOf reads an answer to several results, which stand in the order of the request.
func entriesOf(answer []byte, jobs []int64) (out []Entry) {
	var said struct {
		Results []struct {
			Status int `json:"status"`
			Body   struct {
				Code string `json:"code"`
			} `json:"body"`
		} `json:"results"`
	}
	if json.Unmarshal(answer, &said) != nil || len(said.Results) != len(jobs) {
		return nil
	}
	for i, r := range said.Results {
		out = append(out, Entry{Job: jobs[i], Status: r.Status, Code: r.Body.Code})
	}
	return out
}

// spoil gives the agent what the fault leaves of an answer.
func (p *Proxy) spoil(w http.ResponseWriter, f Fault, resp *http.Response, answer []byte) {
	switch f {
	case DropAsk, DropAnswer:
		hangUp(w)
	case HTMLBefore, HTMLAfter:
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = io.WriteString(w, "<!doctype html><title>Sign in</title><p>Accept the terms to use this network.</p>")
	case Bad502, Bad502Late:
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(http.StatusBadGateway)
		_, _ = io.WriteString(w, "<h1>502 Bad Gateway</h1>")
	default:
		for name, values := range resp.Header {
			w.Header()[name] = values
		}
		w.Header().Del("Content-Length")
		w.Header().Del("Transfer-Encoding")
		if f == Shorten {
			answer = answer[:len(answer)/2]
		}
		if resp.StatusCode != http.StatusNotModified {
			w.Header().Set("Content-Length", fmt.Sprint(len(answer)))
		}
		w.WriteHeader(resp.StatusCode)
		if f == Truncate {
			_, _ = w.Write(answer[:len(answer)/2])
			_ = http.NewResponseController(w).Flush()
			hangUp(w)
			return
		}
		_, _ = w.Write(answer)
	}
}

// hangUp ends the connection without another word.
func hangUp(w http.ResponseWriter) {
	if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
		if tcp, ok := conn.(*net.TCPConn); ok {
			_ = tcp.SetLinger(0)
		}
		_ = conn.Close()
	}
}

func (p *Proxy) note(x Exchange) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.seen = append(p.seen, x)
	_ = p.log.Encode(x) // a closed file at the very end loses a line of a log
}

// jobsNamed are the jobs that a request speaks of.
func jobsNamed(body []byte) []int64 {
	type ref struct {
		JobID int64 `json:"job_id"`
	}
	var in struct {
		ref
		Held    []ref `json:"held"`
		Leases  []ref `json:"leases"`
		Results []ref `json:"results"`
	}
	if json.Unmarshal(body, &in) != nil {
		return nil
	}
	var out []int64
	for _, r := range slices.Concat([]ref{in.ref}, in.Held, in.Leases, in.Results) {
		if r.JobID > 0 {
			out = append(out, r.JobID)
		}
	}
	return out
}
