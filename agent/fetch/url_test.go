package fetch

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/internal/netguard/guardtest"
)

func TestHostList(t *testing.T) {
	list := hostList{"files.example.org", "*.cdn.example.net", "s3.example.com:9000", " Mixed.Example.ORG ", "*.", ""}
	for address, want := range map[string]bool{
		"https://files.example.org/a": true, "https://FILES.example.org/": true, "https://files.example.org:443/": true, "https://files.example.org./": true,
		"https://a.cdn.example.net/": true, "https://a.b.cdn.example.net/": true, "https://s3.example.com:9000/": true, "https://mixed.example.org/": true,
		"https://example.org/": false, "https://evil-files.example.org/": false, "https://files.example.org.evil.com/": false,
		"https://files.example.org:8443/": false, "https://cdn.example.net/": false, "https://xcdn.example.net/": false, "https://s3.example.com/": false,
		"http://files.example.org/": false, "https://user:pw@files.example.org/": false, "https://files.example.org@evil.com/": false,
		"https://evil.com/files.example.org": false, "https://evil.com#files.example.org": false, "ftp://files.example.org/": false,
		"https://": false, "file:///etc/passwd": false, "https://./": false, "https://127.0.0.1/": false,
	} {
		u, err := url.Parse(address)
		if err != nil {
			continue
		}
		if got := list.check(u) == nil; got != want {
			t.Errorf("%s: %v", address, got)
		}
	}
	if u, _ := url.Parse("https://files.example.org/"); hostList(nil).check(u) == nil {
		t.Error("an empty list allows something")
	}
}

// web is a TLS server and a client that may dial it.
func web(t *testing.T, h http.HandlerFunc) (*httptest.Server, *URLs) {
	t.Helper()
	srv := httptest.NewUnstartedServer(h)
	srv.Config.ErrorLog = quietLog()
	srv.StartTLS()
	t.Cleanup(srv.Close)
	u := NewURLs(URLOptions{AllowHosts: []string{srv.Listener.Addr().String()}, RootCAs: roots(srv),
		allowAddr: func(a netip.Addr) bool { return a.IsLoopback() }})
	t.Cleanup(u.Close)
	return srv, u
}

func fetchURL(t *testing.T, u *URLs, address string, data []byte) (File, error) {
	t.Helper()
	open, err := u.Opener(address)
	if err != nil {
		return File{}, err
	}
	return Fetch(context.Background(), Request{Open: open, Dir: filepath.Join(t.TempDir(), "job"), SHA256: digest(data), MaxBytes: 1 << 20,
		Tries: 3, Wait: func(context.Context, int) error { return nil }})
}

func TestURL(t *testing.T) {
	data := document(300_000)
	var calls atomic.Int32
	srv, u := web(t, func(w http.ResponseWriter, r *http.Request) {
		for _, h := range []string{"Authorization", "Cookie", "Referer", "Signature"} {
			if r.Header.Get(h) != "" {
				t.Errorf("sent %s", h)
			}
		}
		w.Header().Set("ETag", `"v1"`)
		if calls.Add(1) == 1 {
			w.Header().Set("Content-Length", fmt.Sprint(len(data)))
			w.Write(data[:100_000])
			w.(http.Flusher).Flush()
			panic(http.ErrAbortHandler)
		}
		if r.Header.Get("If-Range") != `"v1"` || !strings.HasPrefix(r.Header.Get("Range"), "bytes=") || r.Header.Get("Range") == "bytes=0-" {
			t.Errorf("resumed with %v", r.Header)
		}
		http.ServeContent(w, r, "", modified, strings.NewReader(string(data)))
	})
	f, err := fetchURL(t, u, srv.URL+"/a.pdf?X-Amz-Signature=abc", data)
	if err != nil || f.Bytes != 300_000 || calls.Load() != 2 {
		t.Fatalf("%+v, %v, %d calls", f, err, calls.Load())
	}
	if got, _ := os.ReadFile(f.Path); string(got) != string(data) {
		t.Error("other bytes")
	}
}

// Without a strong ETag two halves might be of two versions: the download starts again.
func TestURLWithoutETagStartsAgain(t *testing.T) {
	data := document(300_000)
	var calls atomic.Int32
	srv, u := web(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Range") != "" {
			t.Error("asked for a part")
		}
		w.Header().Set("ETag", `W/"v1"`)
		w.Header().Set("Content-Length", fmt.Sprint(len(data)))
		if calls.Add(1) == 1 {
			w.Write(data[:100_000])
			panic(http.ErrAbortHandler)
		}
		w.Write(data)
	})
	if _, err := fetchURL(t, u, srv.URL, data); err != nil || calls.Load() != 2 {
		t.Errorf("%v, %d calls", err, calls.Load())
	}
}

func TestURLStatus(t *testing.T) {
	for status, want := range map[int]struct {
		code      Code
		transient bool
	}{404: {CodeNotFound, false}, 410: {CodeNotFound, false}, 403: {CodeDenied, true}, 401: {CodeDenied, true}, 400: {CodeRefused, false},
		500: {CodeTransfer, true}, 503: {CodeTransfer, true}, 429: {CodeTransfer, true}, 206: {CodeTransfer, true}, 204: {CodeRefused, false}} {
		srv, u := web(t, func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(status) })
		_, err := fetchURL(t, u, srv.URL+"/secret?sig=s3cr3t", nil)
		var e *Error
		if !errors.As(err, &e) || e.Code != want.code || e.Retryable() != want.transient || strings.Contains(err.Error(), "s3cr3t") {
			t.Errorf("%d: %v", status, err)
		}
	}
}

func TestURLRedirects(t *testing.T) {
	data := document(100)
	var visits atomic.Int32
	evil := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { visits.Add(1) }))
	defer evil.Close()
	srv, u := web(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Referer") != "" {
			t.Error("told where it came from")
		}
		switch {
		case strings.HasPrefix(r.URL.Path, "/hops/"):
			n := strings.TrimPrefix(r.URL.Path, "/hops/")
			if n == "" {
				w.Write(data)
				return
			}
			http.Redirect(w, r, "/hops/"+n[1:], 302)
		case r.URL.Path == "/evil":
			http.Redirect(w, r, evil.URL+"/x", 307)
		case r.URL.Path == "/plain":
			http.Redirect(w, r, strings.Replace("http://"+r.Host, "https", "http", 1), 302)
		case r.URL.Path == "/metadata":
			http.Redirect(w, r, "https://169.254.169.254/latest/meta-data/", 302)
		case r.URL.Path == "/file":
			http.Redirect(w, r, "file:///etc/passwd", 302)
		case r.URL.Path == "/user":
			http.Redirect(w, r, "https://u:p@"+r.Host+"/", 302)
		}
	})
	if _, err := fetchURL(t, u, srv.URL+"/hops/xxx", data); err != nil {
		t.Errorf("three redirects: %v", err)
	}
	for _, path := range []string{"/hops/xxxx", "/evil", "/plain", "/metadata", "/file", "/user"} {
		_, err := fetchURL(t, u, srv.URL+path, data)
		var e *Error
		if !errors.As(err, &e) || e.Code != CodeNotAllowed || e.Retryable() {
			t.Errorf("%s: %v", path, err)
		}
	}
	if visits.Load() != 0 {
		t.Error("visited the other host")
	}
}

// The guard looks at the address that is dialled, whatever the name said before.
func TestDialGuard(t *testing.T) {
	var visits atomic.Int32
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { visits.Add(1); w.Write([]byte("inside")) }))
	srv.Config.ErrorLog = quietLog()
	srv.StartTLS()
	defer srv.Close()
	_, port, _ := net.SplitHostPort(srv.Listener.Addr().String())
	for name, c := range map[string]struct {
		answers []string
		allow   func(netip.Addr) bool
		ok      bool
	}{
		"loopback":                       {[]string{"127.0.0.1"}, nil, false},
		"metadata":                       {[]string{"169.254.169.254"}, nil, false},
		"private":                        {[]string{"10.0.0.1", "192.168.0.1"}, nil, false},
		"two answers, both inside":       {[]string{"10.0.0.1", "127.0.0.1"}, nil, false},
		"control group: loopback may be": {[]string{"127.0.0.1"}, netip.Addr.IsLoopback, true},
	} {
		t.Run(name, func(t *testing.T) {
			visits.Store(0)
			u := NewURLs(URLOptions{AllowHosts: []string{"example.com:" + port}, RootCAs: roots(srv), allowAddr: c.allow, resolver: guardtest.Resolver(t, c.answers)})
			defer u.Close()
			_, err := fetchURL(t, u, "https://example.com:"+port+"/", []byte("inside"))
			var e *Error
			switch {
			case c.ok && (err != nil || visits.Load() != 1):
				t.Errorf("%v", err)
			case !c.ok && (!errors.As(err, &e) || e.Code != CodeNotAllowed || e.Retryable() || visits.Load() != 0):
				t.Errorf("%v, %d visits", err, visits.Load())
			}
		})
	}
}

// A name that is public at the first lookup and private at the second, for a transfer that broke in between.
func TestRebinding(t *testing.T) {
	var visits atomic.Int32
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		visits.Add(1)
		panic(http.ErrAbortHandler)
	}))
	srv.Config.ErrorLog = quietLog()
	srv.StartTLS()
	defer srv.Close()
	_, port, _ := net.SplitHostPort(srv.Listener.Addr().String())
	outside := netip.MustParseAddr("127.0.0.1") // plays the public address
	u := NewURLs(URLOptions{AllowHosts: []string{"example.com:" + port}, RootCAs: roots(srv),
		allowAddr: func(a netip.Addr) bool { return a == outside }, resolver: guardtest.Resolver(t, []string{"127.0.0.1"}, []string{"127.0.0.2"})})
	defer u.Close()
	_, err := fetchURL(t, u, "https://example.com:"+port+"/", []byte("x"))
	var e *Error
	if !errors.As(err, &e) || e.Code != CodeNotAllowed || visits.Load() != 1 {
		t.Errorf("%v, %d visits", err, visits.Load())
	}
}
