package main

import (
	"archive/tar"
	"compress/gzip"
	"encoding/binary"
	"fmt"
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
	{"tar of 2 texts of 60 MB", "tar", func(o *out) {
		t := tar.NewWriter(o)
		for i := range 2 {
			_ = t.WriteHeader(&tar.Header{Name: fmt.Sprintf("%d.txt", i), Size: 60_000_000, Mode: 0o644})
			repeat(t, "words of a text, and so on\xe4\n ", 2_000_000)
		}
		_ = t.Close()
	}},
	{"7z of 90 MB", "7z", func(o *out) { o.printf("7z\xbc\xaf\x27\x1c\x00\x04"); o.repeat("packed", 15_000_000) }},
	{"tar of 2 texts of 60 MB", "tar", func(o *out) {
		t := tar.NewWriter(o)
		for i := range 2 {
			_ = t.WriteHeader(&tar.Header{Name: fmt.Sprintf("%d.txt", i), Size: 60_000_000, Mode: 0o644})
			repeat(t, "words of a text, and so on\xe4\r\n ", 2_000_000)
		}
		_ = t.Close()
	}},
	{"7z of 90 MB", "7z", func(o *out) { o.printf("7z\xbc\xaf\x27\x1c\x00\x04"); o.repeat("packed", 15_000_000) }},
	{"gzip of 1 GB", "gz", func(o *out) {
		z, _ := gzip.NewWriterLevel(o, gzip.BestSpeed)
		repeat(z, "words of a text that is long\n", 1_000_000_000/29)
		_ = z.Close()
	}},
	{"rar that asks for 256 MB of model", "rar", func(o *out) { rar(o, ppmdBlock(255)) }},
	{"rar that asks for 64 MB of model", "rar", func(o *out) { rar(o, ppmdBlock(63)) }},
}
