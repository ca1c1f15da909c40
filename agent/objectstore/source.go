package objectstore

import (
	"context"
	"fmt"
	"io"
	"time"
)

// cleanupTimeout bounds tidying up after the caller's context has ended.
const cleanupTimeout = 15 * time.Second

// source reads the caller's data, stops when the context ends, and fails at its end when the
// length is not what was announced: so a short file never becomes a complete object.
type source struct {
	ctx  context.Context
	r    io.Reader
	want int64 // -1: unknown
	n    int64
	err  error // the caller's reader failed, or lied about its size
}

func (s *source) Read(p []byte) (int, error) {
	if s.err != nil {
		return 0, s.err
	}
	if err := s.ctx.Err(); err != nil {
		return 0, context.Cause(s.ctx)
	}
	n, err := s.r.Read(p)
	s.n += int64(n)
	switch {
	case s.want >= 0 && s.n > s.want:
		s.err = badSource(nil, "the data to store has more than the %d bytes announced", s.want)
	case err == io.EOF && s.want >= 0 && s.n != s.want:
		s.err = badSource(nil, "the data to store ended after %d of %d bytes", s.n, s.want)
	case err != nil && err != io.EOF:
		s.err = badSource(err, "the data to store could not be read")
	default:
		return n, err
	}
	return 0, s.err
}

// badSource gets its operation and key where the store returns it.
func badSource(err error, format string, args ...any) *Error {
	return &Error{Code: CodeBadSource, Message: fmt.Sprintf(format, args...), Err: err}
}
