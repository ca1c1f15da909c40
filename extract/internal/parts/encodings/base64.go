package encodings

import (
	"bytes"
	"encoding/base64"
)

// Base64 decodes Base64 whatever stands between its letters: line ends, spaces, padding.
func Base64(b []byte) []byte {
	letters := bytes.Map(func(r rune) rune {
		if r == '+' || r == '/' || r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' {
			return r
		}
		return -1
	}, b)
	out := make([]byte, base64.RawStdEncoding.DecodedLen(len(letters)))
	n, _ := base64.RawStdEncoding.Decode(out, letters)
	return out[:n]
}
