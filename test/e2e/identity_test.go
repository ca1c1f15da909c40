//go:build e2e

package e2e

import (
	"encoding/base64"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// key is the agent's key file.
func (a *Agent) key(t *testing.T) (k struct {
	KeyID      string `json:"key_id"`
	Secret     string `json:"secret"`
	PrivateKey string `json:"private_key"`
}) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(a.Dir, "sites", "*.json"))
	if err != nil || len(files) != 1 {
		t.Fatalf("key files %v, %v", files, err)
	}
	b, err := os.ReadFile(files[0])
	if err == nil {
		err = json.Unmarshal(b, &k)
	}
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// works has the agent work off a new document.
func (a *Agent) works(t *testing.T, s *Site, name string) {
	t.Helper()
	id := s.Upload(t, name, []byte("The council agreed on "+name+". The bridge is repaired before winter."))
	a.Do(t, "once").want(t, exitOK)
	if item := s.AwaitRest(t, time.Minute, id)[id]; item.State != "done" {
		t.Fatalf("%s is %q (%s)", name, item.State, item.Detail)
	}
}

// define defines a constant on the site, and returns what takes it away again. Not in wp-config.php: PHP would keep that one for seconds.
func (s *Site) define(t *testing.T, name, value string) (undo func()) {
	t.Helper()
	return s.muPlugin(t, strings.ToLower(name), "<?php\ndefine( '"+name+"', '"+value+"' );\n")
}

// One agent's life: it joins with a shared secret, the admin demands public keys, then asks for a new key; the site gets a
// root key of its own, and loses it. No copy of the database holds what would forge its requests.
func TestIdentityByPublicKey(t *testing.T) {
	t.Parallel()
	s := testSite(t)
	a := joined(t, s, "reader")
	if k := a.key(t); !strings.HasPrefix(k.KeyID, "ak_") {
		t.Fatalf("joined as %s, though nobody asked for a public key", k.KeyID)
	}
	a.works(t, s, "one.txt")

	s.WP(t, "setting", "require_public_keys", "true")
	newAgent(t).Join(t, s.URL, s.Token(t, "old"), "--identity", "hmac").want(t, exitRefused, "--identity hmac")
	a.works(t, s, "two.txt")
	second := a.key(t)
	if !strings.HasPrefix(second.KeyID, "ae_") || second.Secret != "" {
		t.Fatalf("demanded a public key, the agent has %s", second.KeyID)
	}

	s.SQL(t, "UPDATE {p}aidoc_agents SET rotation_requested = 1")
	a.works(t, s, "three.txt")
	third := a.key(t)
	if third.KeyID == second.KeyID || !strings.HasPrefix(third.KeyID, "ae_") {
		t.Errorf("asked for a new key, the agent has %s", third.KeyID)
	}
	for _, k := range []string{second.PrivateKey, third.PrivateKey} {
		raw, err := base64.StdEncoding.DecodeString(k)
		if err != nil || len(raw) != 32 {
			t.Fatalf("a private key of %d bytes, %v", len(raw), err)
		}
	}
	if n := s.Count(t, "SELECT COUNT(*) AS n FROM {p}aidoc_keys WHERE key_id IN ('%s','%s') AND algorithm = 'ed25519' AND public_key <> ''", second.KeyID, third.KeyID); n != 2 {
		t.Errorf("the site has the public half of %d keys, want 2", n)
	}

	undo := s.define(t, "AIDOC_KEY", "b1Jx0q-9sT5oWc3rLkYhZ7nD2vEaMfUgPiX4")
	a.works(t, s, "four.txt") // moved under the new root key by this very run
	undo()
	other := newAgent(t)
	other.Join(t, s.URL, s.Token(t, "newcomer"), "--identity", "ed25519").want(t, exitOK) // the site can make no use of its signing key, and makes another
	a.Do(t, "doctor").want(t, exitNoSite, "create new join commands")
	other.works(t, s, "five.txt")
}
