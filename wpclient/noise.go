package wpclient

import (
	"bytes"
	"encoding/json"
)

const (
	maxNoiseBytes = 64 << 10
	maxObjects    = 16 // places that could be the beginning of the JSON: notices have braces, too
)

// objects calls try with every part of body that could be the JSON object a site meant to send, until try returns true:
// all of it, or without what something printed before (a byte order mark, PHP notices, empty lines) or after it.
func objects(body []byte, try func(object []byte) bool) []byte {
	if try(body) {
		return body
	}
	end := bytes.LastIndexByte(body, '}') + 1
	at := 0
	for range maxObjects {
		next := bytes.IndexByte(body[at:min(len(body), maxNoiseBytes)], '{')
		if next < 0 {
			return nil
		}
		at += next
		for _, object := range [][]byte{body[at:], body[at:max(at, end)]} {
			if try(object) {
				return object
			}
		}
		if at++; at >= min(len(body), maxNoiseBytes) {
			return nil
		}
	}
	return nil
}

// unmarshal reads the JSON object of an answer that nobody vouches for into out, and tells whether anything was
// printed around it. It is the one reader of unsigned JSON.
func unmarshal(body []byte, out any) (noisy bool, err error) {
	found := objects(body, func(object []byte) bool {
		trimmed := bytes.TrimSpace(object)
		return len(trimmed) > 0 && trimmed[0] == '{' && json.Valid(trimmed)
	})
	if found == nil {
		return false, errNoObject
	}
	return len(found) != len(body), json.Unmarshal(found, out)
}

// signedPart returns the part of body that has the digest, which proves that it is what the site signed; or nil.
func signedPart(body []byte, digest string) []byte {
	return objects(body, func(object []byte) bool { return contentDigest(object) == digest })
}
