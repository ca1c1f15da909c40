package wpclient_test

import (
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/internal/netguard/guardtest"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient/wptest"
)

// relay passes every request on to site: what a poisoned page would have the agent talk through.
func relay(t *testing.T, site *wptest.Site) (base string, visits *atomic.Int32) {
	t.Helper()
	to, err := url.Parse(site.URL())
	if err != nil {
		t.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(to)
	visits = new(atomic.Int32)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { visits.Add(1); proxy.ServeHTTP(w, r) }))
	t.Cleanup(func() { http.DefaultTransport.(*http.Transport).CloseIdleConnections(); srv.Close() })
	return srv.URL, visits
}

func TestSettle(t *testing.T) {
	site := wptest.New(t)
	foreign, visits := relay(t, site)
	home := site.URL()
	for name, c := range map[string]struct {
		said   string // by signed answers
		signed string
		hints  []string
		want   string
		code   string
	}{
		"signed":                                  {"", home + "/wp-json/", nil, home + "/wp-json/", ""},
		"nothing known":                           {"", "", nil, home + "/wp-json/", ""},
		"the site has moved since":                {"", home + "/gone/", nil, home + "/wp-json/", ""},
		"an old file's":                           {"", "", []string{home + "/?rest_route=/"}, home + "/wp-json/", ""},
		"an old file's, gone":                     {"", "", []string{home + "/gone/"}, home + "/wp-json/", ""},
		"an old file's, poisoned":                 {"", "", []string{foreign + "/wp-json/"}, home + "/wp-json/", ""},
		"the site's word is blocked":              {home + "/blocked/", home + "/blocked/", nil, home + "/wp-json/", ""},
		"the site's word is another place":        {foreign + "/wp-json/", foreign + "/wp-json/", nil, home + "/wp-json/", ""},
		"the site's word is another of its own":   {home + "/?rest_route=/", "", nil, home + "/?rest_route=/", ""},
		"with a user name":                        {strings.Replace(home, "//", "//u:p@", 1) + "/wp-json/", "", nil, home + "/wp-json/", ""},
		"a site of before, which does not say so": {"-", "", nil, home + "/wp-json/", ""},
	} {
		t.Run(name, func(t *testing.T) {
			site.SetRESTRoot(c.said)
			got, err := wpclient.Settle(ctx(t), wpclient.Site{Home: home}, site.Key(), c.signed, c.hints, wpclient.Options{})
			if err != nil || got.RESTRoot != c.want || got.Home != home || got.PlainPermalinks != strings.Contains(c.want, "?") {
				t.Errorf("%+v, %v", got, err)
			}
		})
	}
	if visits.Load() != 0 {
		t.Errorf("%d requests went through a foreign root", visits.Load())
	}
}

func TestSettleSaysWhatIsWrong(t *testing.T) {
	site := wptest.New(t)
	settle := func(home string, hints []string, key wpclient.Key) error {
		_, err := wpclient.Settle(ctx(t), wpclient.Site{Home: home}, key, "", hints, wpclient.Options{})
		return err
	}
	asked := len(site.Requests())
	site.Revoke(site.Key().KeyID)
	if err := settle(site.URL(), nil, site.Key()); wpclient.CodeOf(err) != wpclient.CodeKeyRevoked || len(site.Requests()) != asked+1 {
		t.Errorf("revoked: %v after %d requests", err, len(site.Requests())-asked)
	}
	empty := httptest.NewServer(http.NotFoundHandler())
	defer empty.Close()
	if err := settle(empty.URL, []string{"https://api.example.org/wp-json/"}, site.Key()); wpclient.CodeOf(err) != wpclient.CodeOtherOrigin || !strings.Contains(err.Error(), "https://api.example.org") {
		t.Errorf("elsewhere: %v", err)
	}
	if err := settle(empty.URL, nil, site.Key()); !wpclient.IsTransient(err) {
		t.Errorf("nowhere: %v", err)
	}
	down := fakeFront{"/wp-json/aidoc/v1/echo": text(503, "", "")}.start(t)
	if err := settle(down, []string{"https://api.example.org/wp-json/"}, site.Key()); !wpclient.IsTransient(err) {
		t.Errorf("maintenance: %v", err)
	}
}

// The operator's word stands, whatever the site says of itself.
func TestSettleAsTheOperatorSays(t *testing.T) {
	site := wptest.New(t)
	way, visits := relay(t, site)
	got, err := wpclient.Settle(ctx(t), wpclient.Site{Home: site.URL()}, site.Key(), site.Site().RESTRoot, nil, wpclient.Options{RESTRoot: way + "/wp-json/"})
	if err != nil || got.RESTRoot != way+"/wp-json/" || visits.Load() != 1 {
		t.Errorf("%+v, %v, %d visits", got, err, visits.Load())
	}
}

// A client made with a foreign root sends nothing.
func TestAClientKeepsToTheSitesOrigin(t *testing.T) {
	site := wptest.New(t)
	way, visits := relay(t, site)
	at := site.Site()
	at.RESTRoot = way + "/wp-json/"
	if _, err := clientFor(t, at, site.Key(), wpclient.Options{}).Echo(ctx(t)); wpclient.CodeOf(err) != wpclient.CodeOtherOrigin || visits.Load() != 0 {
		t.Errorf("%v, %d visits", err, visits.Load())
	}
}

// A name that leads to this machine, or to where clouds keep credentials, is not a site: not for discovery, not for a
// signed request, not for the doorbell.
func TestNamesThatLeadInside(t *testing.T) {
	site := wptest.New(t)
	_, port, _ := net.SplitHostPort(strings.TrimPrefix(site.URL(), "http://"))
	home := "http://wp.example.org:" + port
	for name, c := range map[string]struct {
		leads string
		allow bool
		ok    bool
	}{
		"this machine":             {"127.0.0.1", false, false},
		"this machine, as told":    {"127.0.0.1", true, true},
		"the cloud's credentials":  {"169.254.169.254", true, false},
		"any address of this host": {"0.0.0.0", true, false},
	} {
		t.Run(name, func(t *testing.T) {
			opt := wpclient.Options{InsecureHTTP: true, AllowLoopback: c.allow, RetryWait: soon}.WithResolver(guardtest.Resolver(t, []string{c.leads}))
			cl := clientFor(t, wpclient.Site{Home: home, RESTRoot: home + "/wp-json/"}, site.Key(), opt)
			_, found := wpclient.Discover(ctx(t), home, opt)
			_, echo := cl.Echo(ctx(t))
			_, _, bell := cl.Doorbell(ctx(t), home+"/bell", wpclient.DoorbellState{})
			for what, err := range map[string]error{"discover": found, "echo": echo, "doorbell": bell} {
				if refused := wpclient.CodeOf(err) == wpclient.CodeAddress; refused == c.ok {
					t.Errorf("%s: %v", what, err)
				}
				if !c.ok && (!strings.Contains(err.Error(), "wp.example.org") || !strings.Contains(err.Error(), c.leads)) {
					t.Errorf("%s does not name both: %v", what, err)
				}
			}
			// In the middle of work a poisoned name is transient: the agent asks again.
			if !c.ok && (wpclient.KindOf(found) != wpclient.Refused || !wpclient.IsTransient(echo)) {
				t.Errorf("%v; %v", found, echo)
			}
		})
	}
}
