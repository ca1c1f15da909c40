package cli

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/agent/config"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient/wptest"
)

// stored reads the one key file of a data folder, changes it if asked to, and returns it.
func stored(t *testing.T, dir string, change func(*config.SiteKey)) config.SiteKey {
	t.Helper()
	files, _ := filepath.Glob(filepath.Join(dir, "sites", "*.json"))
	if len(files) != 1 {
		t.Fatalf("key files: %v", files)
	}
	key, err := config.LoadKey(files[0])
	if err != nil {
		t.Fatal(err)
	}
	if change != nil {
		change(&key)
		if err := config.SaveKey(files[0], key); err != nil {
			t.Fatal(err)
		}
	}
	return key
}

func emptyLease() wpclient.LeaseRequest {
	return wpclient.LeaseRequest{RequestID: "00000000-0000-4000-8000-000000000001", Capabilities: wpclient.Capabilities{MIMEs: []string{}, OCRLanguages: []string{}}}
}

// TestJoinKeepsTheSignedRoot: the page said one thing, the signed answer another of the same site; the answer is kept.
func TestJoinKeepsTheSignedRoot(t *testing.T) {
	t.Parallel()
	site := wptest.New(t)
	site.SetRESTRoot(site.URL() + "/?rest_route=/")
	got := stored(t, joined(t, site), nil)
	if got.RESTRoot != site.URL()+"/?rest_route=/" || !got.PlainPermalinks || got.RootFrom != config.RootSigned {
		t.Errorf("%+v", got)
	}
	site.SetRESTRoot("https://evil.example/wp-json/")
	got = stored(t, joined(t, site), nil)
	if got.RESTRoot != site.Site().RESTRoot || got.RootFrom != config.RootSigned {
		t.Errorf("%+v", got)
	}
}

// TestJoinBehindAPoisonedFrontPage: the stranger that the page names hears nothing, no key is made, the sentence names both.
func TestJoinBehindAPoisonedFrontPage(t *testing.T) {
	t.Parallel()
	var visits atomic.Int32
	stranger := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { visits.Add(1) }))
	defer stranger.Close()
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Link", "<"+stranger.URL+`/wp-json/>; rel="https://api.w.org/"`)
	}))
	defer front.Close()
	dir := t.TempDir()
	code, _, errs := cmd(t, dir, "join", front.URL, "aidoc1.jt_000000000000000000000000."+strings.Repeat("A", 43))
	if code != exitRefused || visits.Load() != 0 || !strings.Contains(errs, stranger.URL) || !strings.Contains(errs, front.URL) || !strings.Contains(errs, "--rest-root") {
		t.Errorf("exit %d, %d visits: %s", code, visits.Load(), errs)
	}
}

// TestJoinWithTheOperatorsRoot: the site lies behind another address that only the operator knows.
func TestJoinWithTheOperatorsRoot(t *testing.T) {
	t.Parallel()
	site := wptest.New(t)
	var visits atomic.Int32
	way := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		visits.Add(1)
		site.ServeHTTP(w, r)
	}))
	defer way.Close()
	dir := t.TempDir()
	if code, _, errs := cmd(t, dir, "join", site.URL(), site.NewToken(), "--rest-root", way.URL+"/wp-json/"); code != exitOK {
		t.Fatal(errs)
	}
	if got := stored(t, dir, nil); got.RESTRoot != way.URL+"/wp-json/" || got.RootFrom != config.RootOperator || got.Site != site.URL() {
		t.Errorf("%+v", got)
	}
	visits.Store(0)
	if _, err := connected(t, dir).Lease(t.Context(), emptyLease()); err != nil || visits.Load() != 1 {
		t.Errorf("%v, %d visits", err, visits.Load())
	}
}

// TestAnOldKeyFileIsConfirmed: its root came from an unsigned page. The site is asked before anything else is sent.
func TestAnOldKeyFileIsConfirmed(t *testing.T) {
	t.Parallel()
	for name, old := range map[string]func(*wptest.Site) string{
		"as it is":      func(s *wptest.Site) string { return s.Site().RESTRoot },
		"another form":  func(s *wptest.Site) string { return s.URL() + "/?rest_route=/" },
		"out of date":   func(s *wptest.Site) string { return s.URL() + "/rest-of-last-year/" },
		"poisoned":      func(*wptest.Site) string { return "http://127.0.0.1:1/wp-json/" },
		"none":          func(*wptest.Site) string { return "" },
		"not a root":    func(*wptest.Site) string { return "%zz" },
		"of the clouds": func(*wptest.Site) string { return "http://169.254.169.254/wp-json/" },
	} {
		t.Run(name, func(t *testing.T) {
			site := wptest.New(t)
			dir := joined(t, site)
			stored(t, dir, func(k *config.SiteKey) { k.RESTRoot, k.RootFrom = old(site), "" })
			before := len(site.Requests())
			c := connected(t, dir)
			for range 2 {
				if _, err := c.Lease(t.Context(), emptyLease()); err != nil {
					t.Fatal(err)
				}
			}
			var routes []string
			for _, r := range site.Requests()[before:] {
				if r.Status == 200 {
					routes = append(routes, r.Route[len("/aidoc/v1/"):])
				}
			}
			if n := len(routes); n < 3 || n > 4 || routes[0] != "echo" || routes[n-2] != "lease" || routes[n-1] != "lease" {
				t.Errorf("asked %v", routes)
			}
			if got := stored(t, dir, nil); got.RESTRoot != site.Site().RESTRoot || got.RootFrom != config.RootSigned {
				t.Errorf("kept %+v", got)
			}
		})
	}
}

// TestAMovedRESTInterfaceIsFound: after some leases without an answer the site is looked for, and what it says itself is kept.
func TestAMovedRESTInterfaceIsFound(t *testing.T) {
	t.Parallel()
	site := wptest.New(t)
	dir := joined(t, site)
	stored(t, dir, func(k *config.SiteKey) { k.RESTRoot = site.URL() + "/rest-of-last-year/" })
	c := connected(t, dir)
	for range lookAgainAfter {
		if _, err := c.Lease(t.Context(), emptyLease()); err == nil {
			t.Fatal("the old address still answers")
		}
	}
	if _, err := c.Lease(t.Context(), emptyLease()); err != nil {
		t.Errorf("the new address was not found: %v", err)
	}
	if got := stored(t, dir, nil); got.RESTRoot != site.Site().RESTRoot {
		t.Errorf("kept %+v", got)
	}
}

// TestAMoveToAPlaceOnlyThePageNames: the page is a hint. What is kept is what the site signs.
func TestAMoveToAPlaceOnlyThePageNames(t *testing.T) {
	t.Parallel()
	site := wptest.New(t)
	dir := joined(t, site)
	front := httptest.NewServer(nil)
	defer front.Close()
	front.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path, ok := strings.CutPrefix(r.URL.Path, "/api/")
		switch {
		case r.URL.Path == "/" && !r.URL.Query().Has("rest_route"):
			w.Header().Set("Link", `</api/>; rel="https://api.w.org/"`)
		case ok && path == "":
			fmt.Fprintf(w, `{"name":"W","home":%q,"namespaces":["aidoc/v1"]}`, front.URL)
		case ok:
			r.URL.Path = "/wp-json/" + path
			site.ServeHTTP(w, r)
		default:
			http.NotFound(w, r)
		}
	})
	site.SetHome(front.URL)
	site.SetRESTRoot(front.URL + "/api/")
	stored(t, dir, func(k *config.SiteKey) { k.Site, k.RESTRoot = front.URL, front.URL+"/wp-json/" })
	c := connected(t, dir)
	for range lookAgainAfter {
		c.Lease(t.Context(), emptyLease())
	}
	if _, err := c.Lease(t.Context(), emptyLease()); err != nil {
		t.Errorf("not found: %v", err)
	}
	if got := stored(t, dir, nil); got.RESTRoot != front.URL+"/api/" || got.RootFrom != config.RootSigned {
		t.Errorf("kept %+v", got)
	}
}

// A key file says in words whose root it holds.
func TestKeyFileFields(t *testing.T) {
	t.Parallel()
	dir := joined(t, wptest.New(t))
	files, _ := filepath.Glob(filepath.Join(dir, "sites", "*.json"))
	raw, err := os.ReadFile(files[0])
	var m map[string]any
	if err != nil || json.Unmarshal(raw, &m) != nil || m["rest_root_from"] != "site" {
		t.Errorf("%v %s", err, raw)
	}
}
