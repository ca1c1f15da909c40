package fetch

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io/fs"
	"os"
	"path/filepath"
)

const (
	fileName = "document" // neutral: neither the name nor the extension of an upload is to be trusted
	partName = ".part-*"
)

// spool is a document on its way to disk.
type spool struct {
	dir  string
	file *os.File
	hash hash.Hash
	size int64
}

func newSpool(dir string) (*spool, error) {
	if err := privateDir(dir); err != nil {
		return nil, diskError("work", err)
	}
	// The directory is this document's own: what a killed process left here is of no use to anybody.
	if old, err := filepath.Glob(filepath.Join(dir, partName)); err == nil {
		for _, p := range old {
			os.Remove(p)
		}
	}
	f, err := os.CreateTemp(dir, partName) // mode 0600, O_EXCL
	if err != nil {
		return nil, diskError("create a file", err)
	}
	return &spool{dir: dir, file: f, hash: sha256.New()}, nil
}

// privateDir makes the directory, or checks that nobody else can read or swap what lies in it.
func privateDir(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	info, err := os.Lstat(dir)
	switch {
	case err != nil:
		return err
	case !info.IsDir():
		return &fs.PathError{Op: "use", Path: dir, Err: errors.New("is not a directory")}
	case info.Mode().Perm()&0o077 != 0:
		return &fs.PathError{Op: "use", Path: dir, Err: fmt.Errorf("others may enter it (mode %o)", info.Mode().Perm())}
	}
	return nil
}

func (s *spool) write(p []byte) error {
	n, err := s.file.Write(p)
	s.hash.Write(p[:n])
	s.size += int64(n)
	if err != nil {
		return final{diskError("write", err)} // another try from the source would not make room
	}
	return nil
}

// reset starts again at the first byte.
func (s *spool) reset() error {
	if s.size == 0 {
		return nil
	}
	if _, err := s.file.Seek(0, 0); err != nil {
		return final{diskError("seek", err)}
	}
	if err := s.file.Truncate(0); err != nil {
		return final{diskError("truncate a file", err)}
	}
	s.hash.Reset()
	s.size = 0
	return nil
}

func (s *spool) sum() string { return hex.EncodeToString(s.hash.Sum(nil)) }

// commit gives the document its final name. It is not synced: what a crash leaves is of no use to anybody, and the document is fetched again.
func (s *spool) commit() (File, error) {
	if err := s.file.Close(); err != nil {
		return File{}, diskError("write", err)
	}
	path := filepath.Join(s.dir, fileName)
	if err := os.Rename(s.file.Name(), path); err != nil {
		return File{}, diskError("rename a file", err)
	}
	f := File{Path: path, Bytes: s.size, SHA256: s.sum()}
	s.file = nil
	return f, nil
}

// discard removes what was not committed.
func (s *spool) discard() {
	if s.file != nil {
		s.file.Close()
		os.Remove(s.file.Name())
	}
}
