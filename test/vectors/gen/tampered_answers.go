package main

import (
	"fmt"
	"strings"
)

func tamperedAnswers(v Response) []Response {
	earlier := build(spec{name: "an earlier request", route: "/aidoc/v1/lease", body: lease})
	params := responseParams("content-digest", v.Created, v.KeyID, v.Tag)
	signed := func(params string) func(*Response) {
		return func(r *Response) { r.seal(agentKey.secret, "content-digest", params) }
	}
	re := func(old, new string) string {
		if !strings.Contains(params, old) {
			panic("nothing to change: " + old)
		}
		return strings.Replace(params, old, new, 1)
	}
	drop := func(h string) func(*Response) { return func(r *Response) { delete(r.Headers, h) } }
	add := func(h, s string) func(*Response) { return func(r *Response) { r.Headers[h] += s } }
	created := fmt.Sprintf(";created=%d", v.Created)
	return []Response{
		twinAnswer(v, "status changed", invalid, func(r *Response) { r.Status = 410 }),
		twinAnswer(v, "answer's body changed", "aidoc_digest_mismatch", func(r *Response) { r.Body = b64([]byte("{}")) }),
		twinAnswer(v, "answer's body emptied", "aidoc_digest_mismatch", func(r *Response) { r.Body = "" }),
		twinAnswer(v, "answer's body and digest changed", invalid, func(r *Response) {
			r.Body = b64([]byte("{}"))
			r.Headers["content-digest"] = digest([]byte("{}"))
		}),
		twinAnswer(v, "answer's created changed", invalid, func(r *Response) {
			r.Headers["signature-input"] = strings.Replace(r.Headers["signature-input"], created, fmt.Sprintf(";created=%d", v.Created+1), 1)
		}),
		twinAnswer(v, "answer to another request", invalid, func(r *Response) { r.RequestSignature = earlier.Headers["signature"] }),
		twinAnswer(v, "answer of another key", invalid, func(r *Response) {
			r.seal(otherKey.secret, "content-digest", responseParams("content-digest", r.Created, otherKey.id, r.Tag))
		}),
		twinAnswer(v, "answer signed with another secret", invalid, func(r *Response) { r.seal(otherKey.secret, "content-digest", params) }),
		twinAnswer(v, "answer in another key's name", invalid, signed(re(v.KeyID, otherKey.id))),
		twinAnswer(v, "answer of an empty secret", invalid, func(r *Response) { r.seal(nil, "content-digest", params) }),
		twinAnswer(v, "answer's signature byte changed", invalid, func(r *Response) { r.Headers["signature"] = flip(r.Headers["signature"], 7) }),
		twinAnswer(v, "the request's signature sent back", invalid, func(r *Response) { r.Headers["signature"] = r.RequestSignature }),
		twinAnswer(v, "answer 301 s old", skew, func(r *Response) { r.Now += 301 }),
		twinAnswer(v, "answer 301 s ahead", skew, func(r *Response) { r.Now -= 301 }),
		twinAnswer(v, "answer without Signature", missing, drop("signature")),
		twinAnswer(v, "answer without Signature-Input", missing, drop("signature-input")),
		twinAnswer(v, "answer without Content-Digest", malformed, drop("content-digest")),
		twinAnswer(v, "answer with two digests", malformed, add("content-digest", ", "+v.Headers["content-digest"])),
		twinAnswer(v, "answer's signature truncated", malformed, func(r *Response) { r.Headers["signature"] = r.Headers["signature"][:20] }),
		twinAnswer(v, "answer's base64 not canonical", malformed, func(r *Response) { r.Headers["signature"] = looseBase64(r.Headers["signature"]) }),
		twinAnswer(v, "answer's signature without colons", malformed, func(r *Response) {
			r.Headers["signature"] = strings.ReplaceAll(r.Headers["signature"], ":", "")
		}),
		twinAnswer(v, "answer with a second label", malformed, add("signature-input", ", sig1="+params)),
		twinAnswer(v, "answer with a second signature", malformed, add("signature", ", sig1=:AAAA:")),
		twinAnswer(v, "answer without @status", malformed, signed(re(`"@status" `, ""))),
		twinAnswer(v, "answer without its digest component", malformed, signed(re(`"content-digest" `, ""))),
		twinAnswer(v, "answer not bound to a request", malformed, signed(re(` "signature";req;key="aidoc"`, ""))),
		twinAnswer(v, "answer bound without req", malformed, signed(re(`;req;key`, ";key"))),
		twinAnswer(v, "answer's component order changed", malformed, signed(re(`"@status" "content-digest"`, `"content-digest" "@status"`))),
		twinAnswer(v, "answer with a nonce", malformed, signed(re(created, created+`;nonce="AAAAAAAAAAAAAAAAAAAAAA"`))),
		twinAnswer(v, "answer with alg", malformed, signed(params+`;alg="hmac-sha256"`)),
		twinAnswer(v, "answer with created twice", malformed, signed(re(created, created+created))),
		twinAnswer(v, "answer with the request's tag", malformed, signed(re("aidoc-response", "aidoc-request"))),
		twinAnswer(v, "answer with the tag of nobody", malformed, signed(re("aidoc-response", "aidoc-final"))),
		twinAnswer(v, "answer with a tag that goes on", malformed, signed(re("aidoc-response", "aidoc-response-2"))),
		twinAnswer(v, "answer with both tags", malformed, signed(params+`;tag="aidoc-refusal"`)),
		twinAnswer(v, "answer with keyid unquoted", malformed, signed(re(`"`+v.KeyID+`"`, v.KeyID))),
		twinAnswer(v, "answer with a repr-digest in place of its digest", malformed, func(r *Response) {
			r.Headers["repr-digest"] = r.Headers["content-digest"]
			r.seal(agentKey.secret, "repr-digest", responseParams("repr-digest", r.Created, r.KeyID, r.Tag))
		}),
	}
}

// tamperedRefusals pass one tag off as the other. A caller who could do it would make a refusal final that anybody can cause.
func tamperedRefusals(refusal, word Response) []Response {
	retag := func(old, new string) func(*Response) {
		return func(r *Response) {
			if !strings.Contains(r.Headers["signature-input"], old) {
				panic("nothing to change: " + old)
			}
			r.Tag = new
			r.Headers["signature-input"] = strings.Replace(r.Headers["signature-input"], old, new, 1)
		}
	}
	return []Response{
		twinAnswer(refusal, "refusal passed off as the site's word", invalid, retag(tagRefusal, tagResponse)),
		twinAnswer(word, "the site's word passed off as a refusal", invalid, retag(tagResponse, tagRefusal)),
		twinAnswer(refusal, "refusal's status changed", invalid, func(r *Response) { r.Status = 410 }),
		twinAnswer(refusal, "refusal's body changed", "aidoc_digest_mismatch", func(r *Response) { r.Body = b64([]byte(lost)) }),
		twinAnswer(refusal, "refusal signed with another secret", invalid, func(r *Response) {
			r.seal(otherKey.secret, "content-digest", responseParams("content-digest", r.Created, r.KeyID, r.Tag))
		}),
		twinAnswer(refusal, "refusal's tag in upper case", malformed, func(r *Response) {
			r.seal(agentKey.secret, "content-digest", responseParams("content-digest", r.Created, r.KeyID, "AIDOC-REFUSAL"))
		}),
	}
}

// tamperedFiles: the bytes of a file are held against the digest by the code that stores them, so here only the headers count.
func tamperedFiles(whole, part Response) []Response {
	return []Response{
		twinAnswer(whole, "digest of another file", invalid, func(r *Response) { r.Headers["content-digest"] = digest([]byte("other")) }),
		twinAnswer(whole, "whole file passed off as a part", malformed, func(r *Response) { r.Status = 206 }),
		twinAnswer(part, "repr-digest of another file", invalid, func(r *Response) { r.Headers["repr-digest"] = digest([]byte("other")) }),
		twinAnswer(part, "part passed off as the whole", malformed, func(r *Response) { r.Status = 200 }),
		twinAnswer(part, "part of a file passed off as a refusal", invalid, func(r *Response) {
			r.Tag = tagRefusal
			r.Headers["signature-input"] = strings.Replace(r.Headers["signature-input"], tagResponse, tagRefusal, 1)
		}),
		twinAnswer(part, "part with a content-digest component", malformed, func(r *Response) {
			r.Headers["content-digest"] = digest(unb64(r.Body))
			r.seal(agentKey.secret, "content-digest", responseParams("content-digest", r.Created, r.KeyID, r.Tag))
		}),
	}
}
