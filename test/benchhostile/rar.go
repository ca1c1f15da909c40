package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"slices"

	"github.com/nwaples/rardecode/v2"
)

// ppmdBlock begins a block of PPMd that asks for so many MB and one; what follows is noise.
func ppmdBlock(mb byte) []byte {
	b := []byte{0x80 | 0x20 | 7, mb}
	r := noise()
	for range 200_000 {
		b = append(b, byte(r.Uint32()))
	}
	return b
}

// ppmdFilled is such a block whose noise is unpacked to its end, so that the model grows with each letter: noise that happens to be the mark of
// an end is left out.
func ppmdFilled(mb byte) []byte {
	const some, whole = 8 << 10, 480 << 10
	r := noise()
	b := []byte{0x80 | 0x20 | 7, mb}
	for len(b) < whole {
		more := slices.Clip(b)
		for range some {
			more = append(more, byte(r.Uint32()))
		}
		if goesOn(more) {
			b = more
		}
	}
	return b
}

// goesOn says that what a packed file unpacks to ends with its bytes and not before.
func goesOn(packed []byte) bool {
	var file bytes.Buffer
	o := newOut(&file)
	rar(o, packed)
	_ = o.Flush()
	z, err := rardecode.NewReader(&file)
	if err == nil {
		_, err = z.Next()
	}
	if err == nil {
		_, err = io.Copy(io.Discard, z)
	}
	return errors.Is(err, rardecode.ErrDecoderOutOfData) || errors.Is(err, io.ErrUnexpectedEOF)
}

// rar writes an archive of version 3 with one packed file.
func rar(o *out, packed []byte) {
	le := binary.LittleEndian
	block := func(kind byte, flags uint16, body []byte) {
		b := append([]byte{kind}, le.AppendUint16(nil, flags)...)
		b = le.AppendUint16(b, uint16(7+len(body)))
		b = append(b, body...)
		_, _ = o.Write(append(le.AppendUint16(nil, uint16(crc32.ChecksumIEEE(b))), b...))
	}
	_, _ = o.WriteString("Rar!\x1a\x07\x00")
	block(0x73, 0, make([]byte, 6))
	f := le.AppendUint32(nil, uint32(len(packed)))
	f = le.AppendUint32(f, 1_000_000)
	f = append(f, 2)                                // made on Windows
	f = le.AppendUint32(f, 0)                       // check sum
	f = le.AppendUint32(f, 0x58210000)              // date
	f = append(f, 29, 0x33)                         // version, method
	f = le.AppendUint16(f, 5)                       // length of the name
	f = le.AppendUint32(f, 0x20)                    // attributes
	block(0x74, 0x8000|6<<5, append(f, "a.txt"...)) // a window of 4 MB
	_, _ = o.Write(packed)
	block(0x7b, 0x4000, nil)
}
