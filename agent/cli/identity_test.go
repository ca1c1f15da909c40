package cli

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/agent/config"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient/wptest"
)

func storedKey(t *testing.T, dir string) config.SiteKey {
	t.Helper()
	files, _ := filepath.Glob(filepath.Join(dir, "sites", "*.json"))
	if len(files) != 1 {
		t.Fatalf("key files: %v", files)
	}
	k, err := config.LoadKey(files[0])
	if err != nil {
		t.Fatal(err)
	}
	if fi, err := os.Stat(files[0]); err != nil || fi.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", fi.Mode(), err)
	}
	return k
}

// when runs do once, before the first request to a route is answered.
func when(site *wptest.Site, suffix string, do func()) {
	var once sync.Once
	site.Fault(func(r *http.Request) wptest.Fault {
		if strings.HasSuffix(r.Header.Get("X-Aidoc-Route"), suffix) {
			once.Do(do)
		}
		return wptest.Fault{}
	})
}

func requested(site *wptest.Site, suffix string) (n int) {
	for _, r := range site.Requests() {
		if strings.HasSuffix(r.Route, suffix) {
			n++
		}
	}
	return n
}

func TestJoinWithAPublicKey(t *testing.T) {
	t.Parallel()
	site := wptest.New(t)
	dir := t.TempDir()
	code, out, errs := cmd(t, dir, "join", "--identity", "ed25519", site.URL(), site.NewToken())
	if code != exitOK || !strings.Contains(out, "The key (public key) is in ") {
		t.Fatalf("join: exit %d: %s%s", code, out, errs)
	}
	if k := storedKey(t, dir); !strings.HasPrefix(k.KeyID, "ae_") || k.Secret != "" || k.PrivateKey == "" {
		t.Errorf("kept %v", k)
	}
	id := site.AddJob("d.txt", "text/plain", []byte(text))
	if code, _, errs := cmd(t, dir, "once"); code != exitOK || site.Job(id).State != wptest.Done {
		t.Fatalf("once: exit %d, %s: %s", code, site.Job(id).State, errs)
	}
	if _, out, _ := cmd(t, dir, "doctor"); !strings.Contains(out, "(public key), directive run") {
		t.Errorf("doctor does not name the kind of key:\n%s", out)
	}
}

func TestJoinWhereTheSiteDecides(t *testing.T) {
	t.Parallel()
	site := wptest.New(t)
	site.DemandPublicKeys()
	if code, _, errs := cmd(t, t.TempDir(), "join", "--identity", "hmac", site.URL(), site.NewToken()); code != exitRefused || !strings.Contains(errs, "without `--identity hmac`") {
		t.Errorf("exit %d: %s", code, errs)
	}
	dir := joined(t, site)
	if k := storedKey(t, dir); !strings.HasPrefix(k.KeyID, "ae_") {
		t.Errorf("kept %v", k)
	}
}

// The admin makes the demand while the agent holds a document: at whichever of its requests it hears of it, it changes its
// key and goes on.
func TestADemandForPublicKeysLosesNothing(t *testing.T) {
	t.Parallel()
	for _, at := range []string{"/lease", "/file", "/result"} {
		t.Run(at[1:], func(t *testing.T) {
			site := wptest.New(t)
			dir := joined(t, site)
			before := storedKey(t, dir)
			id := site.AddJob("d.txt", "text/plain", []byte(text))
			when(site, at, site.DemandPublicKeys)
			if code, _, errs := cmd(t, dir, "once"); code != exitOK {
				t.Fatalf("once: exit %d: %s", code, errs)
			}
			if j := site.Job(id); j.State != wptest.Done || j.Accepted != 1 || j.Attempt != 1 {
				t.Errorf("%+v", j)
			}
			if k := storedKey(t, dir); k.KeyID == before.KeyID || k.PrivateKey == "" || k.AgentID != before.AgentID || k.RESTRoot != before.RESTRoot {
				t.Errorf("kept %v", k)
			}
			if n := requested(site, "/rotate"); n != 2 {
				t.Errorf("%d rotations: one is refused for want of a public key, one brings it", n)
			}
		})
	}
}

// connected is the connection that every command makes from a data folder.
func connected(t *testing.T, dir string) *siteConn {
	t.Helper()
	e := &env{ctx: t.Context(), stdout: &bytes.Buffer{}, stderr: &bytes.Buffer{}, version: "1"}
	cfg, err := load(e, &commands{DataDir: dir})
	if err != nil {
		t.Fatal(err)
	}
	conns, err := connectAll(cfg, newLogger(e, cfg, levelOf(cfg)), "1")
	if err != nil {
		t.Fatal(err)
	}
	return conns[0]
}

// Requests that are refused side by side change the key once: a second rotation would revoke what the first has brought.
func TestADemandHeardByManyChangesTheKeyOnce(t *testing.T) {
	t.Parallel()
	site := wptest.New(t)
	c := connected(t, joined(t, site))
	site.DemandPublicKeys()
	var all sync.WaitGroup
	errs := make([]error, 8)
	for i := range errs {
		all.Go(func() { _, errs[i] = c.Beat(t.Context(), wpclient.BeatRequest{Held: []wpclient.Held{}}) })
	}
	all.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
	if n := requested(site, "/rotate"); n != 2 {
		t.Errorf("%d rotations", n)
	}
	if c.Identity() != wpclient.IdentityEd25519 {
		t.Error("still a shared secret")
	}
}

// A key that cannot be kept is not used: the old one lives until its successor is used.
func TestAKeyThatCannotBeKeptIsNotUsed(t *testing.T) {
	t.Parallel()
	site := wptest.New(t)
	dir := joined(t, site)
	c := connected(t, dir)
	before := storedKey(t, dir)
	c.conf.KeyFile = filepath.Join(dir, "sites", "no such folder", string(bytes.Repeat([]byte("x"), 300)), "k.json")
	site.DemandPublicKeys()
	if _, err := c.Beat(t.Context(), wpclient.BeatRequest{Held: []wpclient.Held{}}); !wpclient.IsTransient(err) || wpclient.CodeOf(err) != "key_not_kept" {
		t.Errorf("got %v", err)
	}
	if _, err := c.Echo(t.Context()); err != nil || c.Identity() != wpclient.IdentityHMAC {
		t.Errorf("the old key: %v, %s", err, c.Identity())
	}
	if after := storedKey(t, dir); after != before {
		t.Errorf("kept %v", after)
	}
}

// runUntil runs the agent until its log has said words.
func runUntil(t *testing.T, dir, words string) string {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	log := &watchedLog{words: words, seen: stop}
	run(&env{ctx: ctx, stdin: strings.NewReader(""), stdout: log, stderr: log, getenv: os.Getenv, version: "test", tune: hasty}, []string{"--data-dir", dir, "once"})
	if !strings.Contains(log.String(), words) {
		t.Fatalf("the log never said %q:\n%s", words, log)
	}
	return log.String()
}

// watchedLog calls seen when words have been written.
type watchedLog struct {
	mu    sync.Mutex
	text  bytes.Buffer
	words string
	seen  func()
}

func (w *watchedLog) Write(b []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.text.Write(b)
	if strings.Contains(w.text.String(), w.words) {
		w.seen()
	}
	return len(b), nil
}

func (w *watchedLog) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.String()
}

// A site that was restored without its root key signs with a new one. Nothing is final until somebody has joined again;
// then the finished result is delivered.
func TestANewSigningKeyOfTheSiteKeepsTheResult(t *testing.T) {
	t.Parallel()
	site := wptest.New(t)
	dir := t.TempDir()
	if code, _, errs := cmd(t, dir, "join", "--identity", "ed25519", site.URL(), site.NewToken()); code != exitOK {
		t.Fatal(errs)
	}
	id := site.AddJob("d.txt", "text/plain", []byte(text))
	var broken sync.Once
	site.Fault(func(r *http.Request) wptest.Fault {
		f := wptest.Fault{}
		if strings.HasSuffix(r.Header.Get("X-Aidoc-Route"), "/result") {
			broken.Do(func() { site.ReplaceSigningKey(); f.Kind = wptest.DropRequest })
		}
		return f
	})
	runUntil(t, dir, "has a new signing key; join again")
	taken := site.Job(id).Accepted // by a site whose answer did not verify
	site.Fault(nil)
	if code, _, errs := cmd(t, dir, "join", "--identity", "ed25519", site.URL(), site.NewToken()); code != exitOK {
		t.Fatal(errs)
	}
	if code, _, errs := cmd(t, dir, "once"); code != exitOK {
		t.Errorf("exit %d: %s", code, errs)
	}
	if j := site.Job(id); j.State != wptest.Done || j.Accepted != taken+1 {
		t.Errorf("%s, accepted %d times, want once more than %d", j.State, j.Accepted, taken)
	}
}
