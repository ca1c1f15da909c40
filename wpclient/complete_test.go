package wpclient_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient/wptest"
)

// signingSite answers every route with what body returns for it, signed as the site's word.
func signingSite(t testing.TB, key wpclient.Key, body func(route string) (status int, raw []byte)) wpclient.Site {
	t.Helper()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		status, raw := body(r.Header.Get("X-Aidoc-Route"))
		wptest.SignAnswer(w.Header(), wptest.TagResponse, key.KeyID, key.Secret, r.Header.Get("Signature"), status, wptest.DigestOf(raw), time.Now())
		w.WriteHeader(status)
		_, _ = w.Write(raw)
	}))
	t.Cleanup(srv.Close)
	return wpclient.Site{Home: srv.URL, RESTRoot: srv.URL + "/wp-json/"}
}

var (
	agentKey = wpclient.Key{KeyID: "ak_0123456789abcdef01234567", Secret: bytes.Repeat([]byte{1}, 64)}
	limits   = `{"max_bytes":1,"ttl_ms":1,"beat_ms":1}`
	secret64 = wpclient.Secret(bytes.Repeat([]byte{2}, 64)).Base64()
)

// good are the smallest answers that count.
var good = map[string]string{
	"lease":   `{"leases":[],"next_poll_ms":2000,"directive":"run","server_now_ms":1}`,
	"beat":    `{"leases":[],"directive":"run","server_now_ms":1}`,
	"result":  `{"status":"accepted","job_id":7,"post_id":9}`,
	"fail":    `{"state":"queued","max_attempts":4}`,
	"release": `{"released":[],"lost":[]}`,
	"rotate":  `{"key_id":"ak_0123456789abcdef01234567","secret":"` + secret64 + `"}`,
	"echo":    `{"route":"/x","method":"POST","site":"https://x","headers":[],"agent":{"id":1},"limits":` + limits + `,"server_now_ms":1}`,
}

func ask(t *testing.T, c *wpclient.Client, op string) error {
	t.Helper()
	ref := wpclient.LeaseRef{JobID: 7, Epoch: 1, LeaseToken: "q83vEjRWeJCrze8SNFZ4kA"}
	var err error
	switch op {
	case "lease":
		_, err = c.Lease(ctx(t), leaseRequest(uuid))
	case "beat":
		_, err = c.Beat(ctx(t), wpclient.BeatRequest{})
	case "result":
		_, err = c.Result(ctx(t), []byte(`{"job_id":7}`))
	case "fail":
		_, err = c.Fail(ctx(t), wpclient.FailRequest{LeaseRef: ref})
	case "release":
		_, err = c.Release(ctx(t), wpclient.ReleaseRequest{})
	case "rotate":
		_, err = c.Rotate(ctx(t))
	case "echo":
		_, err = c.Echo(ctx(t))
	}
	return err
}

// A signature over an answer that is not the route's is worth nothing: an older plugin signs what others make of it.
func TestSignedAnswersWithoutTheirFieldsAreTransient(t *testing.T) {
	var now string
	site := signingSite(t, agentKey, func(string) (int, []byte) { return 200, []byte(now) })
	c := clientFor(t, site, agentKey, wpclient.Options{})
	for op, whole := range good {
		if now = whole; ask(t, c, op) != nil {
			t.Fatalf("%s: the smallest good answer: %v", op, ask(t, c, op))
		}
		bad := []string{`{}`, `[]`, `null`, ``, `{"body":{"code":"aidoc_query_refused"},"status":400,"headers":{}}`}
		for _, f := range keysOf(t, whole) {
			bad = append(bad, edited(t, whole, f, nil), edited(t, whole, f, json.RawMessage(`null`)), edited(t, whole, f, json.RawMessage(`{"x":[]}`)))
		}
		for _, now = range bad {
			if e := theError(t, ask(t, c, op)); e.Kind != wpclient.Transient || e.Code != wpclient.CodeNotJSON || e.Signed {
				t.Errorf("%s took %s: %+v", op, now, e)
			}
		}
	}
}

func TestResultsAnswerIsAboutTheJobThatWasSent(t *testing.T) {
	for _, body := range []string{`{"status":"accepted","job_id":8,"post_id":9}`, `{"status":"maybe","job_id":7,"post_id":9}`, `{"status":"accepted","job_id":7,"post_id":0}`} {
		site := signingSite(t, agentKey, func(string) (int, []byte) { return 200, []byte(body) })
		if err := ask(t, clientFor(t, site, agentKey, wpclient.Options{}), "result"); !wpclient.IsTransient(err) {
			t.Errorf("%s: %v", body, err)
		}
	}
}

func TestJoinNeedsAKey(t *testing.T) {
	token := "aidoc1.jt_aaaabbbbccccddddeeeeffff." + strings.Repeat("A", 43)
	key := wpclient.Key{KeyID: "jt_aaaabbbbccccddddeeeeffff", Secret: make([]byte, 32)}
	whole := `{"key_id":"ak_0123456789abcdef01234567","secret":"` + secret64 + `","agent":{"id":1,"name":"x"},"site":{"url":"https://x"},"limits":` + limits + `}`
	bodies := []string{whole, `{}`}
	for _, f := range keysOf(t, whole) {
		bodies = append(bodies, edited(t, whole, f, nil))
	}
	for i, body := range bodies {
		site := signingSite(t, key, func(string) (int, []byte) { return 200, []byte(body) })
		_, err := wpclient.Join(ctx(t), site, token, agentInfo(), wpclient.Options{})
		if i == 0 && err != nil || i > 0 && !wpclient.IsTransient(err) {
			t.Errorf("%s: %v", body, err)
		}
	}
}

// What ends a job is named by its code; a code that this agent does not know ends nothing but a request that is wrong.
func TestUnknownSignedCodes(t *testing.T) {
	for status, kind := range map[int]wpclient.Kind{400: wpclient.Invalid, 422: wpclient.Invalid, 401: wpclient.Refused, 403: wpclient.Refused,
		404: wpclient.Transient, 409: wpclient.Transient, 410: wpclient.Transient, 413: wpclient.Transient, 418: wpclient.Transient, 429: wpclient.Transient, 500: wpclient.Transient} {
		site := signingSite(t, agentKey, func(string) (int, []byte) { return status, []byte(`{"code":"aidoc_of_tomorrow","message":"x"}`) })
		if e := theError(t, ask(t, clientFor(t, site, agentKey, wpclient.Options{}), "result")); e.Kind != kind || !e.Signed {
			t.Errorf("%d: %+v", status, e)
		}
	}
}

// A refusal that only an unverified request can bring about ends nothing even where an older plugin signs it as its word.
func TestOlderPluginsSignWhatAnybodyCanCause(t *testing.T) {
	for code, status := range map[string]int{wpclient.CodeQueryRefused: 400, wpclient.CodeBodyTooLarge: 413, wpclient.CodeDigestMismatch: 400,
		wpclient.CodeSignatureInvalid: 401, wpclient.CodeSignatureMalformed: 400, wpclient.CodeWrongRoute: 421, wpclient.CodeAddressRefused: 403} {
		site := signingSite(t, agentKey, func(string) (int, []byte) { return status, fmt.Appendf(nil, `{"code":%q,"message":"x"}`, code) })
		if err := ask(t, clientFor(t, site, agentKey, wpclient.Options{}), "result"); !wpclient.IsTransient(err) || wpclient.CodeOf(err) != code {
			t.Errorf("%s: %v", code, err)
		}
	}
}

func keysOf(t *testing.T, object string) (out []string) {
	t.Helper()
	var m map[string]json.RawMessage
	if err := json.Unmarshal([]byte(object), &m); err != nil {
		t.Fatal(err)
	}
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// edited replaces a field, or leaves it out.
func edited(t *testing.T, object, name string, value json.RawMessage) string {
	t.Helper()
	var m map[string]json.RawMessage
	if err := json.Unmarshal([]byte(object), &m); err != nil {
		t.Fatal(err)
	}
	m[name] = value
	if value == nil {
		delete(m, name)
	}
	out, _ := json.Marshal(m)
	return string(out)
}
