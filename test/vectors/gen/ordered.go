package main

// orderedRequests are wrong in two ways: the answer tells in which order the site looks.
func orderedRequests(v, file Request) []Request {
	return []Request{
		twin(v, "malformed and an unknown key: the profile comes first", malformed, func(r *Request) {
			r.seal(unknownKey.secret, requestParams(r.Created, r.Nonce, unknownKey.id)+`;alg="hmac-sha256"`)
		}),
		twin(v, "revoked and late: the key comes before the clock", "aidoc_key_revoked", func(r *Request) {
			r.Now += 301
			r.seal(revokedKey.secret, requestParams(r.Created, r.Nonce, revokedKey.id))
		}),
		twin(v, "revoked and another body: the digest comes before the state of the key", "aidoc_digest_mismatch", func(r *Request) {
			r.seal(revokedKey.secret, requestParams(r.Created, r.Nonce, revokedKey.id))
			r.Body = b64([]byte("{}"))
		}),
		twin(v, "revoked and a bad MAC: a caller who only names a dead key learns nothing of it", invalid, func(r *Request) {
			r.seal(otherKey.secret, requestParams(r.Created, r.Nonce, revokedKey.id))
		}),
		twin(v, "late and another body: the digest comes before the clock", "aidoc_digest_mismatch", func(r *Request) {
			r.Now += 301
			r.Body = b64([]byte("{}"))
		}),
		twin(v, "late and a bad MAC: the MAC comes before the clock", invalid, func(r *Request) {
			r.Now += 301
			r.Headers["signature"] = flip(r.Headers["signature"], 0)
		}),
		twin(v, "late and another route: the clock comes before the route", skew, func(r *Request) {
			r.Now += 301
			r.Route = "/aidoc/v1/echo"
		}),
		twin(v, "another body and a bad MAC: the digest comes before the MAC", "aidoc_digest_mismatch", func(r *Request) {
			r.Body = b64([]byte("{}"))
			r.Headers["signature"] = flip(r.Headers["signature"], 0)
		}),
		twin(v, "bad MAC and another route: the MAC comes before the route", invalid, func(r *Request) {
			r.Route = "/aidoc/v1/echo"
			r.Headers["signature"] = flip(r.Headers["signature"], 0)
		}),
		twin(v, "another route and replayed: the route comes before the nonce", "aidoc_wrong_route", func(r *Request) {
			r.Route = "/aidoc/v1/echo"
			r.SeenNonces = []string{r.Nonce}
		}),
		twin(v, "another site and replayed: the site comes before the nonce", "aidoc_wrong_site", func(r *Request) {
			r.Site = "https://staging.example.org"
			r.SeenNonces = []string{r.Nonce}
		}),
		twin(v, "bad MAC and a seen nonce: a forger learns nothing of nonces", invalid, func(r *Request) {
			r.Headers["signature"] = flip(r.Headers["signature"], 0)
			r.SeenNonces = []string{r.Nonce}
		}),
		twin(file, "a body added to a GET", "aidoc_digest_mismatch", func(r *Request) { r.Body = b64([]byte("{}")) }),
		twin(file, "file of another job", "aidoc_wrong_route", func(r *Request) { r.Route = "/aidoc/v1/jobs/78/file" }),
	}
}
