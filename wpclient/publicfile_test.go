package wpclient_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

const minutes = "The council met on Tuesday."

func publicLease(address string) wpclient.Lease {
	sum := sha256.Sum256([]byte(minutes))
	return wpclient.Lease{JobID: 1, Epoch: 1, Bytes: int64(len(minutes)), SHA256: hex.EncodeToString(sum[:]), Source: wpclient.Source{Kind: "site", URL: address}}
}

func TestPublicFile(t *testing.T) {
	c := rawClient(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Signature") != "" || r.Header.Get("Cookie") != "" || r.Header.Get("X-Aidoc-Lease") != "" {
			t.Errorf("sent credentials: %v", r.Header)
		}
		if r.URL.Path != "/wp-content/uploads/Übersicht 1.txt" {
			t.Errorf("asked for %q", r.URL.Path)
		}
		io.WriteString(w, minutes)
	})
	f, ok := c.PublicFile(ctx(t), publicLease(c.Site().Home+"/wp-content/uploads/%C3%9Cbersicht%201.txt"))
	if !ok {
		t.Fatal("not opened")
	}
	defer f.Close()
	if data, err := io.ReadAll(f); err != nil || string(data) != minutes || f.Total != int64(len(minutes)) || f.Offset != 0 {
		t.Errorf("%q, %+v, %v", data, f, err)
	}
}

// What a lease does not name, or names elsewhere, is not asked for; neither is what could not be known again.
func TestPublicFileIsOnlyTheSitesOwn(t *testing.T) {
	c := rawClient(t, func(http.ResponseWriter, *http.Request) { t.Error("asked") })
	home := c.Site().Home
	change := func(f func(l *wpclient.Lease)) wpclient.Lease {
		l := publicLease(home + "/a.txt")
		f(&l)
		return l
	}
	for what, l := range map[string]wpclient.Lease{
		"no address":        publicLease(""),
		"another port":      publicLease("http://127.0.0.1:1/a.txt"),
		"another scheme":    publicLease(strings.Replace(home, "http:", "https:", 1) + "/a.txt"),
		"a file":            publicLease("file:///etc/passwd"),
		"another kind":      change(func(l *wpclient.Lease) { l.Source.Kind = "url" }),
		"no digest":         change(func(l *wpclient.Lease) { l.SHA256 = "" }),
		"no size":           change(func(l *wpclient.Lease) { l.Bytes = 0 }),
		"not even readable": publicLease(home + "/%zz"),
	} {
		if _, ok := c.PublicFile(ctx(t), l); ok {
			t.Errorf("%s: opened", what)
		}
	}
	plain := clientFor(t, wpclient.Site{Home: "http://www.example.org", RESTRoot: "http://www.example.org/wp-json/"}, wpclient.Key{}, wpclient.Options{})
	if _, ok := plain.PublicFile(ctx(t), publicLease("http://www.example.org/a.txt")); ok {
		t.Error("plain http: opened")
	}
}

// A site that is left alone stays so when the agent's key is changed.
func TestAnotherKeyAsksNoSoonerForPublicFiles(t *testing.T) {
	var asked atomic.Int32
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		w.WriteHeader(403)
	}))
	t.Cleanup(srv.Close)
	c := clientFor(t, wpclient.Site{Home: srv.URL, RESTRoot: srv.URL + "/wp-json/"}, wpclient.Key{KeyID: "old"}, wpclient.Options{})
	for range 2 {
		if _, ok := c.PublicFile(ctx(t), publicLease(srv.URL+"/a.txt")); ok || asked.Load() != 1 {
			t.Fatalf("opened: %v, asked %d times", ok, asked.Load())
		}
		c = c.WithKey(wpclient.Key{KeyID: "new"})
	}
	if c.KeyID() != "new" || c.Site().Home != srv.URL {
		t.Errorf("the key is %s, the site %s", c.KeyID(), c.Site().Home)
	}
}

// Where a site's files are not open they are not asked for again for a while; where its server is only busy, for a short one.
func TestPublicFileLeavesASiteAlone(t *testing.T) {
	flipped := strings.Replace(minutes, "Tuesday", "Tuesdax", 1)
	for what, test := range map[string]struct {
		answer http.HandlerFunc
		opens  bool
		pause  time.Duration
	}{
		"forbidden": {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(403) }, false, time.Hour},
		"redirect":  {func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/wp-login.php", 302) }, false, time.Hour},
		"a page in its place": {func(w http.ResponseWriter, _ *http.Request) {
			io.WriteString(w, "<!DOCTYPE html><title>Log in</title>")
		}, false, time.Hour},
		"compressed": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "br")
			io.WriteString(w, minutes)
		}, false, time.Hour},
		"busy":         {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(503) }, false, time.Minute},
		"too often":    {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(429) }, false, time.Minute},
		"another file": {func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, flipped) }, true, time.Hour},
		"broken off": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "27")
			io.WriteString(w, minutes[:9])
		}, true, time.Minute},
	} {
		t.Run(what, func(t *testing.T) {
			var asked atomic.Int32
			now := time.Now()
			srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				asked.Add(1)
				test.answer(w, r)
			}))
			t.Cleanup(srv.Close)
			c := clientFor(t, wpclient.Site{Home: srv.URL, RESTRoot: srv.URL + "/wp-json/"}, wpclient.Key{}, wpclient.Options{Now: func() time.Time { return now }})
			try := func() bool {
				f, ok := c.PublicFile(ctx(t), publicLease(c.Site().Home+"/a.txt"))
				if ok {
					if _, err := io.ReadAll(f); !wpclient.IsTransient(err) {
						t.Errorf("read to its end: %v", err)
					}
					f.Close()
				}
				return ok
			}
			if try() != test.opens {
				t.Fatalf("opened: %v", !test.opens)
			}
			now = now.Add(test.pause - time.Second)
			if try() || asked.Load() != 1 {
				t.Errorf("asked %d times within the pause", asked.Load())
			}
			now = now.Add(2 * time.Second)
			if try(); asked.Load() != 2 {
				t.Errorf("asked %d times, not again after the pause", asked.Load())
			}
		})
	}
}

// A caller who gives up says nothing about the site.
func TestPublicFileStopped(t *testing.T) {
	stopped, stop := context.WithCancel(ctx(t))
	c := rawClient(t, func(w http.ResponseWriter, r *http.Request) {
		if stopped.Err() == nil {
			stop()
			<-r.Context().Done()
			return
		}
		io.WriteString(w, minutes)
	})
	lease := publicLease(c.Site().Home + "/a.txt")
	if _, ok := c.PublicFile(stopped, lease); ok {
		t.Fatal("opened")
	}
	f, ok := c.PublicFile(ctx(t), lease)
	if !ok {
		t.Fatal("not asked again")
	}
	defer f.Close()
	if _, err := io.ReadAll(f); err != nil {
		t.Error(err)
	}
}
