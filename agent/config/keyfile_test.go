package config

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func siteKey(site string) SiteKey {
	return SiteKey{Site: site, RESTRoot: site + "/wp-json/", KeyID: "ak_1", Secret: "c2VjcmV0", AgentID: 3, AgentName: "n", JoinedAt: time.Unix(1764000000, 0).UTC()}
}

func TestKeyFileRoundTrip(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state", "sites", "a.example.json")
	want := siteKey("https://a.example")
	for range 2 { // the second time over the first
		if err := SaveKey(path, want); err != nil {
			t.Fatal(err)
		}
	}
	got, err := LoadKey(path)
	if err != nil || got != want {
		t.Fatalf("got %#v, %v", got, err)
	}
	for p, mode := range map[string]os.FileMode{path: 0o600, filepath.Dir(path): 0o700 | os.ModeDir} {
		if fi, err := os.Stat(p); err != nil || fi.Mode() != mode {
			t.Errorf("%s has mode %v, %v", p, fi.Mode(), err)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), ".tmp-*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	if out := fmt.Sprintf("%v %+v %#v", got, got, got); strings.Contains(out, got.Secret) {
		t.Errorf("the secret was printed: %s", out)
	}
}

func TestKeyFileOfAPublicKey(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.example.json")
	want := siteKey("https://a.example")
	want.KeyID, want.Secret, want.PrivateKey, want.SiteKeyID, want.SitePublicKey = "ae_1", "", "cHJpdmF0ZQ==", "sk_1", "cHVibGlj"
	if err := SaveKey(path, want); err != nil {
		t.Fatal(err)
	}
	got, err := LoadKey(path)
	if err != nil || got != want {
		t.Fatalf("got %#v, %v", got, err)
	}
	if out := fmt.Sprintf("%v %+v %#v", got, got, got); strings.Contains(out, got.PrivateKey) {
		t.Errorf("the private half was printed: %s", out)
	}
	raw, err := os.ReadFile(path)
	if err != nil || strings.Contains(string(raw), `"secret"`) {
		t.Errorf("%s, %v", raw, err)
	}
}

func TestLoadKeyRefuses(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "it's")
	path := filepath.Join(folder, "k.json")
	if err := SaveKey(path, siteKey("https://a.example")); err != nil {
		t.Fatal(err)
	}
	for _, mode := range []os.FileMode{0o640, 0o604, 0o660} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		_, err := LoadKey(path)
		if err == nil || !strings.Contains(err.Error(), "chmod 600 '"+strings.ReplaceAll(path, "'", `'\''`)+"'") {
			t.Errorf("mode %o: %v", mode, err)
		}
	}
	if err := os.Chmod(path, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, body := range []string{"", "{", "[]", `{"site":"https://a.example"}`, `{"site":1}`,
		`{"site":"https://a.example","key_id":"ak_1"}`,
		`{"site":"https://a.example","key_id":"ae_1","private_key":"x","site_key_id":"sk_1"}`,
		`{"site":"https://a.example","key_id":"ae_1","site_key_id":"sk_1","site_public_key":"x"}`,
		`{"site":"https://a.example","key_id":"ae_1","secret":"x","private_key":"x","site_key_id":"sk_1","site_public_key":"x"}`,
	} {
		if err := os.WriteFile(path, []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := LoadKey(path); err == nil || !strings.Contains(err.Error(), "join the site again") {
			t.Errorf("%q: %v", body, err)
		}
	}
	if _, err := LoadKey(filepath.Join(folder, "none.json")); !errors.Is(err, ErrNoKey) {
		t.Errorf("missing: %v", err)
	}
}

func TestSitesFromKeyFiles(t *testing.T) {
	env := machine(t)
	cfg, err := Load(Source{Environ: env})
	if err != nil || len(cfg.Sites) != 0 {
		t.Fatalf("%v, %v", cfg, err)
	}
	for _, site := range []string{"https://b.example/blog", "https://a.example"} {
		if err := SaveKey(cfg.KeyFile(site), siteKey(site)); err != nil {
			t.Fatal(err)
		}
	}
	cfg, err = Load(Source{Environ: env})
	if err != nil || len(cfg.Sites) != 2 || cfg.Sites[0].URL != "https://a.example" || cfg.Sites[1].KeyFile != cfg.KeyFile("https://b.example/blog") {
		t.Fatalf("%+v, %v", cfg, err)
	}
	cfg, err = Load(Source{Environ: env, Set: []string{"sites=[{url: https://a.example}]"}})
	if err != nil || len(cfg.Sites) != 1 || cfg.Sites[0].KeyFile != cfg.KeyFile("https://a.example") {
		t.Errorf("sites that are named are the only ones: %+v, %v", cfg, err)
	}
	if err := os.Chmod(cfg.KeyFile("https://a.example"), 0o644); err != nil {
		t.Fatal(err)
	}
	cfg, err = Load(Source{Environ: env})
	if err != nil || len(cfg.Sites) != 1 || cfg.Sites[0].URL != "https://b.example/blog" {
		t.Fatalf("a key that others can read costs more than its site: %+v, %v", cfg, err)
	}
	if len(cfg.BadKeys) != 1 || !strings.Contains(cfg.BadKeys[0].Err.Error(), "chmod 600") {
		t.Errorf("a key that others can read: %+v", cfg.BadKeys)
	}
}
