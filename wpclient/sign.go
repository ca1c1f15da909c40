package wpclient

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// The request half of the profile of RFC 9421 in docs/protocol.md, section 3.
const (
	hdrRoute          = "X-Aidoc-Route"
	hdrSite           = "X-Aidoc-Site"
	hdrDigest         = "Content-Digest"
	hdrReprDigest     = "Repr-Digest"
	hdrSignatureInput = "Signature-Input"
	hdrSignature      = "Signature"
	label             = "aidoc="

	requestComponents = `("@method" "x-aidoc-route" "x-aidoc-site" "content-digest")`
	requestTag        = `;tag="aidoc-request"`
)

// signer makes the headers of one HTTP attempt. Every attempt gets a nonce of its own: a site that saw the
// first attempt would refuse the second as a replay.
type signer struct {
	key   Key
	site  string // canonical home URL
	now   func() time.Time
	nonce func() string
}

func newSigner(key Key, site string, now func() time.Time) signer {
	return signer{key: key, site: site, now: now, nonce: newNonce}
}

// sign sets the headers of the profile on h for a request with exactly this body.
func (s signer) sign(h http.Header, method, route string, body []byte) {
	digest := contentDigest(body)
	params := requestComponents +
		";created=" + strconv.FormatInt(s.now().Unix(), 10) +
		`;nonce="` + s.nonce() + `";keyid="` + s.key.KeyID + `"` + requestTag
	h.Set(hdrRoute, route)
	h.Set(hdrSite, s.site)
	h.Set(hdrDigest, digest)
	h.Set(hdrSignatureInput, label+params)
	h.Set(hdrSignature, label+s.key.sign(requestBase(method, route, s.site, digest, params)))
}

func requestBase(method, route, site, digest, params string) string {
	return strings.Join([]string{
		`"@method": ` + method,
		`"x-aidoc-route": ` + route,
		`"x-aidoc-site": ` + site,
		`"content-digest": ` + digest,
		`"@signature-params": ` + params,
	}, "\n")
}

// mac returns the HMAC-SHA256 of a signature base as a structured-field byte sequence, colons and all.
func mac(secret Secret, base string) string {
	m := hmac.New(sha256.New, secret)
	m.Write([]byte(base))
	return byteSequence(m.Sum(nil))
}

func byteSequence(b []byte) string {
	return ":" + base64.StdEncoding.EncodeToString(b) + ":"
}

func contentDigest(body []byte) string {
	sum := sha256.Sum256(body)
	return digestField(sum[:])
}

func digestField(sum []byte) string { return "sha-256=" + byteSequence(sum) }

func newNonce() string {
	var b [16]byte
	rand.Read(b[:]) // never fails: the runtime ends the program when the kernel has no randomness
	return base64.RawURLEncoding.EncodeToString(b[:])
}
