package wpclient

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// The answer half of the profile of RFC 9421 in docs/protocol.md, section 3.
const (
	responseTail = ` "signature";req;key="aidoc")`

	// tagResponse is the site's word about a request that it verified. tagRefusal is signed too, but about a request
	// that it could not verify, so anybody on the way may have caused it: nothing follows from it but asking again.
	tagResponse = `;tag="aidoc-response"`
	tagRefusal  = `;tag="aidoc-refusal"`

	// maxClockSkew is how far the two clocks may be apart. The protocol fixes it.
	maxClockSkew = 300 * time.Second
)

// Codes of docs/protocol.md for what is wrong with a signature; the agent uses the site's names for its own findings.
const (
	CodeSignatureMissing   = "aidoc_signature_missing"
	CodeSignatureMalformed = "aidoc_signature_malformed"
	CodeSignatureInvalid   = "aidoc_signature_invalid"
	CodeDigestMismatch     = "aidoc_digest_mismatch"
	CodeClockSkew          = "aidoc_clock_skew"
)

// answerSignature is a parsed, not yet verified, signature of an answer.
type answerSignature struct {
	params     string // raw text after the label: it goes into the base as it came
	signature  string // with its colons
	digestName string
	digest     string
	created    int64
	keyID      string
	refusal    bool // the site did not verify the request
}

// parseAnswer reads the signature headers of an answer and refuses everything but the one profile.
// The second result is "" or the code of what is wrong.
func parseAnswer(status int, h http.Header) (answerSignature, string) {
	var a answerSignature
	input, sig := join(h, hdrSignatureInput), join(h, hdrSignature)
	if input == "" || sig == "" {
		return a, CodeSignatureMissing
	}
	a.digestName, a.digest = "content-digest", join(h, hdrDigest)
	if status == http.StatusPartialContent {
		a.digestName, a.digest = "repr-digest", join(h, hdrReprDigest)
	}
	params, ok1 := strings.CutPrefix(input, label)
	signature, ok2 := strings.CutPrefix(sig, label)
	if !ok1 || !ok2 || !isDigest(a.digest) {
		return a, CodeSignatureMalformed
	}
	a.params, a.signature = params, signature
	rest, ok := strings.CutPrefix(params, `("@status" "`+a.digestName+`"`+responseTail+";created=")
	if !ok {
		return a, CodeSignatureMalformed
	}
	created, rest, ok := strings.Cut(rest, `;keyid="`)
	if !ok || !parseCreated(created, &a.created) {
		return a, CodeSignatureMalformed
	}
	keyID, tag, ok := strings.Cut(rest, `"`)
	if !ok || !isSignatureOf(keyID, signature) || (tag != tagResponse && tag != tagRefusal) {
		return a, CodeSignatureMalformed
	}
	a.keyID, a.refusal = keyID, tag == tagRefusal
	return a, ""
}

// verify checks the signature: made by the key that this one trusts, over this status, bound to the request that carried requestSignature.
func (a answerSignature) verify(key Key, status int, requestSignature string) string {
	if key.Identity() == IdentityEd25519 && strings.HasPrefix(a.keyID, siteKeyPrefix) && a.keyID != key.Site.KeyID {
		return CodeSiteKeyChanged
	}
	if a.keyID != key.signer() {
		return CodeSignatureInvalid
	}
	base := strings.Join([]string{
		`"@status": ` + strconv.Itoa(status),
		`"` + a.digestName + `": ` + a.digest,
		`"signature";req;key="aidoc": ` + strings.TrimPrefix(requestSignature, label),
		`"@signature-params": ` + a.params,
	}, "\n")
	if !key.verifies(base, a.signature) {
		return CodeSignatureInvalid
	}
	return ""
}

// fresh tells whether the answer was made within the allowed skew of this machine's clock.
func (a answerSignature) fresh(now time.Time) bool {
	d := now.Unix() - a.created
	limit := int64(maxClockSkew / time.Second)
	return d <= limit && d >= -limit
}

// join is a field's value the way RFC 9421 reads it: all lines of that name, joined.
func join(h http.Header, name string) string { return strings.Join(h.Values(name), ", ") }

func isDigest(v string) bool {
	seq, ok := strings.CutPrefix(v, "sha-256=")
	return ok && isSequence(seq, sha256.Size)
}

// isSignatureOf: the name of the key fixes the algorithm, and that the length. No agent signs answers.
func isSignatureOf(keyID, signature string) bool {
	switch {
	case !validKeyID(keyID), strings.HasPrefix(keyID, publicPrefix):
		return false
	case strings.HasPrefix(keyID, siteKeyPrefix):
		return isSequence(signature, ed25519.SignatureSize)
	}
	return isSequence(signature, sha256.Size)
}

// isSequence: a structured-field byte sequence of exactly that many bytes, in canonical base64.
func isSequence(v string, size int) bool {
	if len(v) != base64.StdEncoding.EncodedLen(size)+2 || v[0] != ':' || v[len(v)-1] != ':' {
		return false
	}
	b, err := base64.StdEncoding.Strict().DecodeString(v[1 : len(v)-1])
	return err == nil && len(b) == size
}

// parseCreated takes a positive integer as a serialiser would write it: digits, no sign, no leading zero.
func parseCreated(s string, out *int64) bool {
	if len(s) == 0 || len(s) > 12 || s[0] == '0' {
		return false
	}
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return false
		}
	}
	n, err := strconv.ParseInt(s, 10, 64)
	*out = n
	return err == nil
}
