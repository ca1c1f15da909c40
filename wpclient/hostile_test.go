package wpclient_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient/wptest"
)

// rawClient talks to a server that knows nothing of the protocol.
func rawClient(t testing.TB, h http.HandlerFunc) *wpclient.Client {
	t.Helper()
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	key := wpclient.Key{KeyID: "ak_0123456789abcdef01234567", Secret: bytes.Repeat([]byte{1}, 64)}
	return clientFor(t, wpclient.Site{Home: srv.URL, RESTRoot: srv.URL + "/wp-json/"}, key, wpclient.Options{})
}

// Whatever comes between the agent and the site, no write path takes it for the site's word.
func TestFaultsAreTransient(t *testing.T) {
	for kind, code := range map[wptest.FaultKind]string{
		wptest.DropRequest: wpclient.CodeUnreachable,
		wptest.DropAnswer:  wpclient.CodeUnreachable,
		wptest.Truncate:    wpclient.CodeTruncated,
		wptest.HTML200:     wpclient.CodeUnsigned,
		wptest.HTML403:     wpclient.CodeUnsigned,
		wptest.BadGateway:  wpclient.CodeUnsigned,
		wptest.Unavailable: wpclient.CodeUnsigned,
		wptest.Empty:       wpclient.CodeUnsigned,
		wptest.Huge:        wpclient.CodeTooLarge,
		wptest.Unsigned:    wpclient.CodeUnsigned,
		wptest.Forged:      wpclient.CodeSignatureInvalid,
		wptest.Cached:      wpclient.CodeSignatureInvalid,
		wptest.WrongBody:   wpclient.CodeDigestMismatch,
		wptest.Redirect:    wpclient.CodeRedirect,
	} {
		t.Run(string(kind), func(t *testing.T) {
			s := wptest.New(t)
			c := client(t, s, wpclient.Options{})
			lease := leaseOne(t, s, c, "%PDF")
			body, _ := wpclient.EncodeResult(resultFor(lease))
			s.Fault(func(*http.Request) wptest.Fault { return wptest.Fault{Kind: kind, Size: 8 << 20} })
			_, errLease := c.Lease(ctx(t), leaseRequest(uuid))
			_, errBeat := c.Beat(ctx(t), wpclient.BeatRequest{Held: []wpclient.Held{{LeaseRef: lease.Ref(), Phase: "ocr"}}})
			_, errResult := c.Result(ctx(t), body)
			_, errRelease := c.Release(ctx(t), wpclient.ReleaseRequest{Leases: []wpclient.LeaseRef{lease.Ref()}, Reason: "x"})
			_, errRotate := c.Rotate(ctx(t))
			for op, err := range map[string]error{"lease": errLease, "beat": errBeat, "result": errResult, "release": errRelease, "rotate": errRotate} {
				e := theError(t, err)
				if e.Kind != wpclient.Transient || e.Signed || e.Code != code {
					t.Errorf("%s: %+v", op, e)
				}
				if !strings.Contains(e.Message, "127.0.0.1") || len(e.Message) > 400 || strings.Contains(e.Message, "<") {
					t.Errorf("%s: no clear sentence: %q", op, e.Message)
				}
			}
			s.Fault(nil)
			if _, err := c.Echo(ctx(t)); err != nil {
				t.Errorf("after the fault: %v", err)
			}
		})
	}
}

func TestHugeAnswerTakesNoMemory(t *testing.T) {
	s := wptest.New(t)
	s.Fault(func(*http.Request) wptest.Fault { return wptest.Fault{Kind: wptest.Huge} })
	c := client(t, s, wpclient.Options{})
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if _, err := c.Echo(ctx(t)); wpclient.CodeOf(err) != wpclient.CodeTooLarge {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if grown := after.TotalAlloc - before.TotalAlloc; grown > 40<<20 {
		t.Errorf("allocated %d MiB for an answer of 100 MB", grown>>20)
	}
}

func TestGzipBombIsNotUnpacked(t *testing.T) {
	var bomb bytes.Buffer
	z, _ := gzip.NewWriterLevel(&bomb, gzip.BestSpeed)
	io.Copy(z, io.LimitReader(zeros{}, 16<<20))
	z.Close()
	var asked atomic.Value
	c := rawClient(t, func(w http.ResponseWriter, r *http.Request) {
		asked.Store(r.Header.Get("Accept-Encoding"))
		w.Header().Set("Content-Encoding", "gzip")
		w.Write(bomb.Bytes())
	})
	_, err := c.Echo(ctx(t))
	if e := theError(t, err); e.Kind != wpclient.Transient || e.Code != wpclient.CodeCompressed {
		t.Errorf("%+v", e)
	}
	if asked.Load() != "" {
		t.Errorf("asked for %q", asked.Load())
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// A signed request never leaves for another address.
func TestRedirectIsNotFollowed(t *testing.T) {
	var visits atomic.Int32
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { visits.Add(1) }))
	defer elsewhere.Close()
	for _, status := range []int{301, 302, 303, 307, 308} {
		c := rawClient(t, func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, elsewhere.URL+"/secret-path", status)
		})
		_, err := c.Echo(ctx(t))
		e := theError(t, err)
		if e.Kind != wpclient.Transient || e.Code != wpclient.CodeRedirect || e.Status != status {
			t.Errorf("%d: %+v", status, e)
		}
		if _, err := c.File(ctx(t), wpclient.LeaseRef{JobID: 1}, 0); wpclient.CodeOf(err) != wpclient.CodeRedirect {
			t.Errorf("%d: file: %v", status, err)
		}
	}
	if visits.Load() != 0 {
		t.Errorf("%d visits elsewhere", visits.Load())
	}
}

func TestPlainHTTP(t *testing.T) {
	site := wpclient.Site{Home: "http://site.example", RESTRoot: "http://site.example/wp-json/"}
	reached := errors.New("reached the network")
	never := roundTripper(func(*http.Request) (*http.Response, error) { return nil, reached })
	key := wpclient.Key{KeyID: "ak_0123456789abcdef01234567", Secret: bytes.Repeat([]byte{1}, 64)}
	_, err := clientFor(t, site, key, wpclient.Options{Transport: never}).Echo(ctx(t))
	if e := theError(t, err); e.Kind != wpclient.Insecure || e.Code != wpclient.CodePlainHTTP || errors.Is(err, reached) {
		t.Errorf("%+v", e)
	}
	_, err = clientFor(t, site, key, wpclient.Options{Transport: never, InsecureHTTP: true}).Echo(ctx(t))
	if !errors.Is(err, reached) {
		t.Errorf("insecure_http: %v", err)
	}
	if _, err := wpclient.Discover(ctx(t), "http://site.example", wpclient.Options{Transport: never}); wpclient.KindOf(err) != wpclient.Insecure {
		t.Errorf("discover: %v", err)
	}
	if _, err := wpclient.Join(ctx(t), site, "aidoc1.jt_aaaabbbbccccddddeeeeffff."+strings.Repeat("A", 43), agentInfo(), wpclient.Options{Transport: never}); wpclient.KindOf(err) != wpclient.Insecure {
		t.Errorf("join: %v", err)
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestTimeoutAndCancel(t *testing.T) {
	s := wptest.New(t)
	s.Fault(func(*http.Request) wptest.Fault { return wptest.Fault{Kind: wptest.Hang} })
	_, err := client(t, s, wpclient.Options{Timeout: 30 * time.Millisecond}).Echo(ctx(t))
	if e := theError(t, err); e.Kind != wpclient.Transient || e.Code != wpclient.CodeTimeout || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("timeout: %+v", e)
	}
	_, err = client(t, s, wpclient.Options{Timeout: 30 * time.Millisecond}).File(ctx(t), wpclient.LeaseRef{JobID: 1}, 0)
	if e := theError(t, err); e.Kind != wpclient.Transient || e.Code != wpclient.CodeTimeout {
		t.Errorf("file: %+v", e)
	}
	stopped, cancel := context.WithCancel(context.Background())
	s.Fault(func(*http.Request) wptest.Fault { cancel(); return wptest.Fault{Kind: wptest.Hang} })
	_, err = client(t, s, wpclient.Options{}).Echo(stopped)
	if e := theError(t, err); e.Kind != wpclient.Transient || !errors.Is(err, context.Canceled) {
		t.Errorf("cancel: %+v", e)
	}
}

func TestNoServer(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	url := "http://" + l.Addr().String()
	l.Close()
	key := wpclient.Key{KeyID: "ak_0123456789abcdef01234567", Secret: bytes.Repeat([]byte{1}, 64)}
	_, err = clientFor(t, wpclient.Site{Home: url, RESTRoot: url + "/wp-json/"}, key, wpclient.Options{}).Echo(ctx(t))
	if e := theError(t, err); e.Kind != wpclient.Transient || e.Code != wpclient.CodeUnreachable || !strings.Contains(e.Message, "cannot connect") {
		t.Errorf("%+v", e)
	}
}

// A certificate that is suddenly not accepted is a reason to ask again in the middle of work, and to stop at set-up.
func TestCertificate(t *testing.T) {
	srv := httptest.NewTLSServer(http.NotFoundHandler())
	srv.Config.ErrorLog = quiet()
	defer srv.Close()
	key := wpclient.Key{KeyID: "ak_0123456789abcdef01234567", Secret: bytes.Repeat([]byte{1}, 64)}
	_, err := clientFor(t, wpclient.Site{Home: srv.URL, RESTRoot: srv.URL + "/wp-json/"}, key, wpclient.Options{}).Echo(ctx(t))
	if e := theError(t, err); e.Kind != wpclient.Transient || e.Code != wpclient.CodeTLS {
		t.Errorf("echo: %+v", e)
	}
	_, err = wpclient.Discover(ctx(t), srv.URL, wpclient.Options{})
	if e := theError(t, err); e.Kind != wpclient.Insecure || e.Code != wpclient.CodeTLS || !strings.Contains(e.Message, "unknown authority") {
		t.Errorf("discover: %+v", e)
	}
}

// Two attempts never share a nonce: the site would take the second for a replay.
func TestEveryAttemptHasItsOwnNonce(t *testing.T) {
	var seen []string
	c := rawClient(t, func(w http.ResponseWriter, r *http.Request) {
		seen = append(seen, r.Header.Get("Signature-Input"))
		w.WriteHeader(503)
	})
	for range 3 {
		c.Result(ctx(t), []byte(`{"same":"bytes"}`))
	}
	c.File(ctx(t), wpclient.LeaseRef{JobID: 7}, 0)
	nonces := map[string]bool{}
	for _, s := range seen {
		_, n, _ := strings.Cut(s, `nonce="`)
		nonces[n[:22]] = true
	}
	if len(seen) != 4 || len(nonces) != 4 {
		t.Errorf("%d requests, %d nonces", len(seen), len(nonces))
	}
}

// An answer is verified against the request that was sent, whatever a transport below says it was.
func TestTransportThatForgetsTheRequest(t *testing.T) {
	s := wptest.New(t)
	inner := &http.Transport{DisableKeepAlives: true}
	forgets := roundTripper(func(r *http.Request) (*http.Response, error) {
		resp, err := inner.RoundTrip(r)
		if resp != nil {
			resp.Request = &http.Request{Header: http.Header{}}
		}
		return resp, err
	})
	if _, err := client(t, s, wpclient.Options{Transport: forgets}).Echo(ctx(t)); err != nil {
		t.Error(err)
	}
}

func TestBodyOverTheLimitIsNotSent(t *testing.T) {
	c := rawClient(t, func(http.ResponseWriter, *http.Request) { t.Error("sent") })
	big := strings.Repeat("x", 5<<20)
	if _, err := c.Result(ctx(t), []byte(big)); wpclient.KindOf(err) != wpclient.Invalid || wpclient.CodeOf(err) != wpclient.CodeBodyTooLarge {
		t.Errorf("result: %v", err)
	}
	if _, err := c.Beat(ctx(t), wpclient.BeatRequest{Held: []wpclient.Held{{Note: big[:2<<20]}}}); wpclient.CodeOf(err) != wpclient.CodeBodyTooLarge {
		t.Errorf("beat: %v", err)
	}
	if _, err := wpclient.EncodeResult(wpclient.Result{SummaryMarkdown: big}); wpclient.CodeOf(err) != wpclient.CodeBodyTooLarge {
		t.Errorf("encode: %v", err)
	}
}
