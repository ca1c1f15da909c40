package zipx

import (
	"bytes"
	"io"
)

// Find gives up to n bytes from the first place of mark in r, nil without one. It looks at the bytes:
// parsing a large part for one element would take as long as reading its text.
func Find(r io.Reader, mark string, n int) []byte {
	buf := make([]byte, 64<<10)
	for kept := 0; ; {
		k, err := r.Read(buf[kept:])
		have := buf[:kept+k]
		if i := bytes.Index(have, []byte(mark)); i >= 0 {
			out := append([]byte(nil), have[i:min(len(have), i+n)]...)
			rest, _ := io.ReadAll(io.LimitReader(r, int64(n-len(out))))
			return append(out, rest...)
		}
		if err != nil {
			return nil
		}
		kept = copy(buf, have[max(0, len(have)-len(mark)):])
	}
}
