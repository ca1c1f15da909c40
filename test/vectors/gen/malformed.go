package main

import (
	"encoding/base64"
	"fmt"
	"strings"
)

func unb64(s string) []byte {
	b, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		panic(err)
	}
	return b
}

// malformedRequests are not the profile. Where the change could be signed well it is, so that only the profile refuses it.
func malformedRequests(v Request) []Request {
	out := []Request{
		twin(v, "no Signature", missing, without("signature")),
		twin(v, "no Signature-Input", missing, without("signature-input")),
		twin(v, "neither signature header", missing, func(r *Request) { without("signature")(r); without("signature-input")(r) }),
		twin(v, "no Content-Digest", malformed, without("content-digest")),
		twin(v, "no X-Aidoc-Route", malformed, without("x-aidoc-route")),
		twin(v, "no X-Aidoc-Site", malformed, without("x-aidoc-site")),
		twin(v, "empty X-Aidoc-Route", malformed, set("x-aidoc-route", "")),
		twin(v, "digest of another algorithm", malformed, set("content-digest", "sha-512=:"+strings.Repeat("A", 86)+"==:")),
		twin(v, "two digests", malformed, func(r *Request) { r.Headers["content-digest"] += ", " + r.Headers["content-digest"] }),
		twin(v, "digest in hex", malformed, set("content-digest", "sha-256="+strings.Repeat("ab", 32))),
		twin(v, "digest truncated", malformed, func(r *Request) {
			r.Headers["content-digest"] = strings.TrimSuffix(r.Headers["content-digest"], "=:") + ":"
		}),
		twin(v, "signature truncated", malformed, func(r *Request) {
			r.Headers["signature"] = r.Headers["signature"][:len(r.Headers["signature"])-6]
		}),
		twin(v, "signature's base64 truncated", malformed, func(r *Request) {
			r.Headers["signature"] = strings.TrimSuffix(r.Headers["signature"], "=:") + ":"
		}),
		twin(v, "signature's base64 not canonical", malformed, func(r *Request) {
			r.Headers["signature"] = looseBase64(r.Headers["signature"])
		}),
		twin(v, "signature without colons", malformed, func(r *Request) {
			r.Headers["signature"] = strings.ReplaceAll(r.Headers["signature"], ":", "")
		}),
		twin(v, "signature quoted", malformed, func(r *Request) {
			r.Headers["signature"] = strings.ReplaceAll(r.Headers["signature"], ":", `"`)
		}),
		twin(v, "signature empty", malformed, set("signature", "aidoc=::")),
		twin(v, "signature has a parameter", malformed, func(r *Request) { r.Headers["signature"] += ";a" }),
		twin(v, "second label in Signature", malformed, func(r *Request) {
			r.Headers["signature"] += ", sig1=" + strings.TrimPrefix(r.Headers["signature"], "aidoc=")
		}),
		twin(v, "second label in Signature-Input", malformed, func(r *Request) {
			r.Headers["signature-input"] += ", sig1=" + strings.TrimPrefix(r.Headers["signature-input"], "aidoc=")
		}),
		twin(v, "second label in both", malformed, func(r *Request) {
			r.Headers["signature"] += ", sig1=" + strings.TrimPrefix(r.Headers["signature"], "aidoc=")
			r.Headers["signature-input"] += ", sig1=" + strings.TrimPrefix(r.Headers["signature-input"], "aidoc=")
		}),
		twin(v, "headers sent twice", malformed, func(r *Request) {
			r.Headers["signature"] += ", " + r.Headers["signature"]
			r.Headers["signature-input"] += ", " + r.Headers["signature-input"]
		}),
		twin(v, "another label", malformed, func(r *Request) {
			r.Headers["signature"] = "sig1=" + strings.TrimPrefix(r.Headers["signature"], "aidoc=")
			r.Headers["signature-input"] = "sig1=" + strings.TrimPrefix(r.Headers["signature-input"], "aidoc=")
		}),
		twin(v, "Signature-Input is a flood", malformed, func(r *Request) {
			r.Headers["signature-input"] = "aidoc=(" + strings.Repeat(`"@method" `, 400) + ")"
		}),
	}
	for _, p := range badParams(v) {
		out = append(out, twin(v, p.name, malformed, func(r *Request) { r.seal(agentKey.secret, p.params) }))
	}
	return out
}

// looseBase64 sets the two bits of the last character that hold nothing: the same MAC in another spelling.
func looseBase64(signature string) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	at := len(signature) - 3
	i := strings.IndexByte(alphabet, signature[at])
	return signature[:at] + string(alphabet[i|1]) + signature[at+1:]
}

type badParam struct{ name, params string }

func badParams(v Request) []badParam {
	ok := requestParams(v.Created, v.Nonce, v.KeyID)
	re := func(old, new string) string {
		if !strings.Contains(ok, old) {
			panic("nothing to change: " + old)
		}
		return strings.Replace(ok, old, new, 1)
	}
	created := fmt.Sprintf(";created=%d", v.Created)
	nonce, keyid, tag := `;nonce="`+v.Nonce+`"`, `;keyid="`+v.KeyID+`"`, `;tag="aidoc-request"`
	return []badParam{
		{"component @method removed", re(`"@method" `, "")},
		{"component x-aidoc-route removed", re(` "x-aidoc-route"`, "")},
		{"component x-aidoc-site removed", re(` "x-aidoc-site"`, "")},
		{"component content-digest removed", re(` "content-digest"`, "")},
		{"no components", re(requestComponents, "()")},
		{"component order changed", re(`"@method" "x-aidoc-route"`, `"x-aidoc-route" "@method"`)},
		{"component added", re(`"content-digest")`, `"content-digest" "content-type")`)},
		{"component twice", re(`"@method"`, `"@method" "@method"`)},
		{"component in upper case", re(`"x-aidoc-route"`, `"X-Aidoc-Route"`)},
		{"component with a parameter", re(`"@method"`, `"@method";req`)},
		{"component unquoted", re(`"@method"`, `@method`)},
		{"two spaces between components", re(`"@method" `, `"@method"  `)},
		{"created missing", re(created, "")},
		{"created as a string", re(created, fmt.Sprintf(`;created="%d"`, v.Created))},
		{"created as a decimal", re(created, created+".0")},
		{"created with a leading zero", re("created=", "created=0")},
		{"created negative", re("created=", "created=-")},
		{"created without a value", re(created, ";created")},
		{"nonce missing", re(nonce, "")},
		{"nonce empty", re(nonce, `;nonce=""`)},
		{"nonce too short", re(v.Nonce, v.Nonce[:21])},
		{"nonce too long", re(v.Nonce, v.Nonce+"A")},
		{"nonce with padding", re(v.Nonce, v.Nonce+"==")},
		{"nonce in another alphabet", re(v.Nonce, v.Nonce[:20]+"+/")},
		{"nonce unquoted", re(nonce, ";nonce="+v.Nonce)},
		{"keyid missing", re(keyid, "")},
		{"keyid unquoted", re(keyid, ";keyid="+v.KeyID)},
		{"keyid of another form", re(v.KeyID, "admin")},
		{"keyid in upper case", re(v.KeyID, strings.ToUpper(v.KeyID))},
		{"keyid with an escape", re(v.KeyID, `ak_\"`+v.KeyID[5:])},
		{"tag missing", re(tag, "")},
		{"tag of an answer", re(tag, `;tag="aidoc-response"`)},
		{"tag of another protocol", re(tag, `;tag="web-bot-auth"`)},
		{"tag unquoted", re(tag, ";tag=aidoc-request")},
		{"parameter expires added", ok + fmt.Sprintf(";expires=%d", v.Created+300)},
		{"parameter alg added", ok + `;alg="hmac-sha256"`},
		{"parameter order changed", requestComponents + nonce + created + keyid + tag},
		{"parameter created twice", re(created, created+created)},
		{"parameter keyid twice", re(keyid, keyid+`;keyid="`+otherKey.id+`"`)},
		{"parameter name in upper case", re(";created", ";Created")},
		{"space before a parameter", re(";created", "; created")},
	}
}
