package wpclient

import (
	"crypto/ed25519"
	"crypto/hmac"
	"encoding/base64"
	"log/slog"
	"strings"
)

const redacted = "[redacted]"

// Secret is key material. It shows itself as "[redacted]" wherever it is printed, logged or encoded.
type Secret []byte

func (Secret) String() string               { return redacted }
func (Secret) GoString() string             { return redacted }
func (Secret) LogValue() slog.Value         { return slog.StringValue(redacted) }
func (Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }
func (Secret) MarshalJSON() ([]byte, error) { return []byte(`"` + redacted + `"`), nil }

// Base64 is the form in which a key is stored: standard alphabet, with padding.
func (s Secret) Base64() string { return base64.StdEncoding.EncodeToString(s) }

// ParseSecret reads what Base64 wrote.
func ParseSecret(text string) (Secret, error) {
	b, err := base64.StdEncoding.Strict().DecodeString(strings.TrimSpace(text))
	if err != nil || len(b) < minSecretBytes {
		return nil, damagedKey()
	}
	return Secret(b), nil
}

// Key is one agent's key for one site. Its name tells the algorithm, so that nothing else can.
type Key struct {
	KeyID  string
	Secret Secret  // shared with the site; of a public key (ae_…) the seed, which the site never sees
	Site   SiteKey // of a public key: who signs the site's answers
}

// SiteKey is the public half of the key with which a site signs its answers to agents that have a public key.
type SiteKey struct {
	KeyID  string
	Public ed25519.PublicKey
}

// Identity says with what an agent proves who it is.
type Identity string

const (
	IdentityAny     Identity = ""        // what the site demands, and a shared secret where it demands nothing
	IdentityHMAC    Identity = "hmac"    // a secret that agent and site share
	IdentityEd25519 Identity = "ed25519" // a key of which the site has the public half alone
)

const (
	// A token's secret has 32 bytes, an agent key's 64; anything shorter is damage, or an attack by emptiness.
	minSecretBytes = 32
	keyPrefix      = "ak_"
	publicPrefix   = "ae_"
	tokenPrefix    = "jt_"
	siteKeyPrefix  = "sk_"
	idHexDigits    = 24
)

// Identity tells what kind of key it is.
func (k Key) Identity() Identity {
	if strings.HasPrefix(k.KeyID, publicPrefix) {
		return IdentityEd25519
	}
	return IdentityHMAC
}

// signer is the name under which the site answers requests that this key has signed.
func (k Key) signer() string {
	if k.Identity() == IdentityEd25519 {
		return k.Site.KeyID
	}
	return k.KeyID
}

// sign returns the signature of a base as a structured-field byte sequence, colons and all.
func (k Key) sign(base string) string {
	if k.Identity() == IdentityHMAC {
		return mac(k.Secret, base)
	}
	if len(k.Secret) != ed25519.SeedSize { // a damaged key file was refused before; the site refuses this
		return byteSequence(make([]byte, ed25519.SignatureSize))
	}
	return byteSequence(ed25519.Sign(ed25519.NewKeyFromSeed(k.Secret), []byte(base)))
}

// verifies tells whether the site has signed base, to this key and nobody else.
func (k Key) verifies(base, signature string) bool {
	if k.Identity() == IdentityHMAC {
		return len(k.Secret) >= minSecretBytes && hmac.Equal([]byte(mac(k.Secret, base)), []byte(signature))
	}
	raw, err := base64.StdEncoding.Strict().DecodeString(strings.Trim(signature, ":"))
	return err == nil && len(k.Site.Public) == ed25519.PublicKeySize && ed25519.Verify(k.Site.Public, []byte(base), raw)
}

// ParseSeed reads the private half of a public key, in the form of Secret.Base64.
func ParseSeed(text string) (Secret, error) {
	seed, err := ParseSecret(text)
	if err == nil && len(seed) != ed25519.SeedSize {
		err = damagedKey()
	}
	return seed, err
}

// ParseSiteKey reads a site's signing key as /join and /rotate tell it.
func ParseSiteKey(id, public string) (SiteKey, error) {
	raw, ok := parsePublicKey(public)
	if !ok || !validKeyID(id) || !strings.HasPrefix(id, siteKeyPrefix) {
		return SiteKey{}, damagedKey()
	}
	return SiteKey{KeyID: id, Public: raw}, nil
}

func damagedKey() error {
	return &Error{Op: "read key", Kind: Refused, Message: "the stored key of this site is damaged: run `aidoc-agent join` again"}
}

func validKeyID(id string) bool {
	if len(id) != len(keyPrefix)+idHexDigits {
		return false
	}
	switch id[:len(keyPrefix)] {
	case keyPrefix, publicPrefix, tokenPrefix, siteKeyPrefix:
	default:
		return false
	}
	for _, c := range []byte(id[len(keyPrefix):]) {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}
