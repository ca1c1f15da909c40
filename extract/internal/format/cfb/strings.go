package cfb

import "golang.org/x/text/encoding"

// Decode8 decodes bytes of a one-byte or multi-byte code page.
func Decode8(b []byte, e encoding.Encoding) string {
	out, err := e.NewDecoder().Bytes(b)
	if err != nil {
		return string(b)
	}
	return string(out)
}
