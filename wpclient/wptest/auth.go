package wptest

import (
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
	Site   string                                         // canonical home URL
	Now    time.Time                                      // the site's clock
	Lookup func(keyID string) (secret []byte, bad string) // bad: "" or aidoc_key_unknown, aidoc_key_revoked …
	Seen   func(keyID, nonce string) bool                 // stores the nonce; true when it was there before
}

var (
	inputForm = regexp.MustCompile(`\Aaidoc=(\("@method" "x-aidoc-route" "x-aidoc-site" "content-digest"\)` +
		`;created=([1-9][0-9]{0,11});nonce="([A-Za-z0-9_-]{22})";keyid="((?:ak|jt)_[0-9a-f]{24})";tag="aidoc-request")\z`)
	sequence      = `:[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=:`
	signatureForm = regexp.MustCompile(`\Aaidoc=(` + sequence + `)\z`)
	digestForm    = regexp.MustCompile(`\Asha-256=` + sequence + `\z`)
)

// Verify returns the name of the key and "" or the code of the refusal. The key is named as soon as it is known, also
// for a refusal: that is who the refusal is signed for.
func (v Verifier) Verify(method, route string, h http.Header, body []byte) (keyID, code string) {
	value := func(name string) string { return strings.Join(h.Values(name), ", ") }
	input, signature := value("Signature-Input"), value("Signature")
	if input == "" || signature == "" {
		return "", "aidoc_signature_missing"
	}
	in, sig := inputForm.FindStringSubmatch(input), signatureForm.FindStringSubmatch(signature)
	digest, signedRoute, signedSite := value("Content-Digest"), value("X-Aidoc-Route"), value("X-Aidoc-Site")
	if in == nil || sig == nil || !digestForm.MatchString(digest) || signedRoute == "" || signedSite == "" {
		return "", "aidoc_signature_malformed"
	}
	keyID = in[4]
	secret, bad := v.Lookup(keyID)
	if bad != "" {
		return keyID, bad
	}
	if created, _ := strconv.ParseInt(in[2], 10, 64); abs(v.Now.Unix()-created) > 300 {
		return keyID, "aidoc_clock_skew"
	}
	if digest != digestOf(body) {
		return keyID, "aidoc_digest_mismatch"
	}
	base := fmt.Sprintf("\"@method\": %s\n\"x-aidoc-route\": %s\n\"x-aidoc-site\": %s\n\"content-digest\": %s\n\"@signature-params\": %s",
		method, signedRoute, signedSite, digest, in[1])
	switch {
	case !hmac.Equal([]byte(macOf(secret, base)), []byte(sig[1])):
		return keyID, "aidoc_signature_invalid"
	case signedRoute != route:
		return keyID, "aidoc_wrong_route"
	case signedSite != v.Site:
		return keyID, "aidoc_wrong_site"
	case v.Seen(keyID, in[3]):
		return keyID, "aidoc_replayed"
	}
	return keyID, ""
}

// SignAnswer sets the signature headers of an answer. digest is that of the whole body or, with status 206, file.
func SignAnswer(h http.Header, keyID string, secret []byte, requestSignature string, status int, digest string, created time.Time) {
	component, header := "content-digest", "Content-Digest"
	if status == http.StatusPartialContent {
		component, header = "repr-digest", "Repr-Digest"
	}
	params := fmt.Sprintf(`("@status" "%s" "signature";req;key="aidoc");created=%d;keyid="%s";tag="aidoc-response"`,
		component, created.Unix(), keyID)
	base := fmt.Sprintf("\"@status\": %d\n\"%s\": %s\n\"signature\";req;key=\"aidoc\": %s\n\"@signature-params\": %s",
		status, component, digest, strings.TrimPrefix(requestSignature, "aidoc="), params)
	h.Set(header, digest)
	h.Set("Signature-Input", "aidoc="+params)
	h.Set("Signature", "aidoc="+macOf(secret, base))
}

func macOf(secret []byte, base string) string {
	m := hmac.New(sha256.New, secret)
	m.Write([]byte(base))
	return ":" + base64.StdEncoding.EncodeToString(m.Sum(nil)) + ":"
}

func digestOf(body []byte) string {
	sum := sha256.Sum256(body)
	return "sha-256=:" + base64.StdEncoding.EncodeToString(sum[:]) + ":"
}

func abs(n int64) int64 {
	if n < 0 {
		return -n
	}
	return n
}
