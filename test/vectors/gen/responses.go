package main

import "maps"

type answer struct {
	name    string
	to      Request
	status  int
	body    string
	key     key // who signs
	created int64
	file    bool
	tag     string
}

func reply(a answer) Response {
	if a.key.id == "" {
		a.key = agentKey
	}
	if a.created == 0 {
		a.created = now
	}
	if a.tag == "" {
		a.tag = tagResponse
	}
	name := "content-digest"
	if a.status == 206 {
		name = "repr-digest"
	}
	r := Response{
		Common: Common{
			Name: a.name, Expect: "ok", KeyID: a.key.id, Secret: b64(a.key.secret), Created: a.created, Now: now,
			Body: b64([]byte(a.body)), Headers: map[string]string{name: digest([]byte(a.body))},
		},
		AgentKeyID: a.to.KeyID, Tag: a.tag, Status: a.status, RequestSignature: a.to.Headers["signature"], File: a.file,
	}
	if a.status == 206 {
		r.Body = b64([]byte(a.body[len(a.body)/2:])) // the second half travels, the digest is the whole file's
	}
	if a.key.public != nil {
		r.Public = b64(a.key.public)
	}
	r.sealBy(a.key, name, responseParams(name, a.created, a.key.id, a.tag))
	return r
}

const (
	leaseAnswer = `{"leases":[],"next_poll_ms":2000,"doorbell":null,"directive":"run","rotate_key":false,"server_now_ms":1764000000000}`
	lost        = `{"code":"aidoc_lease_lost","message":"Another agent works on this document now.","data":{"status":409}}`
	noQuery     = `{"code":"aidoc_query_refused","message":"Agent routes take no query parameter and no method override.","data":{"status":400}}`
	tooLarge    = `{"code":"aidoc_body_too_large","message":"The body has more than 4194304 bytes.","data":{"status":413,"max_bytes":4194304}}`
	skewAnswer  = `{"code":"aidoc_clock_skew","message":"The agent's clock is 10 min off.","data":{"status":401,"server_now_ms":1764000604000}}`
)

func validResponses() []Response {
	reqs := validRequests()
	leaseReq, fileReq, joinReq := reqs[0], reqs[5], reqs[6]
	return []Response{
		reply(answer{name: "answer to lease", to: leaseReq, status: 200, body: leaseAnswer}),
		reply(answer{name: "answer with UTF-8", to: leaseReq, status: 200, body: `{"reason":"gelöscht – 📄"}`}),
		reply(answer{name: "refusal 409", to: leaseReq, status: 409, body: lost}),
		reply(answer{name: "empty body", to: leaseReq, status: 200}),
		reply(answer{name: "answer to join, signed with the token", to: joinReq, status: 200, body: `{"key_id":"` + agentKey.id + `"}`, key: tokenKey}),
		reply(answer{name: "whole file", to: fileReq, status: 200, body: "%PDF-1.7 whole file", file: true}),
		reply(answer{name: "part of a file", to: fileReq, status: 206, body: "%PDF-1.7 whole file", file: true}),
		reply(answer{name: "refusal for the clock, site 604 s ahead", to: leaseReq, status: 401, body: skewAnswer, created: now + 604}),
		reply(answer{name: "refusal of a request with a query", to: leaseReq, status: 400, body: noQuery, tag: tagRefusal}),
		reply(answer{name: "refusal of a request that was padded", to: leaseReq, status: 413, body: tooLarge, tag: tagRefusal}),
		reply(answer{name: "refusal that speaks of a lost lease", to: leaseReq, status: 409, body: lost, tag: tagRefusal}),
		reply(answer{name: "refusal with status 200", to: leaseReq, status: 200, body: leaseAnswer, tag: tagRefusal}),
		reply(answer{name: "refusal without a body", to: leaseReq, status: 400, tag: tagRefusal}),
		reply(answer{name: "refusal of a join that was changed on its way", to: joinReq, status: 400, body: noQuery, key: tokenKey, tag: tagRefusal}),
		reply(answer{name: "refusal of a site 301 s ahead", to: leaseReq, status: 400, body: noQuery, created: now + 301, tag: tagRefusal}),
		reply(answer{name: "site 300 s ahead", to: leaseReq, status: 200, body: leaseAnswer, created: now + 300}),
		reply(answer{name: "site 300 s behind", to: leaseReq, status: 200, body: leaseAnswer, created: now - 300}),
	}
}

func twinAnswer(of Response, name, expect string, change func(*Response)) Response {
	t := of
	t.Headers = maps.Clone(of.Headers)
	t.Name, t.Expect, t.TwinOf = name, expect, of.Name
	change(&t)
	return t
}

func named(list []Response, name string) Response {
	for _, r := range list {
		if r.Name == name {
			return r
		}
	}
	panic("no such case: " + name)
}

func responses() []Response {
	valid := validResponses()
	out := append([]Response{}, valid...)
	out = append(out, tamperedAnswers(valid[0])...)
	out = append(out, tamperedRefusals(named(valid, "refusal of a request with a query"), named(valid, "refusal 409"))...)
	out = append(out, tamperedFiles(valid[5], valid[6])...)
	return append(out, publicKeyAnswers(valid[0])...)
}

func primitives() []Primitive {
	return []Primitive{{
		Name: "RFC 9421, appendix B.2.5", Algorithm: "hmac-sha256",
		Secret: "uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtjUkdJPBtbmHhIDi6pcl8jsasjlTMtDQ==",
		Base: "\"date\": Tue, 20 Apr 2021 02:07:55 GMT\n\"@authority\": example.com\n\"content-type\": application/json\n" +
			"\"@signature-params\": (\"date\" \"@authority\" \"content-type\");created=1618884473;keyid=\"test-shared-secret\"",
		Signature: "pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8=",
	}, {
		Name: "RFC 9421, appendix B.2.6", Algorithm: "ed25519",
		Secret:    "n4Ni+HpISpVObnQMW0wOhCKROaIKqKtW/2ZYb2p9KcU=",
		PublicKey: "JrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=",
		Base: "\"date\": Tue, 20 Apr 2021 02:07:55 GMT\n\"@method\": POST\n\"@path\": /foo\n\"@authority\": example.com\n" +
			"\"content-type\": application/json\n\"content-length\": 18\n" +
			"\"@signature-params\": (\"date\" \"@method\" \"@path\" \"@authority\" \"content-type\" \"content-length\");created=1618884473;keyid=\"test-key-ed25519\"",
		Signature: "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==",
	}}
}

func siteForms() []SiteForm {
	return []SiteForm{
		{"https://www.example.org", "https://www.example.org"},
		{"https://www.example.org/", "https://www.example.org"},
		{"HTTPS://WWW.Example.ORG", "https://www.example.org"},
		{"https://example.org:443", "https://example.org"},
		{"http://example.org:80/", "http://example.org"},
		{"https://example.org:80", "https://example.org:80"},
		{"http://127.0.0.1:8380", "http://127.0.0.1:8380"},
		{"http://[::1]:8380/", "http://[::1]:8380"},
		{"https://example.org/Blog/", "https://example.org/Blog"},
		{"https://example.org/a/b//", "https://example.org/a/b"},
		{"https://xn--bcher-kva.example", "https://xn--bcher-kva.example"},
	}
}
