//go:build e2e

package e2e

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// want checks an outcome: the exit code, and one clear sentence with the words given.
func (o Outcome) want(t *testing.T, code int, words ...string) {
	t.Helper()
	if o.Code != code {
		t.Errorf("exit %d, want %d; standard error:\n%s", o.Code, code, o.Stderr)
	}
	said := strings.TrimSpace(o.Stdout + "\n" + o.Stderr) // doctor reports on standard output
	lines := strings.Split(said, "\n")
	last := lines[len(lines)-1]
	if code != exitOK && len(last) < 20 {
		t.Errorf("no sentence: %q", said)
	}
	for _, word := range words { // "a|b" is satisfied by either
		if !containsAny(said, strings.Split(word, "|")) {
			t.Errorf("it does not say %q:\n%s", word, said)
		}
	}
	for _, leak := range []string{"goroutine ", "panic:", "%!"} {
		if strings.Contains(o.Stderr+o.Stdout, leak) {
			t.Errorf("the output has %q:\n%s", leak, o.Stderr)
		}
	}
}

const someToken = "aidoc1.jt_0123456789abcdef01234567.MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY"

func TestJoinRefusals(t *testing.T) {
	t.Parallel()
	t.Run("site down", func(t *testing.T) {
		closed := httptest.NewServer(nil)
		closed.Close()
		newAgent(t).Join(t, closed.URL, someToken).want(t, exitNoSite)
	})
	t.Run("not a WordPress", func(t *testing.T) {
		other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			_, _ = w.Write([]byte("<!doctype html><title>A shop</title><p>Welcome."))
		}))
		defer other.Close()
		newAgent(t).Join(t, other.URL, someToken).want(t, exitNoSite, "WordPress")
	})
	t.Run("no URL", func(t *testing.T) {
		newAgent(t).Join(t, "www example org", someToken).want(t, exitUsage)
	})
	t.Run("plain http elsewhere", func(t *testing.T) {
		// A name that never resolves: the refusal must come before anything is sent.
		o := newAgent(t).Join(t, "http://site.invalid", someToken)
		if o.Code == exitOK {
			t.Errorf("joined over plain HTTP to another machine")
		}
		o.want(t, o.Code, "http")
	})
	t.Run("half a token", func(t *testing.T) {
		s := use(t, sites.sqlite)
		newAgent(t).Join(t, s.URL, "aidoc1.jt_0123").want(t, exitUsage, "token")
	})
	t.Run("unknown token", func(t *testing.T) {
		s := use(t, sites.sqlite)
		newAgent(t).Join(t, s.URL, someToken).want(t, exitRefused)
	})
	t.Run("token used before", func(t *testing.T) {
		s := use(t, sites.sqlite)
		token := s.Token(t, "twice")
		newAgent(t).Join(t, s.URL, token).want(t, exitOK)
		newAgent(t).Join(t, s.URL, token).want(t, exitRefused, "used|before|once")
	})
	t.Run("token expired", func(t *testing.T) {
		s := use(t, sites.sqlite)
		token := s.Token(t, "late")
		id := strings.Split(token, ".")[1]
		s.SQL(t, "UPDATE {p}aidoc_keys SET expires_at = 1 WHERE key_id = '%s'", id)
		newAgent(t).Join(t, s.URL, token).want(t, exitRefused, "expired|older")
	})
	t.Run("plugin inactive", func(t *testing.T) {
		s := testSite(t, "--no-plugin")
		newAgent(t).Join(t, s.URL, someToken).want(t, exitNoSite, "plugin")
	})
	t.Run("clock off by ten minutes", func(t *testing.T) {
		s := testSite(t, "--clock", "+10m")
		newAgent(t).Join(t, s.URL, s.Token(t, "skewed")).want(t, exitRefused, "clock")
	})
}

func TestRefusalsAfterJoin(t *testing.T) {
	t.Parallel()
	t.Run("wrong key", func(t *testing.T) {
		s := use(t, sites.sqlite)
		a := joined(t, s, "forger")
		spoilKey(t, a)
		a.Do(t, "once").want(t, exitRefused, "key")
		a.Do(t, "doctor").want(t, exitRefused)
	})
	t.Run("revoked", func(t *testing.T) {
		s := use(t, sites.sqlite)
		a := joined(t, s, "dismissed")
		s.WP(t, "revoke", "dismissed")
		a.Do(t, "once").want(t, exitRefused, "revoked")
	})
	t.Run("site down", func(t *testing.T) {
		s := testSite(t)
		a := joined(t, s, "patient")
		if err := s.Stop(); err != nil {
			t.Fatal(err)
		}
		a.Do(t, "doctor").want(t, exitNoSite)
		if err := s.Start(); err != nil {
			t.Fatal(err)
		}
		a.Do(t, "doctor").want(t, exitOK)
	})
	t.Run("plugin switched off", func(t *testing.T) {
		s := testSite(t)
		a := joined(t, s, "early")
		s.WP(t, "deactivate")
		a.Do(t, "doctor").want(t, exitNoSite, "plugin")
	})
	t.Run("not joined", func(t *testing.T) {
		newAgent(t).Do(t, "once").want(t, exitUsage, "join")
	})
	t.Run("journal in use", func(t *testing.T) {
		s := use(t, sites.sqlite)
		a := joined(t, s, "first")
		a.Run(t)
		awaitSeen(t, s, "first")
		a.Do(t, "once").want(t, exitLocal)
	})
	t.Run("unknown field in the configuration", func(t *testing.T) {
		a := newAgent(t)
		file := filepath.Join(t.TempDir(), "agent.yaml")
		if err := os.WriteFile(file, []byte("summary:\n  provder: openai\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		a.Do(t, "--config", file, "doctor").want(t, exitUsage, "provder")
	})
}

// spoilKey changes one character of the agent's secret.
func spoilKey(t *testing.T, a *Agent) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(a.Dir, "sites", "*.json"))
	if err != nil || len(files) != 1 {
		t.Fatalf("key files %v, %v", files, err)
	}
	info, err := os.Stat(files[0])
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the key file has mode %v, want 0600 (%v)", info.Mode().Perm(), err)
	}
	b, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	var key map[string]any
	if err := json.Unmarshal(b, &key); err != nil {
		t.Fatal(err)
	}
	secret := []byte(key["secret"].(string))
	secret[10] = map[bool]byte{true: 'B', false: 'A'}[secret[10] == 'A']
	key["secret"] = string(secret)
	b, _ = json.Marshal(key)
	if err := os.WriteFile(files[0], b, 0o600); err != nil {
		t.Fatal(err)
	}
}
