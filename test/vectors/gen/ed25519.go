package main

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"math/big"
	"slices"
	"strings"
)

// testPair is a key of which the verifier has the public half.
func testPair(id, state string) key {
	k := testKey(id, state, ed25519.SeedSize)
	k.public = ed25519.NewKeyFromSeed(k.secret).Public().(ed25519.PublicKey)
	return k
}

// testSiteKey is named after its public half.
func testSiteKey(name string) key {
	k := testPair(name, "active")
	sum := sha256.Sum256(k.public)
	k.id = "sk_" + hex.EncodeToString(sum[:12])
	return k
}

var (
	publicKey        = testPair("ae_0123456789abcdef01234567", "active")
	deadPublicKey    = testPair("ae_00000000000000000000dead", "revoked")
	unknownPublicKey = testPair("ae_ffffffffffffffffffffffff", "unknown")
	siteKey          = testSiteKey("the site's")
	otherSiteKey     = testSiteKey("of another time")
)

func publicKeyLease() Request {
	return build(spec{name: "lease, public key", route: "/aidoc/v1/lease", body: lease, key: publicKey})
}

// publicKeyRequests: the other algorithm, and every way to pass one off as the other.
func publicKeyRequests(shared Request) []Request {
	v := publicKeyLease()
	file := build(spec{name: "file, public key", method: "GET", route: "/aidoc/v1/jobs/77/file", key: publicKey})
	params := requestParams(v.Created, v.Nonce, v.KeyID)
	signedBy := func(k key) func(*Request) {
		return func(r *Request) { r.sealBy(k, requestParams(r.Created, r.Nonce, k.id)) }
	}
	under := func(k key, params string) func(*Request) { return func(r *Request) { r.sealBy(k, params) } }
	out := []Request{v, file}
	out = append(out,
		twin(v, "public key: body changed", "aidoc_digest_mismatch", func(r *Request) { r.Body = b64([]byte("{}")) }),
		twin(v, "public key: route header changed", invalid, set("x-aidoc-route", "/aidoc/v1/beat")),
		twin(v, "public key: sent to another route", "aidoc_wrong_route", func(r *Request) { r.Route = "/aidoc/v1/release" }),
		twin(v, "public key: sent to a cloned site", "aidoc_wrong_site", func(r *Request) { r.Site = "https://staging.example.org" }),
		twin(v, "public key: late", skew, func(r *Request) { r.Now += 301 }),
		twin(v, "public key: replayed", "aidoc_replayed", func(r *Request) { r.SeenNonces = []string{r.Nonce} }),
		twin(v, "public key: revoked", "aidoc_key_revoked", signedBy(deadPublicKey)),
		twin(v, "public key: nobody knows it", "aidoc_key_unknown", signedBy(unknownPublicKey)),
		twin(v, "public key: signed with another pair", invalid, under(unknownPublicKey, params)),
		twin(v, "public key: signed with the site's", invalid, under(siteKey, params)),
		twin(v, "public key: R changed", invalid, func(r *Request) { r.Headers["signature"] = flip(r.Headers["signature"], 2) }),
		twin(v, "public key: S changed", invalid, func(r *Request) { r.Headers["signature"] = flip(r.Headers["signature"], 60) }),
		twin(v, "public key: S not canonical", invalid, func(r *Request) { r.Headers["signature"] = plusOrder(r.Headers["signature"]) }),
		twin(v, "public key: signature of zeros", invalid, set("signature", sequence(make([]byte, 64)))),
		twin(v, "public key: R of small order", invalid, set("signature", sequence(append([]byte{1}, make([]byte, 63)...)))),
		twin(v, "public key: 63 bytes", malformed, set("signature", sequence(make([]byte, 63)))),
		twin(v, "public key: 65 bytes", malformed, set("signature", sequence(make([]byte, 65)))),
		twin(v, "public key: base64 without padding", malformed, func(r *Request) {
			r.Headers["signature"] = strings.Replace(r.Headers["signature"], "==:", ":", 1)
		}),
		twin(v, "public key: base64 not canonical", malformed, func(r *Request) {
			r.Headers["signature"] = strings.Replace(r.Headers["signature"], "==:", "!", 1)
			r.Headers["signature"] = looseBase64(strings.Replace(r.Headers["signature"], "!", "=:", 1))
			r.Headers["signature"] = strings.Replace(r.Headers["signature"], "=:", "==:", 1)
		}),
		twin(v, "public key: a MAC in its place", malformed, under(key{secret: publicKey.public}, params)),
		twin(v, "public key: a MAC doubled to its length", invalid, func(r *Request) {
			sum := unb64(strings.Trim(mac(publicKey.public, r.Base), ":"))
			r.Headers["signature"] = sequence(append(slices.Clone(sum), sum...))
		}),
		twin(v, "public key: alg named", malformed, under(publicKey, params+`;alg="ed25519"`)),
		twin(v, "public key: the site's name", malformed, under(siteKey, requestParams(v.Created, v.Nonce, siteKey.id))),
		twin(shared, "shared secret: a signature of a pair in place of the MAC", malformed, func(r *Request) {
			r.sealBy(publicKey, requestParams(r.Created, r.Nonce, r.KeyID))
		}),
		twin(shared, "shared secret: named as a public key", malformed, func(r *Request) {
			r.sealBy(agentKey, requestParams(r.Created, r.Nonce, publicKey.id))
		}),
	)
	return out
}

// publicKeyAnswers: the site's own key signs, and nothing else is trusted.
func publicKeyAnswers(shared Response) []Response {
	req := publicKeyLease()
	file := build(spec{name: "file, public key", method: "GET", route: "/aidoc/v1/jobs/77/file", key: publicKey})
	v := reply(answer{name: "answer to a public key", to: req, status: 200, body: leaseAnswer, key: siteKey})
	refusal := reply(answer{name: "refusal of a public key's request", to: req, status: 400, body: noQuery, key: siteKey, tag: tagRefusal})
	params := responseParams("content-digest", v.Created, v.KeyID, v.Tag)
	signed := func(k key, id string) func(*Response) {
		return func(r *Response) {
			r.sealBy(k, "content-digest", responseParams("content-digest", r.Created, id, r.Tag))
		}
	}
	return []Response{
		v, refusal,
		reply(answer{name: "refusal 409 to a public key", to: req, status: 409, body: lost, key: siteKey}),
		reply(answer{name: "whole file to a public key", to: file, status: 200, body: "%PDF-1.7 whole file", key: siteKey, file: true}),
		reply(answer{name: "part of a file to a public key", to: file, status: 206, body: "%PDF-1.7 whole file", key: siteKey, file: true}),
		twinAnswer(v, "site key: status changed", invalid, func(r *Response) { r.Status = 410 }),
		twinAnswer(v, "site key: body changed", "aidoc_digest_mismatch", func(r *Response) { r.Body = b64([]byte("{}")) }),
		twinAnswer(v, "site key: answer to another request", invalid, func(r *Response) {
			r.RequestSignature = build(spec{name: "an earlier request of a public key", route: "/aidoc/v1/lease", body: lease, key: publicKey}).Headers["signature"]
		}),
		twinAnswer(refusal, "site key: refusal passed off as the site's word", invalid, func(r *Response) {
			r.Tag = tagResponse
			r.Headers["signature-input"] = strings.Replace(r.Headers["signature-input"], tagRefusal, tagResponse, 1)
		}),
		twinAnswer(v, "site key: S not canonical", invalid, func(r *Response) { r.Headers["signature"] = plusOrder(r.Headers["signature"]) }),
		twinAnswer(v, "site key: signature of zeros", invalid, func(r *Response) { r.Headers["signature"] = sequence(make([]byte, 64)) }),
		twinAnswer(v, "site key: signed with another pair under its name", invalid, signed(otherSiteKey, siteKey.id)),
		twinAnswer(v, "site key: signed with the agent's own pair under its name", invalid, signed(publicKey, siteKey.id)),
		twinAnswer(v, "site key: another one than was pinned", "site_key_changed", signed(otherSiteKey, otherSiteKey.id)),
		twinAnswer(v, "site key: a MAC in its place", malformed, signed(key{secret: siteKey.public}, siteKey.id)),
		twinAnswer(v, "site key: alg named", malformed, func(r *Response) { r.sealBy(siteKey, "content-digest", params+`;alg="ed25519"`) }),
		twinAnswer(v, "public key: answered under the agent's own name", malformed, signed(publicKey, publicKey.id)),
		twinAnswer(v, "public key: answered with a MAC under the agent's own name", malformed, signed(key{secret: publicKey.public}, publicKey.id)),
		twinAnswer(v, "public key: answered with a shared secret", invalid, signed(agentKey, agentKey.id)),
		twinAnswer(shared, "shared secret: answered with the site's key", invalid, signed(siteKey, siteKey.id)),
		twinAnswer(shared, "shared secret: a signature of a pair in place of the MAC of its answer", malformed, signed(siteKey, agentKey.id)),
	}
}

// points are what may, and what may not, be offered as a public key.
func points() []Point {
	p := new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), 255), big.NewInt(19))
	plus := func(n int64) []byte { return littleEndian(new(big.Int).Add(p, big.NewInt(n))) }
	bytes := func(text string) []byte {
		b, err := hex.DecodeString(text)
		if err != nil {
			panic(err)
		}
		return b
	}
	odd := func(b []byte) []byte { c := slices.Clone(b); c[31] |= 0x80; return c }
	a, c := bytes("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"), bytes("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a")
	return []Point{
		{"a public key", b64(publicKey.public), true},
		{"RFC 8032, 7.1, test 3", b64(bytes("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025")), true},
		{"31 bytes", b64(publicKey.public[:31]), false},
		{"33 bytes", b64(append(slices.Clone(publicKey.public), 0)), false},
		{"no bytes", "", false},
		{"order 1", b64(littleEndian(big.NewInt(1))), false},
		{"order 1, x odd", b64(odd(littleEndian(big.NewInt(1)))), false},
		{"order 2", b64(plus(-1)), false},
		{"order 4", b64(make([]byte, 32)), false},
		{"order 4, x odd", b64(odd(make([]byte, 32))), false},
		{"order 8, first", b64(a), false},
		{"order 8, first, x odd", b64(odd(a)), false},
		{"order 8, second", b64(c), false},
		{"order 8, second, x odd", b64(odd(c)), false},
		{"0 spelt as p", b64(plus(0)), false},
		{"1 spelt as p + 1", b64(plus(1)), false},
		{"3 spelt as p + 3", b64(plus(3)), false},
		{"off the curve", b64(littleEndian(big.NewInt(2))), false},
	}
}

// plusOrder adds the order of the base point to S: the same number to any code that forgets to look at its size.
func plusOrder(signature string) string {
	order, _ := new(big.Int).SetString("7237005577332262213973186563042994240857116359379907606001950938285454250989", 10)
	b := unb64(strings.Trim(strings.TrimPrefix(signature, "aidoc="), ":"))
	s := slices.Clone(b[32:])
	slices.Reverse(s)
	return sequence(append(slices.Clone(b[:32]), littleEndian(new(big.Int).Add(new(big.Int).SetBytes(s), order))...))
}

func littleEndian(n *big.Int) []byte {
	b := n.FillBytes(make([]byte, 32))
	slices.Reverse(b)
	return b
}

func sequence(b []byte) string { return "aidoc=:" + b64(b) + ":" }
