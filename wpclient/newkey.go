package wpclient

import (
	"encoding/base64"
	"strings"
)

// bringsKey is an answer with a key in it.
type bringsKey interface{ Key() (Key, error) }

// offering asks for a key with what want says. Where nothing was said and the site demands a public key it asks once more,
// with one: a site says so before it changes anything.
func offering[T bringsKey](want Identity, ask func(public string, private Secret) (T, error)) (T, error) {
	try := func(offer bool) (T, error) {
		var none T
		var seed Secret
		public := ""
		if offer {
			seed, public = newPair()
		}
		out, err := ask(public, seed)
		if err != nil {
			return none, err
		}
		if _, err := out.Key(); err != nil {
			return none, err
		}
		return out, nil
	}
	out, err := try(want == IdentityEd25519)
	if want == IdentityAny && DemandsPublicKey(err) {
		return try(true)
	}
	return out, err
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
