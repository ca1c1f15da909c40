//go:build attacks

package attacks

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// pairSealer signs with the agent's own key and verifies with the one that the site showed at the join.
type pairSealer struct {
	own    ed25519.PrivateKey
	siteID string
	site   ed25519.PublicKey
}

func (p pairSealer) sign(base string) []byte { return ed25519.Sign(p.own, []byte(base)) }

func (p pairSealer) verify(keyID, base string, signature []byte) error {
	if keyID != p.siteID {
		return fmt.Errorf("the answer is signed with %s, pinned is %s", keyID, p.siteID)
	}
	if !ed25519.Verify(p.site, []byte(base), signature) {
		return errors.New("the site's signature does not fit")
	}
	return nil
}

// adopt takes a public identity out of the answer to /join or /rotate: no secret travels.
func (a *Joined) adopt(t *testing.T, r Reply, own ed25519.PrivateKey) {
	t.Helper()
	if r.Status != http.StatusOK || !r.Verified() {
		t.Fatalf("no public identity: %s %v %.300s", r, r.Flaw, r.Body)
	}
	var out struct {
		KeyID   string `json:"key_id"`
		Secret  string `json:"secret"`
		SiteKey struct {
			KeyID     string `json:"key_id"`
			PublicKey string `json:"public_key"`
		} `json:"site_key"`
		Agent struct {
			ID int64 `json:"id"`
		} `json:"agent"`
	}
	r.Decode(t, &out)
	pinned, err := base64.StdEncoding.DecodeString(out.SiteKey.PublicKey)
	if err != nil || len(pinned) != ed25519.PublicKeySize || !strings.HasPrefix(out.KeyID, "ae_") || !strings.HasPrefix(out.SiteKey.KeyID, "sk_") || out.Secret != "" {
		t.Fatalf("not what section 3 says of public keys: %.400s", r.Body)
	}
	a.Key = Key{ID: out.KeyID, seal: pairSealer{own, out.SiteKey.KeyID, pinned}}
	if out.Agent.ID > 0 {
		a.ID = out.Agent.ID
	}
}

func newPair(t *testing.T) (public string, own ed25519.PrivateKey) {
	t.Helper()
	pub, own, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(pub), own
}

// joinPublic joins with a key pair of the agent's own.
func joinPublic(t *testing.T, what string) *Joined {
	t.Helper()
	a := &Joined{Name: name(what), Slots: 2}
	a.Type = "x-attacks/" + a.Name
	a.Client = Client{Root: rest(), Site: site.URL, Key: tokenKey(t, invite(t, a.Name))}
	public, own := newPair(t)
	r := a.Call(t, "/aidoc/v1/join", map[string]any{"token": a.Key.ID, "agent": machine(a.Slots), "public_key": public})
	a.adopt(t, r, own)
	return a
}

// The same walk with public keys: join, work, renew; and from a shared secret to a pair.
func TestPublicKeyWalk(t *testing.T) {
	t.Parallel()
	a := joinPublic(t, "public")
	l := a.take(t, document(t, name("public"), "paper "+token(9), 1, 0))
	a.file(t, l.JobID, l.header(), nil).want(t, "file", 200, "")
	a.file(t, l.JobID, l.header(), http.Header{"Range": {"bytes=0-3"}}).want(t, "file, a range", 206, "")
	a.deliver(t, l, Text{Title: "Signed", Markdown: "By a pair."})

	public, own := newPair(t)
	old := a.Client
	a.adopt(t, a.Call(t, "/aidoc/v1/rotate", map[string]any{"public_key": public}), own)
	a.Call(t, "/aidoc/v1/echo", map[string]any{}).want(t, "echo under the new pair", 200, "")
	old.Call(t, "/aidoc/v1/echo", map[string]any{}).want(t, "echo under the old pair", 403, "aidoc_key_revoked")

	shared := join(t, "mover")
	public, own = newPair(t)
	shared.adopt(t, shared.Call(t, "/aidoc/v1/rotate", map[string]any{"public_key": public}), own)
	shared.Call(t, "/aidoc/v1/echo", map[string]any{}).want(t, "echo after the move to a pair", 200, "")
	Report.Held(t, "independent client", "Ed25519: join, file, range, result, rotate; from HMAC to Ed25519", "every answer verifies with the pinned key")
}

// Where the administrator demands public keys, a shared secret does nothing but change into one. Not parallel: the demand
// is the site's.
func TestDemandedPublicKeys(t *testing.T) {
	a := join(t, "demanded")
	site.set(t, "require_public_keys", true)
	defer site.set(t, "require_public_keys", false)
	for route, body := range map[string]any{"/aidoc/v1/lease": a.ask(1), "/aidoc/v1/beat": map[string]any{"held": []any{}}, "/aidoc/v1/rotate": map[string]any{}} {
		a.Call(t, route, body).want(t, route, 403, "aidoc_public_key_required")
	}
	a.Call(t, "/aidoc/v1/echo", map[string]any{}).want(t, "echo", 200, "")
	token := tokenKey(t, invite(t, name("demanded")))
	late := Client{rest(), site.URL, token}
	late.Call(t, "/aidoc/v1/join", map[string]any{"token": token.ID, "agent": machine(1)}).want(t, "join without a public key", 403, "aidoc_public_key_required")
	public, own := newPair(t)
	a.adopt(t, a.Call(t, "/aidoc/v1/rotate", map[string]any{"public_key": public}), own)
	a.Call(t, "/aidoc/v1/lease", a.ask(1)).want(t, "lease with the pair", 200, "")
	Report.Held(t, "leaked database", "a shared secret where the administrator demands public keys", "403 aidoc_public_key_required; /rotate changes it into a pair")
}

// Neither algorithm is taken for the other, and a pair is bound to its key id.
func TestAlgorithmsAreNotConfused(t *testing.T) {
	t.Parallel()
	a, b, shared := joinPublic(t, "pair-a"), joinPublic(t, "pair-b"), join(t, "shared")
	pair := a.Key.seal.(pairSealer)
	public := []byte(pair.own.Public().(ed25519.PublicKey))
	for what, key := range map[string]Key{
		"an HMAC keyed with the agent's public key":          {ID: a.Key.ID, seal: macSealer{a.Key.ID, public}},
		"an HMAC keyed with the site's public key":           {ID: a.Key.ID, seal: macSealer{a.Key.ID, pair.site}},
		"an HMAC keyed with nothing":                         {ID: a.Key.ID, seal: macSealer{a.Key.ID, nil}},
		"another agent's pair":                               {ID: a.Key.ID, seal: b.Key.seal},
		"a pair under the id of a shared secret":             {ID: shared.Key.ID, seal: pair},
		"the id of the site's own key":                       {ID: pair.siteID, seal: macSealer{pair.siteID, pair.site}},
		"a shared secret under the prefix of public keys":    {ID: "ae_" + shared.Key.ID[3:], seal: shared.Key.seal},
		"an all-zero signature":                              {ID: a.Key.ID, seal: constant(make([]byte, 64))},
		"the signature of the identity point (R = 1, S = 0)": {ID: a.Key.ID, seal: constant(append([]byte{1}, make([]byte, 63)...))},
	} {
		w := Client{a.Root, a.Site, key}
		if r := w.Call(t, "/aidoc/v1/echo", map[string]any{}); r.Status < 400 || r.Status >= 500 {
			broken(t, "forger", what, "%s", r)
		}
	}
	for what, point := range map[string][]byte{"zero": make([]byte, 32), "the neutral element": append([]byte{1}, make([]byte, 31)...), "all ones": bytes.Repeat([]byte{255}, 32)} {
		c := &Joined{Client: Client{Root: rest(), Site: site.URL, Key: tokenKey(t, invite(t, name("weak")))}}
		r := c.Call(t, "/aidoc/v1/join", map[string]any{"token": c.Key.ID, "agent": machine(1), "public_key": base64.StdEncoding.EncodeToString(point)})
		if r.Status != http.StatusBadRequest {
			broken(t, "forger", "joins with the weak public key "+what, "%s", r)
		}
	}
	Report.Held(t, "forger", "nine ways to take one algorithm or key for another, three weak points as keys", "refused")
}

type constant []byte

func (c constant) sign(string) []byte                  { return c }
func (c constant) verify(string, string, []byte) error { return errors.New("nothing to verify with") }
