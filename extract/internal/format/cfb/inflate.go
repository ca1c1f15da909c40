package cfb

import (
	"bytes"
	"compress/zlib"
	"io"
)

// Unzlib unpacks within the file's budget; nil for what is too large. Programs write wrong ends, so what
// came before damage counts.
func (f *File) Unzlib(b []byte) []byte {
	r, err := zlib.NewReader(bytes.NewReader(b))
	if err != nil {
		return nil
	}
	defer r.Close()
	out, err := io.ReadAll(io.LimitReader(r, *f.left+1))
	if *f.left -= int64(len(out)); *f.left < 0 || err != nil && len(out) == 0 {
		return nil
	}
	return out
}
