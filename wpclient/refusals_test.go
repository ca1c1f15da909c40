package wpclient_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient/wptest"
)

// The site's own, signed word about a lease ends the work under it.
func TestSignedRefusals(t *testing.T) {
	for name, c := range map[string]struct {
		do     func(*wptest.Site, wpclient.Lease)
		kind   wpclient.Kind
		code   string
		status int
	}{
		"expired and put back": {func(s *wptest.Site, l wpclient.Lease) { s.Expire(l.JobID) }, wpclient.Lost, wpclient.CodeLeaseLost, 409},
		"cancelled":            {func(s *wptest.Site, l wpclient.Lease) { s.Cancel(l.JobID) }, wpclient.Cancelled, wpclient.CodeCancelled, 410},
		"source changed":       {func(s *wptest.Site, l wpclient.Lease) { s.ReplaceSource(l.JobID) }, wpclient.SourceChanged, wpclient.CodeSource, 409},
		"key revoked":          {func(s *wptest.Site, l wpclient.Lease) { s.Revoke(s.Key().KeyID) }, wpclient.Refused, wpclient.CodeKeyRevoked, 403},
		"clock":                {func(s *wptest.Site, l wpclient.Lease) { s.SetClockOffset(10 * time.Minute) }, wpclient.Refused, wpclient.CodeClockSkew, 401},
	} {
		t.Run(name, func(t *testing.T) {
			s := wptest.New(t)
			cl := client(t, s, wpclient.Options{})
			lease := leaseOne(t, s, cl, "%PDF")
			body, err := wpclient.EncodeResult(resultFor(lease))
			if err != nil {
				t.Fatal(err)
			}
			c.do(s, lease)
			_, errResult := cl.Result(ctx(t), body)
			_, errFail := cl.Fail(ctx(t), wpclient.FailRequest{LeaseRef: lease.Ref(), Class: "permanent", Code: "x", Message: "y"})
			_, errFile := cl.File(ctx(t), lease.Ref(), 0)
			if c.kind != wpclient.Refused {
				// The lease travels in a header there, which no signature covers: a beat tells what is true.
				if e := theError(t, errFile); e.Kind != wpclient.Transient || e.Code != c.code || e.Signed {
					t.Errorf("file: %+v", e)
				}
				errFile = errFail
			}
			for op, err := range map[string]error{"result": errResult, "fail": errFail, "file": errFile} {
				e := theError(t, err)
				if e.Kind != c.kind || e.Code != c.code || e.Status != c.status || !e.Signed {
					t.Errorf("%s: %+v", op, e)
				}
				if !strings.Contains(e.Message, "127.0.0.1") {
					t.Errorf("%s does not name the site: %s", op, e.Message)
				}
			}
			if c.kind == wpclient.Refused == wpclient.IsLeaseOver(errResult) {
				t.Errorf("lease over: %v", wpclient.IsLeaseOver(errResult))
			}
		})
	}
}

func TestResultConflict(t *testing.T) {
	s := wptest.New(t)
	c := client(t, s, wpclient.Options{})
	r := resultFor(leaseOne(t, s, c, "%PDF"))
	body, _ := wpclient.EncodeResult(r)
	if _, err := c.Result(ctx(t), body); err != nil {
		t.Fatal(err)
	}
	r.Title = "Another"
	body, _ = wpclient.EncodeResult(r)
	_, err := c.Result(ctx(t), body)
	if e := theError(t, err); e.Kind != wpclient.Conflict || e.Status != 422 || !e.Signed {
		t.Errorf("%+v", e)
	}
}

func TestClockSentence(t *testing.T) {
	for _, c := range []struct {
		offset time.Duration
		want   string
	}{{10 * time.Minute, "10m0s behind"}, {-10 * time.Minute, "10m0s ahead of"}} {
		s := wptest.New(t)
		s.SetClockOffset(c.offset)
		_, err := client(t, s, wpclient.Options{}).Echo(ctx(t))
		e := theError(t, err)
		// The two clocks are read at different moments: allow a second between them.
		near := strings.NewReplacer("9m59s", "10m0s", "10m1s", "10m0s").Replace(e.Message)
		if !strings.Contains(near, c.want) || !strings.Contains(e.Message, "timedatectl") || e.ServerNow.IsZero() {
			t.Errorf("%s, server's time %s", e.Message, e.ServerNow)
		}
	}
}

func TestWrongSite(t *testing.T) {
	s := wptest.New(t)
	site := s.Site()
	site.Home = "https://production.example.org"
	_, err := clientFor(t, site, s.Key(), wpclient.Options{RESTRoot: site.RESTRoot}).Echo(ctx(t))
	e := theError(t, err)
	if e.Kind != wpclient.Refused || e.Code != wpclient.CodeWrongSite || !e.Signed {
		t.Fatalf("%+v", e)
	}
	for _, want := range []string{"https://production.example.org", s.URL()} {
		if !strings.Contains(e.Message, want) {
			t.Errorf("%q does not name %s", e.Message, want)
		}
	}
}

// A site cannot sign for a key it does not know, and an agent cannot verify what is signed with another secret. Both are
// said to the person who reads it, and neither ends anything: anybody can send such an answer.
func TestKeyThatTheSiteDoesNotHave(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(*wptest.Site, *wpclient.Key)
		code  string
		say   string
	}{
		"other secret": {func(_ *wptest.Site, k *wpclient.Key) { k.Secret[7] ^= 1 }, wpclient.CodeKeyMismatch, "does not accept this agent's key"},
		"unknown":      {func(s *wptest.Site, k *wpclient.Key) { s.Forget(k.KeyID) }, wpclient.CodeKeyUnknown, "does not know this agent's key"},
	} {
		t.Run(name, func(t *testing.T) {
			s := wptest.New(t)
			key := s.Key()
			key.Secret = slices.Clone(key.Secret)
			c.spoil(s, &key)
			_, err := clientFor(t, s.Site(), key, wpclient.Options{}).Echo(ctx(t))
			if e := theError(t, err); e.Kind != wpclient.Transient || e.Code != c.code || e.Signed || !strings.Contains(e.Message, c.say) {
				t.Fatalf("%+v", e)
			}
		})
	}
}

// Every word that the site did not sign is Transient, whatever status and code it claims.
func TestUnsignedRefusalsAreTransient(t *testing.T) {
	for _, code := range []string{wpclient.CodeLeaseLost, wpclient.CodeCancelled, wpclient.CodeKeyRevoked, wpclient.CodeSource,
		wpclient.CodeConflict, wpclient.CodeClockSkew, wpclient.CodeKeyUnknown, "rest_no_route", "rest_forbidden", "<script>\x1b[31m"} {
		for _, status := range []int{200, 400, 401, 403, 404, 409, 410, 413, 421, 422, 429, 500} {
			t.Run(fmt.Sprintf("%d %s", status, code), func(t *testing.T) {
				c := rawClient(t, func(w http.ResponseWriter, r *http.Request) {
					w.Header().Set("Content-Type", "application/json")
					w.WriteHeader(status)
					json.NewEncoder(w).Encode(map[string]any{"code": code, "message": "no", "data": map[string]any{"status": status}})
				})
				_, err := c.Result(ctx(t), []byte("{}"))
				e := theError(t, err)
				if e.Kind != wpclient.Transient || e.Signed || e.Status != status {
					t.Errorf("%+v", e)
				}
				if strings.ContainsAny(e.Error(), "\x1b\n") {
					t.Errorf("unprintable: %q", e.Error())
				}
			})
		}
	}
}

func TestRetryAfter(t *testing.T) {
	s := wptest.New(t)
	s.Fault(func(*http.Request) wptest.Fault {
		return wptest.Fault{Kind: wptest.Unavailable, RetryAfter: 42 * time.Second}
	})
	_, err := client(t, s, wpclient.Options{}).Echo(ctx(t))
	if !wpclient.IsTransient(err) || wpclient.RetryAfter(fmt.Errorf("wrapped: %w", err)) != 42*time.Second {
		t.Errorf("%v, %s", err, wpclient.RetryAfter(err))
	}
}

func TestHelpersOnForeignErrors(t *testing.T) {
	err := errors.New("something else")
	if wpclient.KindOf(err) != "" || wpclient.CodeOf(err) != "" || wpclient.IsTransient(err) || wpclient.IsLeaseOver(err) || wpclient.IsRefused(nil) {
		t.Error("an error of somebody else was classified")
	}
}

func TestSecretsDoNotShow(t *testing.T) {
	s := wptest.New(t)
	log, out := logger()
	key := s.Key()
	joined, err := wpclient.Join(ctx(t), s.Site(), s.NewToken(), agentInfo(), wpclient.Options{Logger: log})
	if err != nil {
		t.Fatal(err)
	}
	c := client(t, s, wpclient.Options{Logger: log})
	c.Echo(ctx(t))
	s.Revoke(key.KeyID)
	_, refused := c.Echo(ctx(t))
	asJSON, _ := json.Marshal(key)
	log.Info("x", "key", key, "secret", key.Secret, "joined", joined, "error", refused, slog.Any("client", key.Secret))
	shown := fmt.Sprintf("%v %+v %#v %s %q %x %s", key, key, key, key.Secret, key.Secret, string(asJSON), joined) +
		fmt.Sprintf("%+v %#v", joined, joined) + out.String() + refused.Error()
	for name, secret := range map[string]string{
		"key": key.Secret.Base64(), "bytes": string(key.Secret), "hex": fmt.Sprintf("%x", []byte(key.Secret)),
		"go": strings.Trim(fmt.Sprintf("%#v", []byte(key.Secret)), "[]byte{}")[:40], "joined": joined.Secret,
	} {
		if strings.Contains(shown, secret) {
			t.Errorf("%s: shown", name)
		}
	}
	if strings.Count(out.String(), "site request") != 3 {
		t.Errorf("log: %s", out.String())
	}
}
