package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
)

// File is the shape of signing.json; README.md beside it explains it to readers in other languages.
type File struct {
	Format    int         `json:"format"`
	About     string      `json:"about"`
	Keys      []KeyEntry  `json:"keys"`
	SiteKey   SiteKey     `json:"site_key"`
	Primitive []Primitive `json:"primitive"`
	Points    []Point     `json:"public_keys"`
	Sites     []SiteForm  `json:"sites"`
	Requests  []Request   `json:"requests"`
	Responses []Response  `json:"responses"`
}

// KeyEntry is one key that the verifier of requests knows.
type KeyEntry struct {
	KeyID     string `json:"key_id"`
	Secret    string `json:"secret,omitempty"`     // base64; a verifier has none of a public key
	PublicKey string `json:"public_key,omitempty"` // base64
	State     string `json:"state"`                // active, revoked
}

// SiteKey is the key that signs answers to agents with a public key.
type SiteKey struct {
	KeyID     string `json:"key_id"`
	Secret    string `json:"secret"`
	PublicKey string `json:"public_key"`
}

// Point is a case of what may be offered as a public key.
type Point struct {
	Name      string `json:"name"`
	PublicKey string `json:"public_key"`
	OK        bool   `json:"ok"`
}

// Primitive is a known answer for a signature over a base.
type Primitive struct {
	Name      string `json:"name"`
	Algorithm string `json:"algorithm"` // hmac-sha256, ed25519
	Secret    string `json:"secret"`
	PublicKey string `json:"public_key,omitempty"`
	Base      string `json:"base"`
	Signature string `json:"signature"`
}

// SiteForm is one case of a site URL's canonical form.
type SiteForm struct {
	URL       string `json:"url"`
	Canonical string `json:"canonical"`
}

// Common are the fields of both directions.
type Common struct {
	Name    string `json:"name"`
	Expect  string `json:"expect"` // "ok" or the refusal's code
	TwinOf  string `json:"twin_of,omitempty"`
	KeyID   string `json:"key_id"`
	Secret  string `json:"secret"`
	Public  string `json:"public_key,omitempty"` // of key_id, where it is one of a pair
	Created int64  `json:"created"`
	Now     int64  `json:"now"`
	Body    string `json:"body"`
	Base    string `json:"base"`

	Headers map[string]string `json:"headers"`
}

// Request is what the verifier of requests, the site, sees.
type Request struct {
	Common
	Nonce      string   `json:"nonce"`
	Method     string   `json:"method"`
	Route      string   `json:"route"`
	Site       string   `json:"site"`
	URL        string   `json:"url"`
	SeenNonces []string `json:"seen_nonces"`
	AnswerTag  string   `json:"answer_tag"` // of the answer; "" where it cannot be signed
}

// Response is what the verifier of answers, the agent, sees.
type Response struct {
	Common
	AgentKeyID       string `json:"agent_key_id"` // of the request; key_id is who signed the answer
	Tag              string `json:"tag"`
	Status           int    `json:"status"`
	RequestSignature string `json:"request_signature"`
	File             bool   `json:"file"` // an answer of the file route: the body is not held against the digest here
}

// Foreign holds the cases that another RFC 9421 library made (test/rfc9421/make-foreign.mjs).
type Foreign struct {
	Requests  []Request  `json:"requests"`
	Responses []Response `json:"responses"`
}

// Generate returns the bytes of signing.json.
func Generate(foreignPath string) ([]byte, error) {
	f := File{
		Format:    1,
		About:     "Signature vectors of docs/protocol.md, section 3. Made by test/vectors/gen; see README.md.",
		Keys:      []KeyEntry{agentKey.entry(), otherKey.entry(), revokedKey.entry(), tokenKey.entry(), publicKey.entry(), deadPublicKey.entry()},
		SiteKey:   SiteKey{KeyID: siteKey.id, Secret: b64(siteKey.secret), PublicKey: b64(siteKey.public)},
		Primitive: primitives(),
		Points:    points(),
		Sites:     siteForms(),
		Requests:  requests(),
		Responses: responses(),
	}
	raw, err := os.ReadFile(foreignPath)
	if err != nil && !os.IsNotExist(err) {
		return nil, fmt.Errorf("read foreign vectors: %w", err)
	}
	if err == nil {
		var foreign Foreign
		if err := json.Unmarshal(raw, &foreign); err != nil {
			return nil, fmt.Errorf("parse foreign vectors: %w", err)
		}
		f.Requests = append(f.Requests, foreign.Requests...)
		f.Responses = append(f.Responses, foreign.Responses...)
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(f); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}
