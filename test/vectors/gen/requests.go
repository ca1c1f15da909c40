package main

import "maps"

const (
	home  = "https://www.example.org"
	lease = `{"request_id":"0b8f2c54-7d0a-4d3f-9a51-3f0d8a2c7e11","free_slots":2,"capabilities":{"mimes":["application/pdf"],` +
		`"ocr_languages":["deu","eng"],"max_bytes":104857600},"agent":{"version":"1.0.0","host":"scan-1","os":"linux","arch":"amd64","slots":2}}`
	beat = `{"held":[{"job_id":77,"epoch":3,"lease_token":"q83vEjRWeJCrze8SNFZ4kA","phase":"ocr","done":12,"total":80,"note":"Seite 12 – größer als üblich 📄"}]}`
)

type spec struct {
	name, method, route, site, url, body string
	key                                  key
	created                              int64
}

func build(s spec) Request {
	if s.method == "" {
		s.method = "POST"
	}
	if s.site == "" {
		s.site = home
	}
	if s.key.id == "" {
		s.key = agentKey
	}
	if s.created == 0 {
		s.created = now
	}
	if s.url == "" {
		s.url = s.site + "/wp-json" + s.route
	}
	r := Request{
		Common: Common{
			Name: s.name, Expect: "ok", KeyID: s.key.id, Secret: b64(s.key.secret), Created: s.created, Now: now,
			Body: b64([]byte(s.body)),
			Headers: map[string]string{
				"x-aidoc-route": s.route, "x-aidoc-site": s.site, "content-digest": digest([]byte(s.body)),
			},
		},
		Nonce: nonceFor(s.name), Method: s.method, Route: s.route, Site: s.site, URL: s.url, SeenNonces: []string{},
	}
	if s.key.public != nil {
		r.Public = b64(s.key.public)
	}
	r.sealBy(s.key, requestParams(s.created, r.Nonce, s.key.id))
	return r
}

func validRequests() []Request {
	return []Request{
		build(spec{name: "lease", route: "/aidoc/v1/lease", body: lease}),
		build(spec{name: "lease without pretty permalinks", route: "/aidoc/v1/lease", body: lease,
			url: home + "/?rest_route=/aidoc/v1/lease"}),
		build(spec{name: "beat, UTF-8 body", route: "/aidoc/v1/beat", body: beat}),
		build(spec{name: "echo", route: "/aidoc/v1/echo", body: "{}"}),
		build(spec{name: "echo, body ends in a line feed", route: "/aidoc/v1/echo", body: "{}\n"}),
		build(spec{name: "file, GET with an empty body", method: "GET", route: "/aidoc/v1/jobs/77/file"}),
		build(spec{name: "join, signed with the token", route: "/aidoc/v1/join", key: tokenKey,
			body: `{"token":"` + tokenKey.id + `","agent":{"version":"1.0.0","host":"scan-1","os":"linux","arch":"amd64"}}`}),
		build(spec{name: "site in a folder", route: "/aidoc/v1/echo", site: "https://example.org/Blog", body: "{}"}),
		build(spec{name: "site on a port", route: "/aidoc/v1/echo", site: "http://127.0.0.1:8380", body: "{}"}),
		build(spec{name: "another agent's key", route: "/aidoc/v1/echo", key: otherKey, body: "{}"}),
		build(spec{name: "clock 300 s behind the site", route: "/aidoc/v1/echo", body: "{}", created: now - 300}),
		build(spec{name: "clock 300 s ahead of the site", route: "/aidoc/v1/echo", body: "{}", created: now + 300}),
	}
}

// twin copies a valid request and changes one thing.
func twin(of Request, name, expect string, change func(*Request)) Request {
	t := of
	t.Headers = maps.Clone(of.Headers)
	t.Name, t.Expect, t.TwinOf = name, expect, of.Name
	change(&t)
	return t
}

func requests() []Request {
	valid := validRequests()
	out := append([]Request{}, valid...)
	out = append(out, tamperedRequests(valid[0])...)
	out = append(out, malformedRequests(valid[0])...)
	out = append(out, orderedRequests(valid[0], valid[5])...)
	out = append(out, publicKeyRequests(valid[0])...)
	for i := range out {
		out[i].AnswerTag = answerTag(out[i].Expect)
	}
	return out
}

// answerTag follows from how far the verifier came: to a key, and past the MAC.
func answerTag(expect string) string {
	switch expect {
	case missing, malformed, "aidoc_key_unknown":
		return ""
	case "aidoc_digest_mismatch", invalid:
		return tagRefusal
	}
	return tagResponse
}
