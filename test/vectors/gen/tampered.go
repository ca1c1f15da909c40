package main

import "strings"

const (
	malformed = "aidoc_signature_malformed"
	missing   = "aidoc_signature_missing"
	invalid   = "aidoc_signature_invalid"
	skew      = "aidoc_clock_skew"
)

func set(header, value string) func(*Request) {
	return func(r *Request) { r.Headers[header] = value }
}

func without(header string) func(*Request) {
	return func(r *Request) { delete(r.Headers, header) }
}

func swap(header, old, new string) func(*Request) {
	return func(r *Request) {
		if !strings.Contains(r.Headers[header], old) {
			panic("nothing to change in " + header + ": " + old)
		}
		r.Headers[header] = strings.Replace(r.Headers[header], old, new, 1)
	}
}

// flip changes the character at i of the MAC to another one that keeps the base64 canonical.
func flip(signature string, i int) string {
	at := strings.Index(signature, ":") + 1 + i
	c := byte('A')
	if signature[at] == 'A' {
		c = 'E'
	}
	return signature[:at] + string(c) + signature[at+1:]
}

// tamperedRequests change one covered bit each, after signing.
func tamperedRequests(v Request) []Request {
	other := v.Body[:len(v.Body)-8] + "IDAwMX0="
	signedBy := func(k key) func(*Request) {
		return func(r *Request) { r.seal(k.secret, requestParams(r.Created, r.Nonce, k.id)) }
	}
	return []Request{
		twin(v, "method changed", invalid, func(r *Request) { r.Method = "GET" }),
		twin(v, "method in lower case", invalid, func(r *Request) { r.Method = "post" }),
		twin(v, "route header changed", invalid, set("x-aidoc-route", "/aidoc/v1/beat")),
		twin(v, "sent to another route", "aidoc_wrong_route", func(r *Request) { r.Route = "/aidoc/v1/release" }),
		twin(v, "route signed with a trailing slash", "aidoc_wrong_route", func(r *Request) {
			r.Headers["x-aidoc-route"] += "/"
			r.seal(agentKey.secret, requestParams(r.Created, r.Nonce, r.KeyID))
		}),
		twin(v, "site header changed", invalid, set("x-aidoc-site", "https://staging.example.org")),
		twin(v, "sent to a cloned site", "aidoc_wrong_site", func(r *Request) { r.Site = "https://staging.example.org" }),
		twin(v, "sent to another folder of the host", "aidoc_wrong_site", func(r *Request) { r.Site = home + "/blog" }),
		twin(v, "site signed with a trailing slash", "aidoc_wrong_site", func(r *Request) {
			r.Headers["x-aidoc-site"] += "/"
			r.seal(agentKey.secret, requestParams(r.Created, r.Nonce, r.KeyID))
		}),
		twin(v, "body changed", "aidoc_digest_mismatch", func(r *Request) { r.Body = other }),
		twin(v, "body emptied", "aidoc_digest_mismatch", func(r *Request) { r.Body = "" }),
		twin(v, "body and digest changed", invalid, func(r *Request) {
			r.Body = other
			r.Headers["content-digest"] = digest(unb64(other))
		}),
		twin(v, "digest changed", "aidoc_digest_mismatch", set("content-digest", digest([]byte("x")))),
		twin(v, "created one second later", invalid, swap("signature-input", "created=1764000000", "created=1764000001")),
		twin(v, "nonce changed", invalid, swap("signature-input", v.Nonce, nonceFor("somebody else"))),
		twin(v, "keyid of another active key", invalid, swap("signature-input", v.KeyID, otherKey.id)),
		twin(v, "keyid nobody knows", "aidoc_key_unknown", signedBy(unknownKey)),
		twin(v, "keyid changed to one nobody knows", "aidoc_key_unknown", swap("signature-input", v.KeyID, unknownKey.id)),
		twin(v, "key revoked", "aidoc_key_revoked", signedBy(revokedKey)),
		twin(v, "signed with another key's secret", invalid, func(r *Request) {
			r.seal(otherKey.secret, requestParams(r.Created, r.Nonce, r.KeyID))
		}),
		twin(v, "signed with an empty secret", invalid, func(r *Request) {
			r.seal(nil, requestParams(r.Created, r.Nonce, r.KeyID))
		}),
		twin(v, "signature's first byte changed", invalid, func(r *Request) { r.Headers["signature"] = flip(r.Headers["signature"], 0) }),
		twin(v, "signature's last byte changed", invalid, func(r *Request) { r.Headers["signature"] = flip(r.Headers["signature"], 42) }),
		twin(v, "signature of zeros", invalid, set("signature", "aidoc=:"+strings.Repeat("A", 43)+"=:")),
		twin(v, "clock 301 s behind the site", skew, func(r *Request) { r.Now += 301 }),
		twin(v, "clock 301 s ahead of the site", skew, func(r *Request) { r.Now -= 301 }),
		twin(v, "a day old", skew, func(r *Request) { r.Now += 86400 }),
		twin(v, "replayed", "aidoc_replayed", func(r *Request) { r.SeenNonces = []string{r.Nonce} }),
		twin(v, "another nonce seen before", "ok", func(r *Request) { r.SeenNonces = []string{nonceFor("earlier")} }),
	}
}
