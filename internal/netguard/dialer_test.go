package netguard_test

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync/atomic"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/internal/netguard"
	"github.com/aidoc-pipeline/aidoc-agent/internal/netguard/guardtest"
)

// TestDialer asks a server on loopback by several names: only by those that mean this machine is it reached.
func TestDialer(t *testing.T) {
	var visits atomic.Int32
	srv := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { visits.Add(1) }))
	defer srv.Close()
	_, port, _ := net.SplitHostPort(srv.Listener.Addr().String())
	for name, c := range map[string]struct {
		host    string
		answers []string
		allow   bool
		ok      bool
		loop    bool // the refusal says that the address is this machine's
	}{
		"literally loopback":              {"127.0.0.1", nil, false, true, false},
		"a name below localhost":          {"wp.localhost", []string{"127.0.0.1"}, false, true, false},
		"localhost that leads elsewhere":  {"wp.localhost", []string{"10.255.255.1"}, false, false, false},
		"a name that leads here":          {"wp.example.org", []string{"127.0.0.1"}, false, false, true},
		"a name that may":                 {"wp.example.org", []string{"127.0.0.1"}, true, true, false},
		"metadata":                        {"wp.example.org", []string{"169.254.169.254"}, true, false, false},
		"unspecified":                     {"wp.example.org", []string{"0.0.0.0"}, true, false, false},
		"metadata literally":              {"169.254.169.254", nil, true, false, false},
		"several answers, none of them":   {"wp.example.org", []string{"0.0.0.0", "169.254.1.1", "224.0.0.1"}, false, false, false},
		"a mapped address, not by a name": {"::ffff:127.0.0.1", nil, false, true, false},
	} {
		t.Run(name, func(t *testing.T) {
			visits.Store(0)
			d := &netguard.Dialer{AllowLoopback: c.allow}
			if c.answers != nil {
				d.Resolver = guardtest.Resolver(t, c.answers)
			}
			client := &http.Client{Transport: &http.Transport{DialContext: d.DialContext, DisableKeepAlives: true}}
			resp, err := client.Get("http://" + net.JoinHostPort(c.host, port) + "/")
			if err == nil {
				resp.Body.Close()
			}
			var e *netguard.Error
			switch {
			case c.ok && (err != nil || visits.Load() != 1):
				t.Error(err)
			case !c.ok && (!errors.As(err, &e) || e.Host != c.host || e.Loopback != c.loop || visits.Load() != 0):
				t.Errorf("%v, %d visits", err, visits.Load())
			}
		})
	}
}

// TestDialerByProxy: the operator named the proxy, wherever its name leads; the rest of the guard stays up.
func TestDialerByProxy(t *testing.T) {
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, r.URL.Host) }))
	defer proxy.Close()
	_, port, _ := net.SplitHostPort(proxy.Listener.Addr().String())
	d := &netguard.Dialer{}
	d.Resolver = guardtest.Resolver(t, []string{"127.0.0.1"})
	choose := func(r *http.Request) (*url.URL, error) {
		if r.URL.Host == "direct.example.org:"+port {
			return nil, nil
		}
		return &url.URL{Scheme: "http", Host: "proxy.example.org:" + port}, nil
	}
	client := &http.Client{Transport: &http.Transport{Proxy: d.Proxy(choose), DialContext: d.DialContext, DisableKeepAlives: true}}
	resp, err := client.Get("http://wp.example.org/")
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	var e *netguard.Error
	if resp, err := client.Get("http://direct.example.org:" + port + "/"); !errors.As(err, &e) {
		t.Error(resp, err)
	}
}
