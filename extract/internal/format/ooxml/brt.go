package ooxml

import (
	"bufio"
	"encoding/binary"
	"io"
	"unicode/utf16"
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

// le16 and le32 read a number at an offset, 0 where there is none.
func le16(b []byte, at int) int {
	if at < 0 || at+2 > len(b) {
		return 0
	}
	return int(binary.LittleEndian.Uint16(b[at:]))
}

func le32(b []byte, at int) int {
	if at < 0 || at+4 > len(b) {
		return 0
	}
	return int(binary.LittleEndian.Uint32(b[at:]))
}

// brtString reads a string with its count of UTF-16 units before it and says where the next field is.
func brtString(b []byte, at int) (string, int) {
	n := le32(b, at)
	at += 4
	if n == 0xffffffff || at > len(b) || n > (len(b)-at)/2 {
		return "", at
	}
	u := make([]uint16, n)
	for i := range u {
		u[i] = binary.LittleEndian.Uint16(b[at+2*i:])
	}
	return string(utf16.Decode(u)), at + 2*n
}
