package main

import (
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"fmt"
	"strings"
)

// now is the verifier's clock in every case that is not about clocks.
const now = 1764000000

type key struct {
	id, state string
	secret    []byte // of a pair the seed
	public    []byte // nil: a shared secret
}

// Test keys come out of a hash of their name, so the generator needs no random bytes and no stored file.
func testKey(id, state string, size int) key {
	sum := sha512.Sum512([]byte("aidoc test key " + id))
	return key{id: id, state: state, secret: sum[:size]}
}

var (
	agentKey   = testKey("ak_0123456789abcdef01234567", "active", 64)
	otherKey   = testKey("ak_fedcba987654321001234567", "active", 64)
	revokedKey = testKey("ak_00000000000000000000dead", "revoked", 64)
	unknownKey = testKey("ak_ffffffffffffffffffffffff", "unknown", 64)
	tokenKey   = testKey("jt_aaaabbbbccccddddeeeeffff", "active", 32)
)

func (k key) entry() KeyEntry {
	if k.public != nil {
		return KeyEntry{KeyID: k.id, PublicKey: b64(k.public), State: k.state}
	}
	return KeyEntry{KeyID: k.id, Secret: b64(k.secret), State: k.state}
}

// sign is the signature of a base by whichever algorithm the key is for, colons and all.
func (k key) sign(base string) string {
	if k.public != nil {
		return ":" + b64(ed25519.Sign(ed25519.NewKeyFromSeed(k.secret), []byte(base))) + ":"
	}
	return mac(k.secret, base)
}

func b64(b []byte) string { return base64.StdEncoding.EncodeToString(b) }

func digest(body []byte) string {
	sum := sha256.Sum256(body)
	return "sha-256=:" + b64(sum[:]) + ":"
}

func mac(secret []byte, base string) string {
	m := hmac.New(sha256.New, secret)
	m.Write([]byte(base))
	return ":" + b64(m.Sum(nil)) + ":"
}

func nonceFor(name string) string {
	sum := sha256.Sum256([]byte("aidoc test nonce " + name))
	return base64.RawURLEncoding.EncodeToString(sum[:16])
}

const requestComponents = `("@method" "x-aidoc-route" "x-aidoc-site" "content-digest")`

// seal signs what the case says, whatever that is: a tampered twin may be signed well over a bad profile.
func (r *Request) seal(secret []byte, params string) { r.sealBy(key{secret: secret}, params) }

func (r *Request) sealBy(k key, params string) {
	h := r.Headers
	r.Base = strings.Join([]string{
		`"@method": ` + r.Method,
		`"x-aidoc-route": ` + h["x-aidoc-route"],
		`"x-aidoc-site": ` + h["x-aidoc-site"],
		`"content-digest": ` + h["content-digest"],
		`"@signature-params": ` + params,
	}, "\n")
	h["signature-input"] = "aidoc=" + params
	h["signature"] = "aidoc=" + k.sign(r.Base)
}

func requestParams(created int64, nonce, keyID string) string {
	return fmt.Sprintf(`%s;created=%d;nonce="%s";keyid="%s";tag="aidoc-request"`, requestComponents, created, nonce, keyID)
}

// The tags of answers: about a request that the site verified, and about one that it did not.
const (
	tagResponse = "aidoc-response"
	tagRefusal  = "aidoc-refusal"
)

func responseParams(digestName string, created int64, keyID, tag string) string {
	return fmt.Sprintf(`("@status" "%s" "signature";req;key="aidoc");created=%d;keyid="%s";tag="%s"`,
		digestName, created, keyID, tag)
}

func (r *Response) seal(secret []byte, digestName, params string) {
	r.sealBy(key{secret: secret}, digestName, params)
}

func (r *Response) sealBy(k key, digestName, params string) {
	r.Base = strings.Join([]string{
		fmt.Sprintf(`"@status": %d`, r.Status),
		fmt.Sprintf(`"%s": %s`, digestName, r.Headers[digestName]),
		`"signature";req;key="aidoc": ` + strings.TrimPrefix(r.RequestSignature, "aidoc="),
		`"@signature-params": ` + params,
	}, "\n")
	r.Headers["signature-input"] = "aidoc=" + params
	r.Headers["signature"] = "aidoc=" + k.sign(r.Base)
}
