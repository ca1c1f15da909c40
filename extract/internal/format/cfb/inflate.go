package cfb

import (
	"bytes"
	"compress/flate"
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

// Inflate unpacks a stream that was packed without a header, while it is read, as long as the budget lasts.
func (f *File) Inflate(b []byte) io.Reader {
	return &metered{flate.NewReader(bytes.NewReader(b)), f.left}
}

// metered takes what is read off a budget.
type metered struct {
	io.Reader
	left *int64
}

func (m *metered) Read(p []byte) (int, error) {
	if *m.left <= 0 {
		return 0, ErrBudget
	}
	n, err := m.Reader.Read(p[:min(int64(len(p)), *m.left)])
	*m.left -= int64(n)
	return n, err
}
