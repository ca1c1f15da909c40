package wpclient

import (
	"bytes"
	"encoding/json"
)

const (
	maxStrayBytes = 64 << 10
	maxObjects    = 16 // places that could be the beginning of the JSON: notices have braces, too
)

// findObject calls try with every part of body that could be the JSON object a site meant to send, until try returns true:
// all of it, or without what something printed before (a byte order mark, PHP notices, empty lines) or after it.
func findObject(body []byte, try func(object []byte) bool) []byte {
	if try(body) {
		return body
	}
	end := bytes.LastIndexByte(body, '}') + 1
	at := 0
	for range maxObjects {
		next := bytes.IndexByte(body[at:min(len(body), maxStrayBytes)], '{')
		if next < 0 {
			return nil
		}
		at += next
		for _, object := range [][]byte{body[at:], body[at:max(at, end)]} {
			if try(object) {
				return object
			}
		}
		if at++; at >= min(len(body), maxStrayBytes) {
			return nil
		}
	}
	return nil
}

// unmarshal reads the JSON object of an unsigned answer into out, and tells whether anything was
// printed around it. It is the one reader of unsigned JSON.
func unmarshal(body []byte, out any) (stray bool, err error) {
	found := findObject(body, func(object []byte) bool {
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
	return findObject(body, func(object []byte) bool { return contentDigest(object) == digest })
}
