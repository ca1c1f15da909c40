package wpclient

import (
	"encoding/base64"
	"fmt"
	"log/slog"
	"strings"
)

// NewKey is what the answers that bring a key have in common: a secret, or the key that the site signs with.
type NewKey struct {
	KeyID   string       `json:"key_id"`
	Secret  string       `json:"secret,omitempty"` // base64 of 64 bytes
	SiteKey *SiteKeyInfo `json:"site_key,omitempty"`

	private Secret // the half that was not offered
}

// SiteKeyInfo is a site's signing key as it travels.
type SiteKeyInfo struct {
	KeyID     string `json:"key_id"`
	PublicKey string `json:"public_key"` // base64 of 32 bytes
}

// offering asks for a key of the kind that want names. Where nothing was said and the site demands a public key it asks once
// more, with one: a site says so before it changes anything. That the answer holds a key is for its missing method to check.
func offering[T any](want Identity, ask func(public string, private Secret) (T, error)) (T, error) {
	if want != IdentityEd25519 {
		out, err := ask("", nil)
		if want != IdentityAny || !DemandsPublicKey(err) {
			return out, err
		}
	}
	seed, public := newPair()
	return ask(public, seed)
}

// DemandsPublicKey tells whether the site itself refuses a shared secret.
func DemandsPublicKey(err error) bool {
	e := asError(err)
	return e != nil && e.Signed && e.Code == CodePublicKeyRequired
}

// Key returns the key that an answer brought: with the secret in it, or with the private half that stayed here.
func (n NewKey) Key() (Key, error) {
	if n.private != nil {
		return n.publicKey()
	}
	raw, err := base64.StdEncoding.Strict().DecodeString(n.Secret)
	if err != nil || len(raw) != keySecretBytes || !validKeyID(n.KeyID) || !strings.HasPrefix(n.KeyID, keyPrefix) {
		return Key{}, notAKey()
	}
	return Key{KeyID: n.KeyID, Secret: raw}, nil
}

func (n NewKey) publicKey() (Key, error) {
	if !validKeyID(n.KeyID) || !strings.HasPrefix(n.KeyID, publicPrefix) || n.Secret != "" || n.SiteKey == nil {
		return Key{}, notAKey()
	}
	site, err := ParseSiteKey(n.SiteKey.KeyID, n.SiteKey.PublicKey)
	if err != nil {
		return Key{}, notAKey()
	}
	return Key{KeyID: n.KeyID, Secret: n.private, Site: site}, nil
}

func notAKey() error {
	return &Error{Op: "read key", Kind: Invalid,
		Message: "the site sent a key that is not one: update the plugin and the agent to the same version"}
}

// Format and LogValue keep the secret out of what is printed or logged.
func (n NewKey) Format(f fmt.State, _ rune) {
	fmt.Fprintf(f, "{key_id:%s secret:%s}", n.KeyID, redacted)
}

func (n NewKey) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(n)) }
