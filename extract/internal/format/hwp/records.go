package hwp

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
)

// Tags of records (Hancom, HWP 5.0, tables 13 and 57).
const (
	tagDistribute = 0x1c
	tagBinData    = 0x12
	tagNumbering  = 0x17
	tagParaShape  = 0x19
	tagParaHeader = 0x42
	tagParaText   = 0x43
	tagCtrl       = 0x47
	tagList       = 0x48
	tagTable      = 0x4d
	tagPicture    = 0x55
	tagEquation   = 0x58
	tagTextArt    = 0x5a
)

// maxRecord bounds what is kept of one record: a paragraph of four million letters.
const maxRecord = 8 << 20

// record is one piece of a stream; data is valid until the next is read.
type record struct {
	tag, level int
	data       []byte
}

// records reads a stream one record after the other, with a look at the next.
type records struct {
	r    *bufio.Reader
	buf  bytes.Buffer
	cur  record
	have bool
	done bool
	err  error // why the stream ended before its end
	cut  bool  // a record was longer than what is kept of one
}

func newRecords(r io.Reader) *records { return &records{r: bufio.NewReaderSize(r, 32<<10)} }

// peek gives the next record without taking it.
func (s *records) peek() (*record, bool) {
	if !s.have && !s.done {
		if err := s.read(); err != nil {
			s.done = true
			if !errors.Is(err, io.EOF) {
				s.err = err
			}
		}
		s.have = !s.done
	}
	return &s.cur, s.have
}

// take lets go of the record that peek gave.
func (s *records) take() { s.have = false }

func (s *records) read() error {
	var h [4]byte
	if _, err := io.ReadFull(s.r, h[:]); err != nil {
		if errors.Is(err, io.ErrUnexpectedEOF) {
			return io.EOF // padding
		}
		return err
	}
	v := binary.LittleEndian.Uint32(h[:])
	size := int64(v >> 20)
	if size == 0xfff {
		if _, err := io.ReadFull(s.r, h[:]); err != nil {
			return io.ErrUnexpectedEOF
		}
		size = int64(binary.LittleEndian.Uint32(h[:]))
	}
	s.cur = record{tag: int(v & 0x3ff), level: int(v >> 10 & 0x3ff)}
	s.buf.Reset()
	n, err := io.CopyN(&s.buf, s.r, min(size, maxRecord))
	if err == nil && size > n {
		s.cut = s.cut || s.cur.tag == tagParaText
		_, err = io.CopyN(io.Discard, s.r, size-n)
	}
	s.cur.data = s.buf.Bytes()
	if errors.Is(err, io.EOF) {
		if s.err = io.ErrUnexpectedEOF; n > 0 {
			return nil // what is there of the last one
		}
		return s.err
	}
	return err
}
