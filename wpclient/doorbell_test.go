package wpclient_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient/wptest"
)

func TestDoorbell(t *testing.T) {
	s := wptest.New(t, wptest.Doorbell())
	c := client(t, s, wpclient.Options{})
	got, err := c.Lease(ctx(t), leaseRequest(uuid))
	if err != nil || got.Doorbell == nil {
		t.Fatalf("%+v, %v", got, err)
	}
	var state wpclient.DoorbellState
	for i, step := range []struct {
		before  func()
		changed bool
	}{
		{func() {}, true}, // never seen: look once
		{func() {}, false},
		{func() { s.AddJob("a.pdf", "application/pdf", nil) }, true},
		{func() {}, false},
	} {
		step.before()
		next, changed, err := c.Doorbell(ctx(t), got.Doorbell.URL, state)
		if err != nil || changed != step.changed {
			t.Fatalf("step %d: %v, %v", i, changed, err)
		}
		state = next
	}
}

// A server without ETags, or a cache that changes them, is told apart by content.
func TestDoorbellByContent(t *testing.T) {
	content, etag, visits := "1", "", 0
	c := rawClient(t, func(w http.ResponseWriter, r *http.Request) {
		visits++
		if r.Header.Get("Signature") != "" || r.Header.Get("Cookie") != "" {
			t.Error("sent credentials")
		}
		w.Header()["Etag"] = []string{etag}
		w.Write([]byte(content))
	})
	url := c.Site().Home + "/bell.txt"
	state, _, err := c.Doorbell(ctx(t), url, wpclient.DoorbellState{})
	if err != nil {
		t.Fatal(err)
	}
	etag = `"other"`
	if state, changed, err := c.Doorbell(ctx(t), url, state); changed || err != nil || state.ETag != etag {
		t.Errorf("same content: %v, %v", changed, err)
	}
	content = "2"
	if _, changed, err := c.Doorbell(ctx(t), url, state); !changed || err != nil {
		t.Errorf("other content: %v, %v", changed, err)
	}
	if visits != 3 {
		t.Errorf("%d visits", visits)
	}
}

// variedEvery is how many looks there are until another one goes around caches.
const variedEvery = 4

// frontCache answers an address from what it answered there before; of a file that never changes there it knows no better.
func frontCache(origin http.HandlerFunc) http.HandlerFunc {
	kept := map[string]*httptest.ResponseRecorder{}
	return func(w http.ResponseWriter, r *http.Request) {
		key := r.URL.String()
		if kept[key] == nil {
			kept[key] = httptest.NewRecorder()
			plain := r.Clone(r.Context())
			plain.Header.Del("If-None-Match")
			origin(kept[key], plain)
		}
		etag := kept[key].Header().Get("ETag")
		w.Header().Set("ETag", etag)
		if r.Header.Get("If-None-Match") == etag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		w.Write(kept[key].Body.Bytes())
	}
}

func TestACacheInFrontOfTheDoorbell(t *testing.T) {
	for name, inFront := range map[string]bool{"cached": true, "nothing in front": false} {
		t.Run(name, func(t *testing.T) {
			content := 1
			handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				etag := fmt.Sprintf(`"%d"`, content)
				w.Header().Set("ETag", etag)
				if r.Header.Get("If-None-Match") == etag {
					w.WriteHeader(http.StatusNotModified)
					return
				}
				fmt.Fprint(w, content)
			})
			if inFront {
				handler = frontCache(handler)
			}
			c := rawClient(t, handler)
			var state wpclient.DoorbellState
			all := 0
			looks := func(n int) (rings int) {
				for range n {
					if all++; all%variedEvery == 0 {
						state = state.Later()
					}
					next, changed, err := c.Doorbell(ctx(t), c.Site().Home+"/bell.txt", state)
					if err != nil {
						t.Fatal(err)
					}
					if state = next; changed {
						rings++
					}
				}
				return rings
			}
			if n := looks(9); n != 1 { // the first look
				t.Errorf("%d rings before anything changed", n)
			}
			content++
			if n := looks(variedEvery + 1); n != 1 || state.Cached != inFront {
				t.Errorf("%d rings for the first change within %d looks, cache noticed: %v", n, variedEvery+1, state.Cached)
			}
			for range variedEvery {
				content++
				if n := looks(1); n != 1 {
					t.Error("a later change was not seen by the next look")
				}
			}
			if n := looks(9); n != 0 || state.Cached != inFront {
				t.Errorf("%d rings without a change, cache noticed: %v", n, state.Cached)
			}
		})
	}
}

func TestDoorbellRefusals(t *testing.T) {
	answer := func(w http.ResponseWriter, r *http.Request) { w.Write([]byte(strings.Repeat("x", 65))) }
	c := rawClient(t, func(w http.ResponseWriter, r *http.Request) { answer(w, r) })
	home := c.Site().Home
	prev := wpclient.DoorbellState{Seen: true, Content: "1"}
	if state, changed, err := c.Doorbell(ctx(t), home+"/bell", prev); err == nil || changed || state != prev {
		t.Errorf("65 bytes: %v, %v", changed, err)
	}
	answer = func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/other", 302) }
	if _, changed, err := c.Doorbell(ctx(t), home+"/bell", prev); err == nil || changed {
		t.Errorf("redirect: %v, %v", changed, err)
	}
	answer = func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(304) }
	if _, changed, err := c.Doorbell(ctx(t), home+"/bell", wpclient.DoorbellState{}); err == nil || changed {
		t.Errorf("304 without ever having seen it: %v, %v", changed, err)
	}
	answer = func(http.ResponseWriter, *http.Request) { t.Error("visited") }
	port := strings.LastIndex(home, ":")
	for _, url := range []string{
		"https://elsewhere.example/bell", strings.Replace(home, "http:", "https:", 1) + "/bell", home[:port] + ":1/bell",
		"http://user@127.0.0.1.evil.example/bell", "file:///etc/passwd", "//", "", strings.Replace(home, "127.0.0.1", "localhost", 1) + "/bell",
	} {
		if _, changed, err := c.Doorbell(ctx(t), url, prev); err == nil || changed {
			t.Errorf("%s: %v, %v", url, changed, err)
		}
	}
}

// What was found about one address is never taken for another one.
func TestADoorbellThatMovesIsCheckedAnew(t *testing.T) {
	var asked []string
	c := rawClient(t, func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.URL.Path)
		w.Write([]byte("1"))
	})
	home := c.Site().Home
	for _, step := range []struct {
		address string
		refused bool
	}{
		{home + "/a", false}, {home + "/a", false}, {"https://elsewhere.example/a", true}, {home + "/b", false}, {"https://elsewhere.example/a", true}, {home + "/a", false},
	} {
		if _, _, err := c.Doorbell(ctx(t), step.address, wpclient.DoorbellState{}); (err != nil) != step.refused {
			t.Errorf("%s: %v", step.address, err)
		}
	}
	if got := strings.Join(asked, " "); got != "/a /a /b /a" {
		t.Errorf("the site was asked for %s", got)
	}
}
