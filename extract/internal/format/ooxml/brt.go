package ooxml

import (
	"bufio"
	"io"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/le"
)

func newByteReader(r io.Reader) *bufio.Reader { return bufio.NewReaderSize(r, 32<<10) }

// varint reads a number of at most n bytes that carry seven bits each, the lowest first.
func varint(r io.ByteReader, n int) (int, error) {
	v := 0
	for i := range n {
		c, err := r.ReadByte()
		if err != nil {
			return 0, err
		}
		v |= int(c&0x7f) << (7 * i)
		if c < 0x80 {
			break
		}
	}
	return v, nil
}

// brtString reads a string with its count of UTF-16 units before it and says where the next field is.
func brtString(b []byte, at int) (string, int) {
	n := le.U32(b, at)
	at += 4
	if n == 0xffffffff || at > len(b) || n > (len(b)-at)/2 {
		return "", at
	}
	return le.UTF16(b[at : at+2*n]), at + 2*n
}
