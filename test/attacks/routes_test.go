//go:build attacks

package attacks

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// raw sends one request and gives back status and body, with no opinion on them.
func raw(t *testing.T, req *http.Request) (int, http.Header, string) {
	t.Helper()
	resp, err := plain.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, resp.Header, string(b)
}

// Requests inside requests: a batch, and a plugin that dispatches. Neither ends in a PHP fatal, neither is signed as the
// route's own word.
func TestBatchesReachNoAgentRoute(t *testing.T) {
	t.Parallel()
	a := join(t, "batcher")
	for _, route := range []string{"/aidoc/v1/lease", "/aidoc/v1/echo", "/aidoc/v1/rotate", "/aidoc/v1/join", "/aidoc/v1/result", "/aidoc/v1/results", "/aidoc/v1/jobs/1/file"} {
		for _, signed := range []bool{false, true} {
			body := fmt.Sprintf(`{"requests":[{"method":"POST","path":"%s","body":{}},{"method":"POST","path":"/wp/v2/posts","body":{"title":"x"}}]}`, route)
			w := a.wire(http.MethodPost, route, []byte(body))
			w.Sent = func(r *http.Request) {
				r.URL.Path = "/wp-json/batch/v1"
				if !signed {
					for name := range r.Header {
						if name != "Content-Type" {
							r.Header.Del(name)
						}
					}
				}
			}
			r := a.Send(t, w)
			if r.Status >= 500 || r.Verified() || strings.Contains(string(r.Body), `"leases"`) || strings.Contains(string(r.Body), `"secret"`) {
				broken(t, "anybody", "POST /batch/v1 naming "+route, "%s %.200s", r, r.Body)
			}
		}
	}
	Report.Held(t, "anybody", "POST /batch/v1 naming agent routes, signed and unsigned", "refused, no fatal")
}

// A plugin hands a signed request's headers to a dispatch of its own.
func TestInnerDispatchIsNotTheRoute(t *testing.T) {
	t.Parallel()
	a := join(t, "inner")
	for _, route := range []string{"/aidoc/v1/rotate", "/aidoc/v1/lease", "/aidoc/v1/echo"} {
		w := a.wire(http.MethodPost, route, map[string]any{})
		w.Header.Set("X-Attack-Inner", route)
		w.Sent = func(r *http.Request) { r.URL.Path = "/wp-json/attacks/v1/inner" }
		if r := a.Send(t, w); r.Status >= 500 || r.Tag != "" {
			broken(t, "another plugin", "rest_do_request of "+route, "%s", r)
		}
	}
	Report.Held(t, "another plugin", "rest_do_request of agent routes with a request's headers", "no signature leaves the site")
}

// An answer that another plugin put in the place of ours is not ours to sign.
func TestAnswersOfOtherPluginsAreNotSigned(t *testing.T) {
	t.Parallel()
	a := join(t, "swapper")
	for _, trick := range []string{"post-dispatch", "pre-dispatch", "after-callbacks"} {
		w := a.wire(http.MethodPost, "/aidoc/v1/echo", map[string]any{})
		w.Header.Set("X-Attack", trick)
		r := a.Send(t, w)
		if r.Verified() && strings.Contains(string(r.Body), "swapped") {
			broken(t, "another plugin", "answers in our place: "+trick, "signed as the site's word: %s", r)
		}
		Report.Held(t, "another plugin", "answers in our place: "+trick, r.String())
	}
	for _, q := range []string{"_envelope=1", "_fields=nothing", "_jsonp=x", "_method=GET", "rest_route=/aidoc/v1/beat"} {
		w := a.wire(http.MethodPost, "/aidoc/v1/echo", []byte(`{"unknown":1}`))
		w.Sent = func(r *http.Request) { r.URL.RawQuery = q }
		// Of the route nothing is signed but where the request came: that the site says it was led astray concludes nothing.
		if r := a.Send(t, w); (r.Verified() && r.Code != "aidoc_wrong_route") || r.Status == http.StatusOK {
			broken(t, "middlebox", "?"+q, "%s %.200s", r, r.Body)
		}
	}
	Report.Held(t, "middlebox", "?_envelope, ?_fields, ?_jsonp, ?_method, ?rest_route on a bad request", "never a signed 200")
}

// Methods, doubled headers, lists in headers, and headers of a size that no agent sends.
func TestOddRequests(t *testing.T) {
	t.Parallel()
	a := join(t, "odd")
	for what, change := range map[string]func(*http.Request){
		"two Signature headers":       func(r *http.Request) { r.Header["Signature"] = append(r.Header["Signature"], "aidoc=:AAAA:") },
		"two Signature-Input headers": func(r *http.Request) { r.Header.Add("Signature-Input", "other=();created=1") },
		"a second label by comma": func(r *http.Request) {
			r.Header.Set("Signature-Input", r.Header.Get("Signature-Input")+`, b=("@method")`)
		},
		"a second signature by comma": func(r *http.Request) { r.Header.Set("Signature", r.Header.Get("Signature")+", b=:AAAA:") },
		"a site list by comma": func(r *http.Request) {
			r.Header.Set("X-Aidoc-Site", r.Header.Get("X-Aidoc-Site")+", https://x.example")
		},
		"a route with a trailing slash":      func(r *http.Request) { r.URL.Path += "/" },
		"a route in capitals":                func(r *http.Request) { r.URL.Path = strings.Replace(r.URL.Path, "echo", "ECHO", 1) },
		"a route with %2e":                   func(r *http.Request) { r.URL.RawPath = strings.Replace(r.URL.Path, "echo", "ech%6f", 1) },
		"a header of 7 KB":                   func(r *http.Request) { r.Header.Set("X-Aidoc-Site", strings.Repeat("x", 7000)) },
		"a header of 60 KB":                  func(r *http.Request) { r.Header.Set("Signature-Input", strings.Repeat("x", 60000)) },
		"a tab in Signature-Input":           func(r *http.Request) { r.Header.Set("Signature-Input", r.Header.Get("Signature-Input")+"\t") },
		"PUT with the signature of a POST":   func(r *http.Request) { r.Method = http.MethodPut },
		"PATCH with the signature of a POST": func(r *http.Request) { r.Method = http.MethodPatch },
		"X-HTTP-Method: GET":                 func(r *http.Request) { r.Header.Set("X-HTTP-Method-Override", "GET") },
	} {
		w := a.wire(http.MethodPost, "/aidoc/v1/echo", map[string]any{})
		w.Sent = change
		r := a.Send(t, w)
		if r.Status >= 500 {
			broken(t, "anybody", what, "%s %.200s", r, r.Body)
		}
		if r.Status < 300 && what != "a tab in Signature-Input" && what != "a route with %2e" && what != "a route with a trailing slash" {
			broken(t, "anybody", what, "accepted: %s", r)
		}
		Report.Held(t, "anybody", what, r.String())
	}
	for _, method := range []string{http.MethodOptions, http.MethodHead, http.MethodGet, http.MethodDelete} {
		r := a.Send(t, a.wire(method, "/aidoc/v1/rotate", nil))
		if r.Status >= 500 || strings.Contains(string(r.Body), `"secret"`) || (r.Status < 300 && method != http.MethodOptions) {
			broken(t, "anybody", method+" /rotate", "%s %.200s", r, r.Body)
		}
	}
}

// Slow and endless bodies end at the limit: the site neither reads on nor falls.
func TestHugeBody(t *testing.T) {
	t.Parallel()
	a := join(t, "huge")
	req, _, err := a.request(a.wire(http.MethodPost, "/aidoc/v1/lease", bytes.Repeat([]byte("["), 2<<20)))
	if err != nil {
		t.Fatal(err)
	}
	status, _, body := raw(t, req)
	if status != http.StatusRequestEntityTooLarge {
		broken(t, "anybody", "a body of 2 MiB of [", "%d %.200s", status, body)
	}
	conn, err := net.DialTimeout("tcp", strings.TrimPrefix(site.URL, "http://"), 5*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.WriteString(conn, "POST /wp-json/aidoc/v1/lease HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999\r\n\r\n{")
	_ = conn.Close()
	Report.Held(t, "anybody", "a body of 2 MiB of [", fmt.Sprintf("%d", status))
}

// The older callback: a body that was refused does not work later, on another document either.
func TestLegacyBodyIsRememberedWhenRefused(t *testing.T) {
	t.Parallel()
	const secret = "an older pipeline's shared secret"
	site.Do(t, "legacy", map[string]any{"secret": secret}, nil)
	site.set(t, "legacy_enabled", true)
	next := site.Number(t, "SELECT MAX(ID) + 500 FROM wp_posts")
	body := fmt.Sprintf(`{"attachment_id":%d,"title":"Late","summary_markdown":"LATETEXT","word_count":1,"processing_ms":1,"chunks":1,"s3_text_key":"k"}`, next)
	post := func() int {
		req, err := http.NewRequest(http.MethodPost, rest()+"aidoc/v1/result", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("X-AI-Timestamp", fmt.Sprint(time.Now().Unix()))
		req.Header.Set("X-AI-Signature", base64MAC(body, secret))
		status, _, _ := raw(t, req)
		return status
	}
	if got := post(); got != http.StatusNotFound {
		t.Errorf("for a document there is not: %d", got)
	}
	if got := post(); got != http.StatusConflict {
		broken(t, "older callback", "a refused body again", "%d, want 409", got)
	}
	Report.Held(t, "older callback", "a body that was refused, replayed when its document exists", "409 aidoc_replayed")
}
