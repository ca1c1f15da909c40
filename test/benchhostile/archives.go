package main

import (
	"archive/tar"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
)

var archiveKinds = []kind{
	{"zip of 20 texts of 45 MB", "zip", func(o *out) {
		var parts []part
		for i := range 20 {
			parts = append(parts, part{fmt.Sprintf("t%d.txt", i), func(w io.Writer) { repeat(w, latin+"\n", 45_000_000/(len(latin)+1)) }})
		}
		zipped(parts...)(o)
	}},
	{"zip of a docx of 300 MB", "zip", zipped(part{"a.docx", func(w io.Writer) {
		p := newOut(w)
		docx(func(w io.Writer) { repeat(w, "<w:p><w:r><w:t>a</w:t></w:r></w:p>", 5_000_000) })(p)
		_ = p.Flush()
	}})},
	{"zip of pictures of 98 million pixels", "zip", func(o *out) {
		var parts []part
		for i := range 4 {
			parts = append(parts, part{fmt.Sprintf("p%d.png", i), func(w io.Writer) {
				p := newOut(w)
				pngOf(9900, 9900-i, 8, 6, false)(p)
				_ = p.Flush()
			}})
		}
		zipped(parts...)(o)
	}},
	{"zip without a directory, 90 MB", "zip", func(o *out) {
		body := make([]byte, 30)
		copy(body, "PK\x03\x04")
		binary.LittleEndian.PutUint32(body[18:], 90_000_000)
		binary.LittleEndian.PutUint16(body[26:], 5)
		_, _ = o.Write(append(body, "a.txt"...))
		o.repeat("stored words of a text\n", 90_000_000/23)
	}},
	{"tar of 300,000 names", "tar", func(o *out) {
		t := tar.NewWriter(o)
		for i := range 100_000 {
			_ = t.WriteHeader(&tar.Header{Name: fmt.Sprintf("a-rather-long-name-of-a-folder/%d.txt", i), Size: 5, Mode: 0o644})
			_, _ = io.WriteString(t, "words")
		}
		_ = t.Close()
	}},
	{"gzip of 1 GB", "gz", func(o *out) {
		z, _ := gzip.NewWriterLevel(o, gzip.BestSpeed)
		repeat(z, "words of a text that is long\n", 1_000_000_000/29)
		_ = z.Close()
	}},
	{"rar that asks for 256 MB of model", "rar", func(o *out) { rar(o, ppmdBlock(255)) }},
	{"rar that asks for 64 MB of model", "rar", func(o *out) { rar(o, ppmdBlock(63)) }},
}

// ppmdBlock begins a block of PPMd that asks for so many MB and one; what follows is noise.
func ppmdBlock(mb byte) []byte {
	b := []byte{0x80 | 0x20 | 7, mb}
	r := noise()
	for range 200_000 {
		b = append(b, byte(r.Uint32()))
	}
	return b
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
