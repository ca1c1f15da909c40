package wpclient_test

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient/wptest"
)

// One document's whole way over the wire, on each kind of site address.
func TestWholeWay(t *testing.T) {
	for name, opts := range map[string][]wptest.Option{
		"pretty permalinks": nil,
		"plain permalinks":  {wptest.PlainPermalinks()},
		"in a folder":       {wptest.Subdirectory("/Blog")},
		"both":              {wptest.Subdirectory("/a/b"), wptest.PlainPermalinks()},
	} {
		t.Run(name, func(t *testing.T) { walk(t, wptest.New(t, opts...)) })
	}
}

func walk(t *testing.T, s *wptest.Site) {
	site, err := wpclient.Discover(ctx(t), s.URL(), wpclient.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if site != s.Site() {
		t.Fatalf("discovered %+v, want %+v", site, s.Site())
	}
	joined, err := wpclient.Join(ctx(t), site, s.NewToken(), agentInfo(), wpclient.Options{})
	if err != nil {
		t.Fatal(err)
	}
	key, err := joined.Key()
	if err != nil {
		t.Fatal(err)
	}
	c := clientFor(t, site, key, wpclient.Options{})
	lease := leaseOne(t, s, c, "%PDF-1.7 the document")
	file, err := c.File(ctx(t), lease.Ref(), 0)
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(file)
	file.Close()
	if err != nil || string(data) != "%PDF-1.7 the document" || file.SHA256 != lease.SHA256 || file.Total != lease.Bytes || !file.Resumable {
		t.Fatalf("file: %q, %+v, %v", data, file, err)
	}
	beat, err := c.Beat(ctx(t), wpclient.BeatRequest{Held: []wpclient.Held{{LeaseRef: lease.Ref(), Phase: "ocr", Done: 1, Total: 2,
		Checkpoint: json.RawMessage(`{"pages":[1]}`)}}})
	if err != nil || len(beat.Leases) != 1 || beat.Leases[0].Status != "ok" {
		t.Fatalf("beat: %+v, %v", beat, err)
	}
	body, err := wpclient.EncodeResult(resultFor(lease))
	if err != nil {
		t.Fatal(err)
	}
	first, err := c.Result(ctx(t), body)
	if err != nil || first.Status != "accepted" || first.PostID == 0 {
		t.Fatalf("result: %+v, %v", first, err)
	}
	second, err := c.Result(ctx(t), body)
	if err != nil || second.Status != "already_accepted" || second.PostID != first.PostID {
		t.Fatalf("result again: %+v, %v", second, err)
	}
	if j := s.Job(lease.JobID); j.State != wptest.Done || j.Result.Title != "Über <b>alles</b> & mehr" || string(j.ResultBody) != string(body) {
		t.Fatalf("stored %+v", j)
	}
}

func TestFailAndRelease(t *testing.T) {
	s := wptest.New(t)
	c := client(t, s, wpclient.Options{})
	lease := leaseOne(t, s, c, "%PDF")
	released, err := c.Release(ctx(t), wpclient.ReleaseRequest{Leases: []wpclient.LeaseRef{lease.Ref()}, Reason: "shutdown"})
	if err != nil || len(released.Released) != 1 {
		t.Fatalf("%+v, %v", released, err)
	}
	if j := s.Job(lease.JobID); j.State != wptest.Queued || j.Attempt != 0 {
		t.Fatalf("after release: %+v", j)
	}
	again, err := c.Lease(ctx(t), leaseRequest("0b8f2c54-7d0a-4d3f-9a51-3f0d8a2c7e12"))
	if err != nil || len(again.Leases) != 1 {
		t.Fatalf("%+v, %v", again, err)
	}
	failed, err := c.Fail(ctx(t), wpclient.FailRequest{LeaseRef: again.Leases[0].Ref(), Class: "transient", Code: "model_unavailable",
		Message: strings.Repeat("ä", 600), RetryAfterS: 90})
	if err != nil || failed.State != "queued" || failed.AvailableInMS != 90_000 {
		t.Fatalf("%+v, %v", failed, err)
	}
	if m := s.Job(lease.JobID).Failures[0].Message; len([]rune(m)) != 500 {
		t.Errorf("message of %d characters", len([]rune(m)))
	}
	if _, err := c.Fail(ctx(t), wpclient.FailRequest{LeaseRef: again.Leases[0].Ref(), Class: "permanent", Code: "x", Message: "y"}); wpclient.KindOf(err) != wpclient.Lost {
		t.Errorf("second report under the same lease: %v", err)
	}
}

func TestLeaseAnswerLostIsGivenAgain(t *testing.T) {
	s := wptest.New(t)
	c := client(t, s, wpclient.Options{})
	id := s.AddJob("a.pdf", "application/pdf", []byte("%PDF"))
	s.FaultOnce("/lease", wptest.Fault{Kind: wptest.DropAnswer})
	if _, err := c.Lease(ctx(t), leaseRequest(uuid)); !wpclient.IsTransient(err) {
		t.Fatalf("lost answer: %v", err)
	}
	got, err := c.Lease(ctx(t), leaseRequest(uuid))
	if err != nil || len(got.Leases) != 1 || got.Leases[0].JobID != id || got.Leases[0].Epoch != 1 {
		t.Fatalf("asked again: %+v, %v", got, err)
	}
}

func TestNilListsTravelAsLists(t *testing.T) {
	s := wptest.New(t)
	c := client(t, s, wpclient.Options{})
	if _, err := c.Lease(ctx(t), wpclient.LeaseRequest{RequestID: uuid, Agent: agentInfo()}); err != nil {
		t.Error(err)
	}
	if _, err := c.Beat(ctx(t), wpclient.BeatRequest{}); err != nil {
		t.Error(err)
	}
	if _, err := c.Release(ctx(t), wpclient.ReleaseRequest{Reason: "x"}); err != nil {
		t.Error(err)
	}
	body, err := wpclient.EncodeResult(wpclient.Result{})
	if err != nil || !strings.Contains(string(body), `"pages_failed":[]`) {
		t.Errorf("%s, %v", body, err)
	}
}

func TestEcho(t *testing.T) {
	s := wptest.New(t)
	got, err := client(t, s, wpclient.Options{}).Echo(ctx(t))
	if err != nil || got.Method != "POST" || got.Route != "/aidoc/v1/echo" || got.Site != s.URL() || len(got.Headers) != 5 {
		t.Fatalf("%+v, %v", got, err)
	}
}

// A rotated key takes over at its first use, and not before: the agent may be killed between getting and storing it.
func TestRotate(t *testing.T) {
	s := wptest.New(t)
	old := client(t, s, wpclient.Options{})
	answer, err := old.Rotate(ctx(t))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := old.Echo(ctx(t)); err != nil {
		t.Fatalf("old key before the new one's use: %v", err)
	}
	key, err := answer.Key()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := clientFor(t, s.Site(), key, wpclient.Options{}).Echo(ctx(t)); err != nil {
		t.Fatalf("new key: %v", err)
	}
	_, err = old.Echo(ctx(t))
	if e := theError(t, err); e.Kind != wpclient.Refused || e.Code != wpclient.CodeKeyRevoked || !e.Signed {
		t.Fatalf("old key after the new one's use: %+v", e)
	}
}

// A key that is none must be found out before it is stored.
func TestKeyOfAnAnswer(t *testing.T) {
	good := base64.StdEncoding.EncodeToString(make([]byte, 64))
	for name, c := range map[string]struct {
		id, secret string
		ok         bool
	}{
		"good":         {"ak_0123456789abcdef01234567", good, true},
		"short":        {"ak_0123456789abcdef01234567", good[:40], false},
		"empty":        {"ak_0123456789abcdef01234567", "", false},
		"not base64":   {"ak_0123456789abcdef01234567", strings.Repeat("!", 88), false},
		"token's name": {"jt_0123456789abcdef01234567", good, false},
		"no name":      {"", good, false},
		"upper case":   {"ak_0123456789ABCDEF01234567", good, false},
		"public key":   {"ae_0123456789abcdef01234567", good, false},
		"line feed":    {"ak_0123456789abcdef0123456\n", good, false},
	} {
		_, joined := wpclient.JoinResponse{NewKey: wpclient.NewKey{KeyID: c.id, Secret: c.secret}}.Key()
		_, rotated := wpclient.RotateResponse{NewKey: wpclient.NewKey{KeyID: c.id, Secret: c.secret}}.Key()
		if (joined == nil) != c.ok || (rotated == nil) != c.ok {
			t.Errorf("%s: %v, %v", name, joined, rotated)
		}
	}
}

func TestStoredSecret(t *testing.T) {
	secret := wpclient.Secret(make([]byte, 64))
	if got, err := wpclient.ParseSecret(secret.Base64() + "\n"); err != nil || string(got) != string(secret) {
		t.Errorf("%v", err)
	}
	for _, bad := range []string{"", "AAAA", "[redacted]", strings.Repeat("!", 88)} {
		if _, err := wpclient.ParseSecret(bad); !wpclient.IsRefused(err) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func TestJoinRefusals(t *testing.T) {
	s := wptest.New(t)
	used := s.NewToken()
	if _, err := wpclient.Join(ctx(t), s.Site(), used, agentInfo(), wpclient.Options{}); err != nil {
		t.Fatal(err)
	}
	unknown := "aidoc1.jt_aaaabbbbccccddddeeeeffff." + strings.Repeat("A", 43)
	expired := s.NewToken()
	s.ExpireTokens()
	for name, c := range map[string]struct {
		token, code string
		kind        wpclient.Kind
		signed      bool
	}{
		"used":      {used, wpclient.CodeTokenUsed, wpclient.Refused, true},
		"expired":   {expired, wpclient.CodeTokenExpired, wpclient.Refused, true},
		"unknown":   {unknown, wpclient.CodeKeyUnknown, wpclient.Transient, false}, // anybody could say so
		"empty":     {"", wpclient.CodeBadToken, wpclient.Refused, false},
		"cut":       {used[:50], wpclient.CodeBadToken, wpclient.Refused, false},
		"key id":    {strings.Replace(used, "jt_", "ak_", 1), wpclient.CodeBadToken, wpclient.Refused, false},
		"version 2": {strings.Replace(used, "aidoc1", "aidoc2", 1), wpclient.CodeBadToken, wpclient.Refused, false},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := wpclient.Join(ctx(t), s.Site(), c.token, agentInfo(), wpclient.Options{})
			e := theError(t, err)
			if e.Kind != c.kind || e.Code != c.code || e.Signed != c.signed {
				t.Errorf("%+v", e)
			}
			if !strings.Contains(e.Message, "token") {
				t.Errorf("does not tell about the token: %s", e.Message)
			}
			if len(c.token) > 40 && strings.Contains(err.Error(), c.token[35:]) {
				t.Errorf("shows the token: %v", err)
			}
		})
	}
}
