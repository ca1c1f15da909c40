package archive

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash/crc32"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/formattest"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/flow"
)

const (
	tarType, gzipType, bzip2Type = "application/x-tar", "application/gzip", "application/x-bzip2"
	rarType, zipType             = "application/vnd.rar", "application/zip"
)

// read gives what an archive held as name=content, what of it was not read and why, and the error.
func read(t testing.TB, mime string, data []byte, name string, budget int64) (given, unread []string, err error) {
	t.Helper()
	lim := formattest.Limits
	lim.MaxUnpacked = budget
	lim.Embedded = func(name string, data []byte) string {
		given = append(given, name+"="+string(data))
		return "text"
	}
	lim.Unread = func(name string, err error) { unread = append(unread, name+": "+err.Error()) }
	_, err = Texts(mime, formattest.Save(t, "in", data), name, lim)
	return given, unread, err
}

func tarOf(t testing.TB, parts ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for i := 0; i+1 < len(parts); i += 2 {
		if err := w.WriteHeader(&tar.Header{Name: parts[i], Mode: 0o644, Size: int64(len(parts[i+1]))}); err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, parts[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func gzipOf(t testing.TB, name string, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Name = name
	if _, err := w.Write(data); err != nil || w.Close() != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// rarOf writes a RAR 5 archive of stored files.
func rarOf(parts ...string) []byte { return rarBy(0, parts...) }

// rarBy writes one whose files say that they are compressed by method.
func rarBy(method uint64, parts ...string) []byte {
	block := func(body []byte) []byte {
		b := append(binary.AppendUvarint(nil, uint64(len(body))), body...)
		return append(binary.LittleEndian.AppendUint32(nil, crc32.ChecksumIEEE(b)), b...)
	}
	out := append([]byte("Rar!\x1a\x07\x01\x00"), block([]byte{1, 0, 0})...)
	for i := 0; i+1 < len(parts); i += 2 {
		n := uint64(len(parts[i+1]))
		head := binary.AppendUvarint([]byte{2, 2}, n)
		head = binary.AppendUvarint(append(head, 4), n)
		head = binary.AppendUvarint(head, 0o100644)
		head = binary.LittleEndian.AppendUint32(head, crc32.ChecksumIEEE([]byte(parts[i+1])))
		head = append(binary.AppendUvarint(head, method), 1)
		head = append(binary.AppendUvarint(head, uint64(len(parts[i]))), parts[i]...)
		out = append(append(out, block(head)...), parts[i+1]...)
	}
	return append(out, block([]byte{5, 0, 0})...)
}

// zippedBy is a zip archive of one file, packed by a method.
func zippedBy(t *testing.T, method uint16, name string, packed []byte, plain string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.CreateRaw(&zip.FileHeader{Name: name, Method: method, CRC32: crc32.ChecksumIEEE([]byte(plain)), CompressedSize64: uint64(len(packed)), UncompressedSize64: uint64(len(plain))})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(packed); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestArchives(t *testing.T) {
	files := []string{"a/One.txt", "first words", ".DS_Store", "x", "Zwei.md", "second words"}
	want := []string{"a/One.txt=first words", "Zwei.md=second words"}
	bz, err := hex.DecodeString("425a683931415926535919939b6b00000001002000200021184682ee48a70a120332736d60")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		mime string
		data []byte
		file string
		want []string
	}{
		"zip":               {zipType, formattest.Zip(t, files...), "a.zip", want},
		"tar":               {tarType, tarOf(t, files...), "a.tar", want},
		"tar.gz":            {gzipType, gzipOf(t, "", tarOf(t, files...)), "a.tgz", want},
		"rar":               {rarType, rarOf(files...), "a.rar", want},
		"gzip with a name":  {gzipType, gzipOf(t, "dir/Minutes.txt", []byte("words")), "x.gz", []string{"Minutes.txt=words"}},
		"gzip without one":  {gzipType, gzipOf(t, "", []byte("words")), "Minutes.TXT.GZ", []string{"Minutes.TXT=words"}},
		"gzip of nothing":   {gzipType, gzipOf(t, "", nil), "x.gz", []string{"x="}},
		"bzip2":             {bzip2Type, bz, "m.txt.bz2", []string{"m.txt=a"}},
		"zip of bzip2":      {zipType, zippedBy(t, 12, "m.txt", bz, "a"), "a.zip", []string{"m.txt=a"}},
		"tar without files": {tarType, tarOf(t), "a.tar", nil},
	} {
		t.Run(name, func(t *testing.T) {
			if given, unread, err := read(t, c.mime, c.data, c.file, 1<<20); err != nil || !slices.Equal(given, c.want) || len(unread) > 0 {
				t.Errorf("%q, want %q; unread %q; %v", given, c.want, unread, err)
			}
		})
	}
}

// Each bound of an archive names what it leaves out, or ends the archive with a reason.
func TestHostileArchives(t *testing.T) {
	big := strings.Repeat("a", 3<<20)
	var many []string
	for i := range 1000 {
		many = append(many, fmt.Sprint(i), "x")
	}
	for name, c := range map[string]struct {
		mime          string
		data          []byte
		given, unread int
		code          doc.Code
	}{
		"a bomb in gzip":         {gzipType, gzipOf(t, "b", []byte(big)), 0, 1, ""},
		"a bomb in tar.gz":       {gzipType, gzipOf(t, "", tarOf(t, "a", "x", "b", big, "c", "y")), 1, 1, doc.CodeTooLarge},
		"a skipped bomb":         {gzipType, gzipOf(t, "", tarOf(t, ".b", big, "c", "y")), 0, 0, doc.CodeTooLarge},
		"many files":             {tarType, tarOf(t, many...), 300, 700, ""},
		"tar cut off":            {tarType, tarOf(t, "a", "x", "b", "y")[:1024+100], 1, 0, doc.CodeCorrupt},
		"gzip cut off":           {gzipType, gzipOf(t, "a", []byte(big))[:200], 0, 1, ""},
		"rar cut off":            {rarType, rarOf("a", "x", "b", "some words")[:60], 1, 1, doc.CodeCorrupt},
		"rar with a huge memory": {rarType, rarBy(3<<7|15<<10, "a", strings.Repeat("a", maxDictionary+1)), 0, 0, doc.CodeTooLarge}, // a dictionary of four gigabytes
		"zip locked":             {zipType, lockedZip(t), 1, 1, ""},
		"junk as rar":            {rarType, []byte("Rar!\x1a\x07\x01\x00" + strings.Repeat("\xff", 100)), 0, 0, doc.CodeCorrupt},
	} {
		t.Run(name, func(t *testing.T) {
			given, unread, err := read(t, c.mime, c.data, "x", 1<<20)
			code := doc.Code("")
			if err != nil {
				code = doc.AsFail(err).Code
			}
			if len(given) != c.given || len(unread) != c.unread || code != c.code {
				t.Errorf("%d given, %d unread (%.200q), %v", len(given), len(unread), unread, err)
			}
		})
	}
}

// lockedZip marks its second file as one that needs a password; a third-party archiver's bytes are not needed to see what is told.
func lockedZip(t testing.TB) []byte {
	t.Helper()
	z := formattest.Zip(t, "open.txt", "open words", "locked.txt", strings.Repeat("locked words ", 9))
	at := bytes.LastIndex(z, []byte("PK\x01\x02"))
	z[at+8] |= 1
	z[bytes.Index(z[at:], []byte("locked.txt"))+at-30] ^= 0xff // its sum
	return z
}

// An archive that is a symbolic link or a device gives nothing: only regular files hold text.
func TestLinksAreNotFollowed(t *testing.T) {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, h := range []*tar.Header{{Name: "passwd", Typeflag: tar.TypeSymlink, Linkname: "/etc/passwd"}, {Name: "hard", Typeflag: tar.TypeLink, Linkname: "../x"}, {Name: "../../up.txt", Mode: 0o644, Size: 2}} {
		if err := w.WriteHeader(h); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := w.Write([]byte("up")); err != nil || w.Close() != nil {
		t.Fatal(err)
	}
	if given, _, err := read(t, tarType, b.Bytes(), "x", 1<<20); err != nil || !slices.Equal(given, []string{"../../up.txt=up"}) {
		t.Errorf("%q %v", given, err)
	}
}

func TestBytesOfOneFile(t *testing.T) {
	given, unread, err := read(t, gzipType, gzipOf(t, "b", make([]byte, flow.MaxInside+1)), "x", 1<<30)
	if err != nil || len(given) > 0 || len(unread) != 1 {
		t.Errorf("%d given, %q, %v", len(given), unread, err)
	}
}

// Any bytes give an answer: no panic, no more than the budget.
func FuzzArchives(f *testing.F) {
	for mime, data := range map[string][]byte{
		tarType: tarOf(f, "a", "x"), gzipType: gzipOf(f, "a", tarOf(f, "a", "x")), rarType: rarOf("a", "x"), zipType: formattest.Zip(f, "a", "x"),
	} {
		f.Add(mime, data)
	}
	f.Fuzz(func(t *testing.T, mime string, data []byte) {
		given, _, _ := read(t, mime, data, "a", 1<<20)
		if n := len(strings.Join(given, "")); n > 2<<20 {
			t.Errorf("%d bytes came out", n)
		}
	})
}
