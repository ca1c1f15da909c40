package pipeline

import (
	"bytes"
	"fmt"
	"io"
	"os"
)

// spoolMemory is how much of an object is held in memory on its way to the store. The texts of most documents fit; what is longer lies in a
// file, so that its length costs no memory.
const spoolMemory = 1 << 20

// spool takes what is written and gives it back as a reader that seeks: with one the S3 client signs and retries without a copy of its own.
type spool struct {
	dir  string // for the file, private to the agent
	buf  bytes.Buffer
	file *os.File
	size int64
}

func (s *spool) Write(p []byte) (int, error) {
	if s.file == nil && s.buf.Len()+len(p) > spoolMemory {
		if err := s.toFile(); err != nil {
			return 0, err
		}
	}
	s.size += int64(len(p))
	if s.file == nil {
		return s.buf.Write(p)
	}
	return s.file.Write(p)
}

func (s *spool) toFile() (err error) {
	if s.file, err = os.CreateTemp(s.dir, "store-*"); err != nil {
		return fmt.Errorf("cannot make a temporary file: %w", err)
	}
	_ = os.Remove(s.file.Name()) // nobody else needs its name, and a killed agent leaves nothing behind
	_, err = s.buf.WriteTo(s.file)
	s.buf = bytes.Buffer{}
	return err
}

// reader reads all that was written, from its beginning.
func (s *spool) reader() (io.ReadSeeker, int64, error) {
	if s.file == nil {
		return bytes.NewReader(s.buf.Bytes()), s.size, nil
	}
	_, err := s.file.Seek(0, io.SeekStart)
	return s.file, s.size, err
}

func (s *spool) close() {
	if s.file != nil {
		_ = s.file.Close()
	}
}
