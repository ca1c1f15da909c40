//go:build attacks

package attacks

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"strings"
	"testing"
)

// want checks an answer of the site itself: the status, and that the site has signed it.
func (r Reply) want(t *testing.T, what string, status int, code string) Reply {
	t.Helper()
	if r.Status != status || r.Code != code || !r.Verified() {
		t.Errorf("%s: %s, want %d %s (%s); %v %.300s", what, r, status, code, tagResponse, r.Flaw, r.Body)
	}
	return r
}

// An agent written from docs/protocol.md alone can do all that an agent does, and every answer is the site's.
func TestIndependentClientWalk(t *testing.T) {
	t.Parallel()
	if got := discover(t, site.URL); got != rest() {
		t.Errorf("the REST root is %s, want %s", got, rest())
	}
	a := join(t, "walker")
	content := strings.Repeat("The committee met and agreed on the budget. ", 400)
	id := document(t, name("walk"), content, 1, 0)
	l := a.take(t, id)

	sum := sha256.Sum256([]byte(content))
	if l.SHA256 != hex.EncodeToString(sum[:]) || l.Bytes != int64(len(content)) {
		t.Errorf("the lease tells of %s with %d bytes", l.SHA256, l.Bytes)
	}
	whole := a.file(t, l.JobID, l.header(), nil).want(t, "file", 200, "")
	if string(whole.Body) != content {
		t.Errorf("the file route gave %d other bytes", len(whole.Body))
	}
	part := a.file(t, l.JobID, l.header(), http.Header{"Range": {"bytes=4-8"}}).want(t, "file, a range", 206, "")
	if string(part.Body) != content[4:9] || part.Header.Get("Repr-Digest") != "sha-256=:"+base64.StdEncoding.EncodeToString(sum[:])+":" {
		t.Errorf("the range is %q with %s", part.Body, part.Header.Get("Repr-Digest"))
	}
	beyond := a.file(t, l.JobID, l.header(), http.Header{"Range": {"bytes=999999999-"}})
	if beyond.Status != 416 || beyond.Code != "aidoc_range_not_satisfiable" || beyond.Tag != tagRefusal { // no signature covers Range
		t.Errorf("a range beyond the end: %s %v", beyond, beyond.Flaw)
	}

	held := l.with(map[string]any{"phase": "summarise", "done": 1, "total": 2, "note": "half"})
	a.Call(t, "/aidoc/v1/beat", map[string]any{"held": []any{held}}).want(t, "beat", 200, "")

	body := l.result(Text{Title: "Minutes", Markdown: "# Minutes\n\nAgreed.", S3Key: "processed/1/text.txt"})
	var first, again struct {
		Status string `json:"status"`
		PostID int64  `json:"post_id"`
	}
	a.Call(t, "/aidoc/v1/result", body).want(t, "result", 200, "").Decode(t, &first)
	a.Call(t, "/aidoc/v1/result", body).want(t, "the same result again", 200, "").Decode(t, &again)
	if first.Status != "accepted" || again.Status != "already_accepted" || first.PostID != again.PostID || first.PostID == 0 {
		t.Errorf("delivered once and again: %+v, %+v", first, again)
	}
	a.leavingWays(t)
	Report.Held(t, "independent client", "join, lease, file, range, beat, result, repeat, release, fail, rotate, echo", "every answer verifies")
}

// leavingWays gives back, fails and rotates.
func (a *Joined) leavingWays(t *testing.T) {
	t.Helper()
	id := document(t, name("walk"), "Another paper "+token(9), 1, 0)
	l := a.take(t, id)
	var gone struct {
		Released []int64 `json:"released"`
	}
	a.Call(t, "/aidoc/v1/release", map[string]any{"leases": []any{l.ref()}, "reason": "going home"}).want(t, "release", 200, "").Decode(t, &gone)
	if len(gone.Released) != 1 || gone.Released[0] != l.JobID {
		t.Errorf("released %v, want %d", gone.Released, l.JobID)
	}
	got, r := a.leases(t, a.ask(1))
	if len(got) != 1 || got[0].Attempt != 1 {
		t.Fatalf("after the release: %v %s", got, r)
	}
	a.Call(t, "/aidoc/v1/fail", got[0].with(map[string]any{"class": "permanent", "code": "encrypted", "message": "It has a password."})).want(t, "fail", 200, "")

	old := a.Client
	a.accept(t, a.Call(t, "/aidoc/v1/rotate", map[string]any{}))
	if a.Key.ID == old.Key.ID {
		t.Error("rotation brought the same key")
	}
	a.Call(t, "/aidoc/v1/echo", map[string]any{}).want(t, "echo under the new key", 200, "")
	old.Call(t, "/aidoc/v1/echo", map[string]any{}).want(t, "echo under the old key", 403, "aidoc_key_revoked")
}

// Each of these is refused by the site's own word, except where the signature does not cover what is wrong or does not
// fit: that answer carries the other tag, so that nobody on the path can make the site say something final.
func TestRefusalsAndTheirTags(t *testing.T) {
	t.Parallel()
	a := join(t, "refused")
	flip := func(header string) func(*http.Request) {
		return func(r *http.Request) {
			v := []byte(r.Header.Get(header))
			i := strings.IndexByte(string(v), ':') + 3
			v[i] = map[bool]byte{true: 'B', false: 'A'}[v[i] == 'A']
			r.Header.Set(header, string(v))
		}
	}
	set := func(header, value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set(header, value) }
	}
	for _, c := range []struct {
		what   string
		change func(*Wire)
		status int
		code   string
		tag    string
	}{
		{"one character of the MAC", func(w *Wire) { w.Sent = flip("Signature") }, 401, "aidoc_signature_invalid", ""}, // bound to a MAC that was never sent
		{"another body's digest", func(w *Wire) { w.Sent = set("Content-Digest", digest([]byte("other"))) }, 400, "aidoc_digest_mismatch", tagRefusal},
		{"another site, unsigned", func(w *Wire) { w.Sent = set("X-Aidoc-Site", "https://other.example") }, 401, "aidoc_signature_invalid", tagRefusal},
		{"a query parameter added", func(w *Wire) { w.Sent = func(r *http.Request) { r.URL.RawQuery = "utm=1" } }, 400, "aidoc_query_refused", tagRefusal},
		{"a method override added", func(w *Wire) { w.Sent = set("X-HTTP-Method-Override", "DELETE") }, 400, "aidoc_query_refused", tagRefusal},
		{"signed for another route", func(w *Wire) {
			w.Route = "/aidoc/v1/beat"
			w.Sent = func(r *http.Request) { r.URL.Path = strings.Replace(r.URL.Path, "/beat", "/echo", 1) }
		}, 421, "aidoc_wrong_route", tagResponse},
		{"signed for another site", func(w *Wire) { w.Site = "https://staging.example" }, 421, "aidoc_wrong_site", tagResponse},
		{"signed six minutes ago", func(w *Wire) { w.Created -= 360 }, 401, "aidoc_clock_skew", tagResponse},
		{"signed in the future", func(w *Wire) { w.Created += 360 }, 401, "aidoc_clock_skew", tagResponse},
		{"a field nobody knows", func(w *Wire) { w.Body = []byte(`{"more":1}`) }, 400, "aidoc_unknown_field", tagResponse},
		{"no JSON", func(w *Wire) { w.Body = []byte(`[]`) }, 400, "aidoc_invalid_field", tagResponse},
	} {
		w := a.wire(http.MethodPost, "/aidoc/v1/echo", map[string]any{})
		c.change(&w)
		r := a.Send(t, w)
		if r.Status != c.status || r.Code != c.code || r.Tag != c.tag {
			broken(t, "middlebox", c.what, "%s, want %d %s (%s); %v", r, c.status, c.code, c.tag, r.Flaw)
		}
	}
	replay := a.wire(http.MethodPost, "/aidoc/v1/echo", map[string]any{})
	a.Send(t, replay).want(t, "a request", 200, "")
	a.Send(t, replay).want(t, "the very request again", 409, "aidoc_replayed")
	Report.Held(t, "middlebox", "eleven changed requests and a replay", "refused by code; only verified requests get the final tag")
}

// The answer to one request is no answer to another one, even of the same route, body and second.
func TestSwappedAnswersDoNotVerify(t *testing.T) {
	t.Parallel()
	a := join(t, "swapped")
	kept := make(chan *Answer, 1)
	var turn int
	defer middlebox.On(
		func(x *Exchange) bool { return x.Key == a.Key.ID },
		func(x *Exchange) *Answer {
			if turn++; turn == 1 {
				answer := x.Pass()
				kept <- answer.clone()
				return answer
			}
			return <-kept
		},
	)()
	a.Call(t, "/aidoc/v1/echo", map[string]any{}).want(t, "the first request", 200, "")
	if r := a.Call(t, "/aidoc/v1/echo", map[string]any{}); r.Tag != "" {
		broken(t, "middlebox", "an old answer", "verifies as %s", r.Tag)
	}
	Report.Held(t, "middlebox", "the answer to an earlier request, kept and given again", "its signature covers the request's")
}
