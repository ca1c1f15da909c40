package wpclient_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

// TestPoisonedDiscovery: whatever an unsigned page says, nothing but the site's own origin is asked.
func TestPoisonedDiscovery(t *testing.T) {
	var visits atomic.Int32
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		visits.Add(1)
		text(200, "", indexJSON)(w, r)
	}))
	defer other.Close()
	to := func(path string) func(http.ResponseWriter, *http.Request) {
		return func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, other.URL+path, http.StatusFound) }
	}
	foreignHome := strings.ReplaceAll(indexJSON, "%s", other.URL)
	for name, c := range map[string]struct {
		front fakeFront
		says  string
	}{
		"Link header":             {fakeFront{"/": text(200, `Link: <`+other.URL+`/wp-json/>; rel="https://api.w.org/"`, "")}, other.URL},
		"link element":            {fakeFront{"/": text(200, "", `<link rel="https://api.w.org/" href="`+other.URL+`/wp-json/">`)}, other.URL},
		"without a scheme":        {fakeFront{"/": text(200, `Link: <//`+strings.TrimPrefix(other.URL, "http://")+`/wp-json/>; rel="https://api.w.org/"`, "")}, other.URL},
		"this machine":            {fakeFront{"/": text(200, `Link: <http://127.0.0.1:1/wp-json/>; rel="https://api.w.org/"`, "")}, "http://127.0.0.1:1"},
		"the cloud's credentials": {fakeFront{"/": text(200, `Link: <http://169.254.169.254/latest/>; rel="https://api.w.org/"`, "")}, "http://169.254.169.254"},
		"https of another origin": {fakeFront{"/": text(200, `Link: <https://evil.example/wp-json/>; rel="https://api.w.org/"`, "")}, "https://evil.example"},
		"the site as a user name": {fakeFront{"/": text(200, `Link: <http://127.0.0.1@evil.example/wp-json/>; rel="https://api.w.org/"`, "")}, "http://evil.example"},
		"redirect":                {fakeFront{"/": to("/")}, other.URL},
		"index redirects":         {fakeFront{"/": text(200, "", ""), "/wp-json/": to("/wp-json/")}, other.URL},
		"home of another":         {fakeFront{"/": text(200, "", ""), "/wp-json/": text(200, "", foreignHome)}, other.URL},
	} {
		t.Run(name, func(t *testing.T) {
			visits.Store(0)
			url := c.front.start(t)
			_, err := wpclient.Discover(ctx(t), url, wpclient.Options{RetryWait: soon})
			e := theError(t, err)
			if e.Kind != wpclient.Refused || e.Code != wpclient.CodeOtherOrigin || visits.Load() != 0 {
				t.Errorf("%+v, %d visits", e, visits.Load())
			}
			if !strings.Contains(e.Message, c.says) || !strings.Contains(e.Message, strings.TrimPrefix(url, "http://")) {
				t.Errorf("does not name both: %s", e.Message)
			}
		})
	}
}

// Where a page names the site's own interface too, the foreign one is passed over.
func TestAStrangerBesideTheSitesOwn(t *testing.T) {
	url := fakeFront{"/": text(200, `Link: <http://evil.example/wp-json/>; rel="https://api.w.org/"`, `<link rel="https://api.w.org/" href="%s/api/">`),
		"/api/": text(200, "", indexJSON)}.start(t)
	if site, err := wpclient.Discover(ctx(t), url, wpclient.Options{}); err != nil || site.RESTRoot != url+"/api/" {
		t.Errorf("%+v, %v", site, err)
	}
}

// What the operator named is taken, and nothing else: the front page is not even looked at.
func TestTheOperatorsOwnRESTRoot(t *testing.T) {
	home := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("asked the front page") }))
	defer home.Close()
	index := func(home string) string { return fmt.Sprintf(`{"name":"W","home":%q,"namespaces":["aidoc/v1"]}`, home) }
	api := fakeFront{"/api/": text(200, "", index(home.URL)), "/other/": text(200, "", index("http://127.0.0.1:1")),
		"/away/": func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "http://127.0.0.1:1/api/", 302) }}.start(t)
	site, err := wpclient.Discover(ctx(t), home.URL, wpclient.Options{RESTRoot: api + "/api/"})
	if want := (wpclient.Site{Home: home.URL, RESTRoot: api + "/api/", Name: "W"}); err != nil || site != want {
		t.Errorf("%+v, %v", site, err)
	}
	for _, path := range []string{"/other/", "/away/"} {
		if _, err := wpclient.Discover(ctx(t), home.URL, wpclient.Options{RESTRoot: api + path}); wpclient.CodeOf(err) != wpclient.CodeOtherOrigin {
			t.Errorf("%s: %v", path, err)
		}
	}
	for _, bad := range []string{"api", "ftp://x/", "http://user@127.0.0.1/wp-json/", "http://127.0.0.1/#x"} {
		if _, err := wpclient.Discover(ctx(t), home.URL, wpclient.Options{RESTRoot: bad}); wpclient.CodeOf(err) != wpclient.CodeBadAddress {
			t.Errorf("%s: %v", bad, err)
		}
	}
}

// One origin in two spellings is one origin.
func TestSameOrigin(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"https://example.org", "https://EXAMPLE.org:443/wp-json/", true},
		{"http://example.org:80/", "http://example.org/x", true},
		{"https://bücher.example", "https://xn--bcher-kva.example/wp-json/", true},
		{"https://BÜCHER.example", "https://bücher.example", true},
		{"https://example.org.", "https://example.org", true},
		{"http://[::1]:8080/", "http://[0:0:0:0:0:0:0:1]:8080", true},
		{"https://example.org", "http://example.org", false},
		{"https://example.org", "https://www.example.org", false},
		{"https://example.org", "https://example.org:8443", false},
		{"https://example.org", "https://example.org.evil.example", false},
		{"https://example.org", "https://example.org@evil.example", false},
		{"", "", false},
		{"nonsense", "nonsense", false},
	} {
		if got := wpclient.SameOriginForTest(c.a, c.b); got != c.want {
			t.Errorf("%s and %s: %v", c.a, c.b, got)
		}
	}
}
