package wptest

import (
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Verifier checks a request's signature the way the plugin must, on regular expressions instead of the client's code.
type Verifier struct {
	Site   string                                       // canonical home URL
	Now    time.Time                                    // the site's clock
	Lookup func(keyID string) (key []byte, dead string) // the secret, or the public key of ae_…; nil: no such key; dead: "" or aidoc_key_revoked, aidoc_token_used …
	Seen   func(keyID, nonce string) bool               // stores the nonce; true when it was there before
}

// Verdict is what a Verifier found out.
type Verdict struct {
	KeyID    string // as soon as the key is known, also for a refusal: that is who the answer is signed for
	Code     string // of the refusal, or ""
	Verified bool   // the MAC fits: what follows is about a request of the key's owner
}

// Tag is the tag that an answer to the request has, "" where it cannot be signed.
func (v Verdict) Tag() string {
	switch {
	case v.KeyID == "":
		return ""
	case v.Verified:
		return TagResponse
	}
	return TagRefusal
}

// The tags of answers.
const (
	TagResponse = "aidoc-response"
	TagRefusal  = "aidoc-refusal"
)

var (
	inputForm = regexp.MustCompile(`\Aaidoc=(\("@method" "x-aidoc-route" "x-aidoc-site" "content-digest"\)` +
		`;created=([1-9][0-9]{0,11});nonce="([A-Za-z0-9_-]{22})";keyid="((?:ak|ae|jt)_[0-9a-f]{24})";tag="aidoc-request")\z`)
	sequence      = `:[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=:`
	signatureForm = regexp.MustCompile(`\Aaidoc=(` + sequence + `)\z`)
	ed25519Form   = regexp.MustCompile(`\Aaidoc=(:[A-Za-z0-9+/]{85}[AQgw]==:)\z`)
	digestForm    = regexp.MustCompile(`\Asha-256=` + sequence + `\z`)
)

// Verify checks a request in the protocol's order.
func (v Verifier) Verify(method, route string, h http.Header, body []byte) Verdict {
	value := func(name string) string { return strings.Join(h.Values(name), ", ") }
	input, signature := value("Signature-Input"), value("Signature")
	if input == "" || signature == "" {
		return Verdict{Code: "aidoc_signature_missing"}
	}
	in, sig := inputForm.FindStringSubmatch(input), signatureForm.FindStringSubmatch(signature)
	if in != nil && strings.HasPrefix(in[4], "ae_") {
		sig = ed25519Form.FindStringSubmatch(signature)
	}
	digest, signedRoute, signedSite := value("Content-Digest"), value("X-Aidoc-Route"), value("X-Aidoc-Site")
	if in == nil || sig == nil || !digestForm.MatchString(digest) || signedRoute == "" || signedSite == "" {
		return Verdict{Code: "aidoc_signature_malformed"}
	}
	key, dead := v.Lookup(in[4])
	if key == nil {
		return Verdict{Code: "aidoc_key_unknown"}
	}
	out := Verdict{KeyID: in[4]}
	base := fmt.Sprintf("\"@method\": %s\n\"x-aidoc-route\": %s\n\"x-aidoc-site\": %s\n\"content-digest\": %s\n\"@signature-params\": %s",
		method, signedRoute, signedSite, digest, in[1])
	switch {
	case digest != DigestOf(body):
		out.Code = "aidoc_digest_mismatch"
	case !fits(in[4], key, base, sig[1]):
		out.Code = "aidoc_signature_invalid"
	default:
		created, _ := strconv.ParseInt(in[2], 10, 64)
		out.Verified, out.Code = true, v.verified(out.KeyID, dead, created, signedRoute == route, signedSite, in[3])
	}
	return out
}

// verified is what speaks against a request that its key's owner did sign.
func (v Verifier) verified(keyID, dead string, created int64, sameRoute bool, site, nonce string) string {
	switch {
	case dead != "":
		return dead
	case abs(v.Now.Unix()-created) > 300:
		return "aidoc_clock_skew"
	case !sameRoute:
		return "aidoc_wrong_route"
	case site != v.Site:
		return "aidoc_wrong_site"
	case v.Seen(keyID, nonce):
		return "aidoc_replayed"
	}
	return ""
}

// SignAnswer sets the signature headers of an answer. digest is that of the whole body or, with status 206, file.
func SignAnswer(h http.Header, tag, keyID string, secret []byte, requestSignature string, status int, digest string, created time.Time) {
	component, header := "content-digest", "Content-Digest"
	if status == http.StatusPartialContent {
		component, header = "repr-digest", "Repr-Digest"
	}
	params := fmt.Sprintf(`("@status" "%s" "signature";req;key="aidoc");created=%d;keyid="%s";tag="%s"`,
		component, created.Unix(), keyID, tag)
	base := fmt.Sprintf("\"@status\": %d\n\"%s\": %s\n\"signature\";req;key=\"aidoc\": %s\n\"@signature-params\": %s",
		status, component, digest, strings.TrimPrefix(requestSignature, "aidoc="), params)
	h.Set(header, digest)
	h.Set("Signature-Input", "aidoc="+params)
	h.Set("Signature", "aidoc="+signatureOf(keyID, secret, base))
}

// fits holds a request's signature against the key of that name: a secret, or a public key.
func fits(keyID string, key []byte, base, signature string) bool {
	if !strings.HasPrefix(keyID, "ae_") {
		return hmac.Equal([]byte(macOf(key, base)), []byte(signature))
	}
	raw, err := base64.StdEncoding.DecodeString(strings.Trim(signature, ":"))
	return err == nil && ed25519.Verify(key, []byte(base), raw)
}

// signatureOf signs an answer: with the seed of the site's key (sk_…), or with the secret of the agent's.
func signatureOf(keyID string, secret []byte, base string) string {
	if !strings.HasPrefix(keyID, "sk_") {
		return macOf(secret, base)
	}
	return ":" + base64.StdEncoding.EncodeToString(ed25519.Sign(ed25519.NewKeyFromSeed(secret), []byte(base))) + ":"
}

func macOf(secret []byte, base string) string {
	m := hmac.New(sha256.New, secret)
	m.Write([]byte(base))
	return ":" + base64.StdEncoding.EncodeToString(m.Sum(nil)) + ":"
}

// DigestOf is the Content-Digest of a body.
func DigestOf(body []byte) string {
	sum := sha256.Sum256(body)
	return "sha-256=:" + base64.StdEncoding.EncodeToString(sum[:]) + ":"
}

func abs(n int64) int64 {
	if n < 0 {
		return -n
	}
	return n
}
