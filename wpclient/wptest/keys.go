package wptest

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

// NewKey makes another agent with a key of its own.
func (s *Site) NewKey() wpclient.Key {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.newKey("")
}

func (s *Site) newKey(old string) wpclient.Key {
	id, secret := "ak_"+hex.EncodeToString(random(12)), random(64)
	s.keys[id] = &agentKey{id: s.agentOf(old), secret: secret, old: old}
	return wpclient.Key{KeyID: id, Secret: append([]byte(nil), secret...)}
}

// addPublicKey makes a key of which the site has the public half, and returns its name.
func (s *Site) addPublicKey(old string, public []byte) string {
	id := "ae_" + hex.EncodeToString(random(12))
	s.keys[id] = &agentKey{id: s.agentOf(old), public: public, old: old}
	return id
}

// agentOf is the agent of an earlier key, or a new one.
func (s *Site) agentOf(old string) int64 {
	s.nextID++
	if k := s.keys[old]; k != nil {
		return k.id
	}
	return s.nextID
}

// check is what a request of the key is verified with.
func (k *agentKey) check() []byte {
	if k.public != nil {
		return k.public
	}
	return k.secret
}

// NewPublicKey makes another agent with a public key.
func (s *Site) NewPublicKey() wpclient.Key {
	s.mu.Lock()
	defer s.mu.Unlock()
	seed := random(ed25519.SeedSize)
	return wpclient.Key{KeyID: s.addPublicKey("", publicOf(seed)), Secret: seed, Site: wpclient.SiteKey{KeyID: s.siteKeyID(), Public: publicOf(s.seed)}}
}

// DemandPublicKeys is the admin's setting: a shared secret then opens /rotate and /echo, and nothing else.
func (s *Site) DemandPublicKeys() { s.change(func() { s.demanding = true }) }

// ReplaceSigningKey is a site that was restored without its root key: it signs with another key than agents have pinned.
func (s *Site) ReplaceSigningKey() { s.change(func() { s.seed = random(ed25519.SeedSize) }) }

func (s *Site) siteKeyID() string {
	sum := sha256.Sum256(publicOf(s.seed))
	return "sk_" + hex.EncodeToString(sum[:12])
}

func publicOf(seed []byte) []byte {
	return ed25519.NewKeyFromSeed(seed).Public().(ed25519.PublicKey)
}

func (s *Site) rotateKey(q wpclient.RotateRequest, keyID string) answer {
	key, refused := s.issue(keyID, q.PublicKey, strings.HasPrefix(keyID, "ae_"))
	if refused != nil {
		return *refused
	}
	s.rotate = false
	return reply(wpclient.RotateResponse{NewKey: key})
}

// issue makes a key, or says why not. must: a public key is not followed by a shared secret.
func (s *Site) issue(old, offered string, must bool) (wpclient.NewKey, *answer) {
	if offered == "" && (must || s.demanding) {
		a := demandPublicKey()
		return wpclient.NewKey{}, &a
	}
	if offered == "" {
		k := s.newKey(old)
		return wpclient.NewKey{KeyID: k.KeyID, Secret: base64.StdEncoding.EncodeToString(k.Secret)}, nil
	}
	public, err := base64.StdEncoding.DecodeString(offered)
	if err != nil || len(public) != ed25519.PublicKeySize {
		a := refuse(400, "aidoc_invalid_field", "public_key is no public key.", nil)
		return wpclient.NewKey{}, &a
	}
	site := &wpclient.SiteKeyInfo{KeyID: s.siteKeyID(), PublicKey: base64.StdEncoding.EncodeToString(publicOf(s.seed))}
	return wpclient.NewKey{KeyID: s.addPublicKey(old, public), SiteKey: site}, nil
}

func demandPublicKey() answer {
	return refuse(403, wpclient.CodePublicKeyRequired, "This site demands public keys.", nil)
}
