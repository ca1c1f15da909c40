package wpclient_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient/wptest"
)

const soon = time.Millisecond

// fakeFront is a web site whose answers a test spells out by path and query; %s becomes its own address.
type fakeFront map[string]func(w http.ResponseWriter, r *http.Request)

func (f fakeFront) start(t *testing.T) string {
	t.Helper()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		key := r.URL.Path
		if q.Has("rest_route") {
			key += "?rest_route=" + q.Get("rest_route")
		}
		if h := f[key]; h != nil {
			h(w, r)
			return
		}
		http.NotFound(w, r)
	}))
	t.Cleanup(srv.Close)
	return srv.URL
}

func text(status int, header, body string) func(http.ResponseWriter, *http.Request) {
	return func(w http.ResponseWriter, r *http.Request) {
		self := "http://" + r.Host
		if name, value, ok := strings.Cut(header, ": "); ok {
			w.Header().Set(name, strings.ReplaceAll(value, "%s", self))
		}
		w.WriteHeader(status)
		fmt.Fprint(w, strings.ReplaceAll(body, "%s", self))
	}
}

const (
	indexJSON   = `{"name":"Wörld","home":"%s","url":"%s","namespaces":["wp/v2","aidoc/v1"]}`
	indexNoAi   = `{"name":"W","home":"%s","url":"%s","namespaces":["wp/v2"]}`
	folderIndex = `{"name":"W","home":"%s/blog/","url":"%s/blog/wp","namespaces":["aidoc/v1"]}`
)

func TestDiscoverFinds(t *testing.T) {
	ok := text(200, "Content-Type: application/json", indexJSON)
	for name, c := range map[string]struct {
		front fakeFront
		path  string
		want  wpclient.Site // %s stands for the server
	}{
		"Link header": {fakeFront{"/": text(200, `Link: <%s/api/>; rel="https://api.w.org/"`, ""), "/api/": ok}, "",
			wpclient.Site{Home: "%s", RESTRoot: "%s/api/", Name: "Wörld"}},
		"Link header among others": {fakeFront{"/": text(200, `Link: <%s/x>; rel="shortlink", <%s/api/>; title="a, b"; rel="https://api.w.org/"`, ""), "/api/": ok}, "",
			wpclient.Site{Home: "%s", RESTRoot: "%s/api/", Name: "Wörld"}},
		"Link header unquoted and relative": {fakeFront{"/": text(200, `Link: </api/>; rel=https://api.w.org/`, ""), "/api/": ok}, "",
			wpclient.Site{Home: "%s", RESTRoot: "%s/api/", Name: "Wörld"}},
		"link element of a cached page": {fakeFront{"/": text(200, "", `<html><head><link rel='https://api.w.org/' href='%s/api/' /></head>`), "/api/": ok}, "",
			wpclient.Site{Home: "%s", RESTRoot: "%s/api/", Name: "Wörld"}},
		"nothing named, usual place": {fakeFront{"/": text(200, "", "hello"), "/wp-json/": ok}, "",
			wpclient.Site{Home: "%s", RESTRoot: "%s/wp-json/", Name: "Wörld"}},
		"nothing named, plain permalinks": {fakeFront{"/": text(200, "", "hello"), "/?rest_route=/": ok}, "",
			wpclient.Site{Home: "%s", RESTRoot: "%s/?rest_route=/", PlainPermalinks: true, Name: "Wörld"}},
		"index.php in the root": {fakeFront{"/": text(200, `Link: <%s/index.php?rest_route=/>; rel="https://api.w.org/"`, ""), "/index.php?rest_route=/": ok}, "",
			wpclient.Site{Home: "%s", RESTRoot: "%s/index.php?rest_route=/", PlainPermalinks: true, Name: "Wörld"}},
		"named root blocked, plain one open": {fakeFront{"/": text(200, "", ""), "/wp-json/": text(403, "", "no"), "/?rest_route=/": ok}, "",
			wpclient.Site{Home: "%s", RESTRoot: "%s/?rest_route=/", PlainPermalinks: true, Name: "Wörld"}},
		"front page is a 404": {fakeFront{"/wp-json/": ok}, "", wpclient.Site{Home: "%s", RESTRoot: "%s/wp-json/", Name: "Wörld"}},
		"front page redirects": {fakeFront{"/": func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/en/", 302) },
			"/en/": text(200, `Link: <%s/wp-json/>; rel="https://api.w.org/"`, ""), "/wp-json/": ok}, "",
			wpclient.Site{Home: "%s", RESTRoot: "%s/wp-json/", Name: "Wörld"}},
		"in a folder, core in another": {fakeFront{"/blog/": text(200, `Link: <%s/blog/wp-json/>; rel="https://api.w.org/"`, ""),
			"/blog/wp-json/": text(200, "", folderIndex)}, "/blog",
			wpclient.Site{Home: "%s/blog", RESTRoot: "%s/blog/wp-json/", Name: "W"}},
		"a front page of 3 MB": {fakeFront{"/": text(200, "", strings.Repeat("x", 3<<20)), "/wp-json/": ok}, "",
			wpclient.Site{Home: "%s", RESTRoot: "%s/wp-json/", Name: "Wörld"}},
	} {
		t.Run(name, func(t *testing.T) {
			url := c.front.start(t)
			got, err := wpclient.Discover(ctx(t), url+c.path, wpclient.Options{RetryWait: soon})
			want := c.want
			want.Home, want.RESTRoot = strings.Replace(want.Home, "%s", url, 1), strings.Replace(want.RESTRoot, "%s", url, 1)
			if err != nil || got != want {
				t.Errorf("got %+v, %v\nwant %+v", got, err, want)
			}
		})
	}
}

func TestDiscoverRefuses(t *testing.T) {
	html := text(200, "Content-Type: text/html", "<html><title>Welcome</title>hello")
	for name, c := range map[string]struct {
		front fakeFront
		kind  wpclient.Kind
		code  string
		says  string
	}{
		"not WordPress":            {fakeFront{"/": html}, wpclient.NotWordPress, "", "does not look like a WordPress"},
		"everything is one page":   {fakeFront{"/": html, "/wp-json/": html, "/?rest_route=/": html}, wpclient.NotWordPress, "", "does not look like a WordPress"},
		"some other JSON API":      {fakeFront{"/": html, "/wp-json/": text(200, "", `{"name":"x"}`)}, wpclient.NotWordPress, "", "does not look like a WordPress"},
		"home is no address":       {fakeFront{"/wp-json/": text(200, "", `{"home":"javascript:1","namespaces":["aidoc/v1"]}`)}, wpclient.NotWordPress, "", "WordPress"},
		"plugin inactive":          {fakeFront{"/": html, "/wp-json/": text(200, "", indexNoAi)}, wpclient.PluginInactive, "", "activate"},
		"REST for users only":      {fakeFront{"/": html, "/wp-json/": text(401, "", `{"code":"rest_not_logged_in","message":"x"}`), "/?rest_route=/": text(401, "", `{"code":"rest_not_logged_in"}`)}, wpclient.Refused, wpclient.CodeRESTBlocked, "rest_not_logged_in"},
		"REST blocked by firewall": {fakeFront{"/": html, "/wp-json/": text(403, "", "<title>Blocked</title>"), "/?rest_route=/": text(403, "", "")}, wpclient.Refused, wpclient.CodeRESTBlocked, "allow /wp-json/aidoc/v1/"},
		"login wall":               {fakeFront{"/": text(401, "", "<title>Staging</title>")}, wpclient.Refused, wpclient.CodeRESTBlocked, "Staging"},
		"site broken":              {fakeFront{"/": text(500, "", ""), "/wp-json/": text(500, "", "<title>Critical Error</title>")}, wpclient.Transient, "", "Critical Error"},
		"maintenance":              {fakeFront{"/": text(503, "", ""), "/wp-json/": text(503, "", "")}, wpclient.Transient, "", "later"},
		"redirects in a circle":    {fakeFront{"/": func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/", 302) }}, wpclient.NotWordPress, wpclient.CodeRedirect, "circle"},
		"an index of 9 MB":         {fakeFront{"/wp-json/": text(200, "", `{"home":"%s","namespaces":["aidoc/v1"],"x":"`+strings.Repeat("x", 9<<20)+`"}`)}, wpclient.NotWordPress, "", "WordPress"},
	} {
		t.Run(name, func(t *testing.T) {
			url := c.front.start(t)
			_, err := wpclient.Discover(ctx(t), url, wpclient.Options{RetryWait: soon})
			e := theError(t, err)
			if e.Kind != c.kind || e.Code != c.code || !strings.Contains(e.Message, c.says) || !strings.Contains(e.Message, "127.0.0.1") {
				t.Errorf("%+v", e)
			}
		})
	}
}

func TestDiscoverPluginInactive(t *testing.T) {
	s := wptest.New(t)
	s.SetPluginActive(false)
	if _, err := wpclient.Discover(ctx(t), s.URL(), wpclient.Options{}); wpclient.KindOf(err) != wpclient.PluginInactive {
		t.Errorf("%v", err)
	}
	// In the middle of work the same is Transient: plugins are switched off and on for updates.
	_, err := client(t, s, wpclient.Options{}).Echo(ctx(t))
	if e := theError(t, err); e.Kind != wpclient.Transient || e.Code != "rest_no_route" || !strings.Contains(e.Message, "activate") {
		t.Errorf("%+v", e)
	}
}

func TestDiscoverRetriesWhatPasses(t *testing.T) {
	var tries atomic.Int32
	flaky := func(h func(http.ResponseWriter, *http.Request)) func(http.ResponseWriter, *http.Request) {
		return func(w http.ResponseWriter, r *http.Request) {
			switch tries.Add(1) {
			case 1:
				w.WriteHeader(503)
			case 2:
				panic(http.ErrAbortHandler)
			default:
				h(w, r)
			}
		}
	}
	front := fakeFront{"/": text(200, "", ""), "/wp-json/": flaky(text(200, "", indexJSON))}
	if _, err := wpclient.Discover(ctx(t), front.start(t), wpclient.Options{RetryWait: soon}); err != nil || tries.Load() != 3 {
		t.Errorf("%v after %d tries", err, tries.Load())
	}
}

func TestDiscoverStopsWhenToldTo(t *testing.T) {
	stop, cancel := context.WithCancel(context.Background())
	front := fakeFront{"/": func(w http.ResponseWriter, r *http.Request) { cancel(); w.WriteHeader(503) }}
	_, err := wpclient.Discover(stop, front.start(t), wpclient.Options{RetryWait: time.Hour})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

// An upgrade to https is another origin, too: the operator writes it down, and then no plain request is ever made.
func TestDiscoverAcrossSchemes(t *testing.T) {
	plain := fakeFront{"/": text(200, "", ""), "/wp-json/": text(200, "", indexJSON)}.start(t)
	secure := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/down/":
			http.Redirect(w, r, plain+"/", http.StatusMovedPermanently)
		case "/wp-json/":
			fmt.Fprintf(w, `{"home":"https://%s","namespaces":["aidoc/v1"]}`, r.Host)
		}
	}))
	defer secure.Close()
	up := fakeFront{"/": func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, secure.URL+"/", http.StatusMovedPermanently)
	}}.start(t)
	opt := wpclient.Options{Transport: secure.Client().Transport, RetryWait: soon}
	if _, err := wpclient.Discover(ctx(t), up, opt); wpclient.CodeOf(err) != wpclient.CodeOtherOrigin || !strings.Contains(err.Error(), "put "+secure.URL) {
		t.Errorf("http to https: %v", err)
	}
	site, err := wpclient.Discover(ctx(t), secure.URL, opt)
	if err != nil || site.Home != secure.URL || site.RESTRoot != secure.URL+"/wp-json/" {
		t.Errorf("https: %+v, %v", site, err)
	}
	if _, err := wpclient.Discover(ctx(t), secure.URL+"/down", opt); wpclient.KindOf(err) != wpclient.Insecure {
		t.Errorf("https to http: %v", err)
	}
}

func TestDiscoverUnreachable(t *testing.T) {
	srv := httptest.NewServer(http.NotFoundHandler())
	url := srv.URL
	srv.Close()
	_, err := wpclient.Discover(ctx(t), url, wpclient.Options{RetryWait: soon})
	if e := theError(t, err); e.Kind != wpclient.Transient || e.Code != wpclient.CodeUnreachable {
		t.Errorf("%+v", e)
	}
	if _, err := wpclient.Discover(ctx(t), "no address", wpclient.Options{}); wpclient.KindOf(err) != wpclient.NotWordPress {
		t.Errorf("%v", err)
	}
}
