//go:build attacks

package attacks

import (
	"fmt"
	"net/http"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// Poisoned discovery: the front page, which nobody signs, names another REST root. The agent goes nowhere but to the site
// it was told to join, and says why.
func TestPoisonedDiscovery(t *testing.T) {
	for what, poison := range map[string]func(a *Answer, evil string){
		"Link header": func(a *Answer, evil string) { a.Header.Set("Link", `<`+evil+`/wp-json/>; rel="https://api.w.org/"`) },
		"link element": func(a *Answer, evil string) {
			a.Header.Del("Link")
			a.Body = []byte(`<html><head><link rel="https://api.w.org/" href="` + evil + `/wp-json/"></head></html>`)
		},
		"redirect":         func(a *Answer, evil string) { a.Status = 302; a.Header = http.Header{"Location": {evil + "/"}} },
		"url of the index": nil, // the REST index itself
	} {
		t.Run(what, func(t *testing.T) {
			relay := newRelay(t, "127.0.0.2")
			agent := newInstalled(t)
			defer middlebox.On(
				func(x *Exchange) bool { return x.Key == "" && strings.HasPrefix(x.R.UserAgent(), "aidoc-agent") },
				func(x *Exchange) *Answer {
					a := x.Pass().clone()
					if poison == nil {
						a.Body = []byte(strings.ReplaceAll(string(a.Body), strings.ReplaceAll(site.URL, "/", `\/`)+`\/wp-json`, strings.ReplaceAll(relay.URL, "/", `\/`)+`\/wp-json`))
						a.Header.Del("Content-Length")
					} else if !strings.Contains(x.R.URL.Path, "wp-json") && x.R.URL.Query().Get("rest_route") == "" {
						poison(a, relay.URL)
					}
					return a
				},
			)()
			token := invite(t, name("poisoned"))
			joined := agent.join(t, token)
			once := agent.do(t, "once")
			if n := relay.seen.Load(); n > 0 {
				broken(t, "poisoned front page", what, "the agent asked the other host %d times", n)
			}
			if joined.Code != 0 && !strings.Contains(joined.Stderr+joined.Stdout, "127.0.0.2") {
				t.Errorf("it does not say whom it refused to follow:\n%s", joined.Stderr)
			}
			if joined.Code == 0 && once.Code != 0 {
				t.Errorf("joined, and then: exit %d\n%s", once.Code, once.Stderr)
			}
			Report.Held(t, "poisoned front page", what+" names another host", fmt.Sprintf("join: exit %d, nothing sent there", joined.Code))
		})
	}
}

// Metadata services answer any process of a cloud machine: an address of theirs is refused by number, wherever it is named.
func TestDiscoveryNeverCallsInside(t *testing.T) {
	for _, evil := range []string{"http://169.254.169.254", "http://[fd00:ec2::254]", "http://10.0.0.1", "http://0.0.0.0:1"} {
		t.Run(evil, func(t *testing.T) {
			agent := newInstalled(t)
			defer middlebox.On(
				func(x *Exchange) bool {
					return x.Key == "" && strings.HasPrefix(x.R.UserAgent(), "aidoc-agent") && x.R.URL.Path == "/"
				},
				func(x *Exchange) *Answer { return &Answer{302, http.Header{"Location": {evil + "/"}}, nil} },
			)()
			out := agent.join(t, invite(t, name("inside")))
			if out.Code == 0 {
				broken(t, "poisoned front page", "redirect to "+evil, "joined")
			}
			if out.Took > 20*time.Second {
				broken(t, "poisoned front page", "redirect to "+evil, "the agent tried to connect for %v", out.Took)
			}
			Report.Held(t, "poisoned front page", "redirect to "+evil, fmt.Sprintf("join: exit %d: %s", out.Code, lastLine(out.Stderr)))
		})
	}
}

// After a join that was clean, a front page that turns bad moves nothing: what is learnt unsigned is never stored.
func TestDiscoveryAfterJoinMovesNothing(t *testing.T) {
	if fast {
		t.Skip("takes a minute: the agent looks anew only after five silent requests")
	}
	agent := installAgent(t, "settled")
	relay := newRelay(t, "127.0.0.2")
	defer middlebox.On(
		func(x *Exchange) bool {
			return x.Key == "" && strings.HasPrefix(x.R.UserAgent(), "aidoc-agent") && !strings.Contains(x.R.URL.Path, "wp-json")
		},
		func(x *Exchange) *Answer {
			a := x.Pass().clone()
			a.Header.Set("Link", `<`+relay.URL+`/wp-json/>; rel="https://api.w.org/"`)
			return a
		},
	)()
	// The REST interface is silent for a while, so that the agent looks for it anew.
	var silent atomic.Int64
	key := agent.key(t)
	defer middlebox.On(
		func(x *Exchange) bool { return x.Key == key && silent.Add(1) <= 5 },
		func(*Exchange) *Answer { return &Answer{502, http.Header{}, []byte("bad gateway")} },
	)()
	id := document(t, name("settled"), "A document that nobody else may see: "+token(12)+". It was agreed.", 1, 0)
	var job int64
	site.Do(t, "enqueue", map[string]any{"attachment": id, "type": ""}, &job)
	run := agent.run(t, "--set", "poll.min=1s", "--set", "poll.max=1s", "--set", "poll.doorbell=false")
	awaitTrue(t, 120*time.Second, run, "the document to be done", func() bool {
		return site.SQL(t, "SELECT state FROM wp_aidoc_jobs WHERE id = %d", job)[0][0] == "done"
	})
	if n := relay.seen.Load(); n > 0 {
		broken(t, "poisoned front page", "after the join", "%d requests went through the other host", n)
	}
	raw, err := os.ReadFile(agent.keyFile(t))
	if err != nil || strings.Contains(string(raw), "127.0.0.2") {
		broken(t, "poisoned front page", "after the join", "the other host is stored in the key file (%v)", err)
	}
	Report.Held(t, "poisoned front page", "after the join, with the site's REST interface silent", "the signed REST root stands")
}

// relay is a server on another address that passes everything on to the site, as somebody would who wants to read along.
type relay struct {
	URL  string
	seen atomic.Int64
}

func newRelay(t *testing.T, host string) *relay {
	t.Helper()
	b, err := newMiddleboxOn(host)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	b.Serve(middlebox.site.Load().(string))
	r := &relay{URL: b.URL}
	b.On(func(*Exchange) bool { r.seen.Add(1); return false }, nil)
	return r
}
