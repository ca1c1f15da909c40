package encodings

import "encoding/base64"

// sixBits is what the letters of Base64 stand for; other bytes have 64.
var sixBits = func() (t [256]byte) {
	for i := range t {
		t[i] = 64
	}
	for i, c := range "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/" {
		t[c] = byte(i)
	}
	return t
}()

// Base64 decodes Base64 whatever stands between its letters: line ends, spaces, padding. It takes no more memory than what it gives.
func Base64(b []byte) []byte {
	out := make([]byte, 0, base64.RawStdEncoding.DecodedLen(len(b)))
	bits, n := uint32(0), 0
	for _, c := range b {
		v := sixBits[c]
		if v > 63 {
			continue
		}
		bits = bits<<6 | uint32(v)
		if n++; n == 4 {
			out = append(out, byte(bits>>16), byte(bits>>8), byte(bits))
			bits, n = 0, 0
		}
	}
	switch n {
	case 2:
		out = append(out, byte(bits>>4))
	case 3:
		out = append(out, byte(bits>>10), byte(bits>>2))
	}
	return out
}
