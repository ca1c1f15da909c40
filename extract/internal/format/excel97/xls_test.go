package excel97

import (
	"bytes"
	"crypto/md5"
	"crypto/rc4"
	"crypto/sha1"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/cfb"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/cfb/cfbtest"
)

// lockBiff encrypts a workbook whose second record is made room for by pass.
func lockBiff(pass, rest []byte) []byte {
	b := []byte(cfbtest.Biff[:20])
	at := make([]byte, 4)
	cfbtest.Put16(at, 0, xFilePass)
	cfbtest.Put16(at, 2, len(pass))
	b = append(append(append(b, at...), pass...), rest...)
	out := unlockBiff(b, pass) // the stream cipher goes both ways
	return out
}

func TestWorkbookUnderTheDefaultPassword(t *testing.T) {
	salt, input := bytes.Repeat([]byte{7}, 16), bytes.Repeat([]byte{3}, 16)
	sumMD5 := func(b []byte) []byte { s := md5.Sum(b); return s[:] }
	seal := func(key []byte, parts ...[]byte) []byte {
		c, _ := rc4.NewCipher(key)
		b := bytes.Join(parts, nil)
		c.XORKeyStream(b, b)
		return b
	}
	base := sumMD5(bytes.Repeat(append(sumMD5(cfb.PasswordBytes())[:5:5], salt...), 16))[:5]
	binaryRC4 := append(append([]byte{1, 0, 1, 0, 1, 0}, salt...), seal(sumMD5(append(base[:5:5], 0, 0, 0, 0)), input, sumMD5(input))...)
	head := make([]byte, 32)
	cfbtest.Put32(head, 16, 128)
	k := cfb.Digest(sha1.New(), cfb.Digest(sha1.New(), salt, cfb.PasswordBytes()), make([]byte, 4))[:16]
	both := seal(k, input, cfb.Digest(sha1.New(), input))
	api := append([]byte{1, 0, 2, 0, 2, 0, 4, 0, 0, 0, 32, 0, 0, 0}, head...)
	api = append(append(append(append(append(api, 16, 0, 0, 0), salt...), both[:16]...), 20, 0, 0, 0), both[16:]...)
	cell := "\x03\x02\x0e\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x40"
	long := "\x99\x00\xd0\x07" + strings.Repeat("x", 2000) // the key changes within it
	for name, pass := range map[string][]byte{"RC4": binaryRC4, "CryptoAPI": api} {
		sheets, err := Biff(lockBiff(pass, []byte(long+cell+"\x0a\x00\x00\x00")))
		if err != nil || len(sheets) != 1 || sheets[0].Rows[0][0].Text != "2" {
			t.Errorf("%s: %+v %v", name, sheets, err)
		}
		pass[len(pass)-1]++
		if _, err := Biff(append([]byte(cfbtest.Biff[:20]), append([]byte{xFilePass, 0, byte(len(pass)), 0}, pass...)...)); !errors.Is(err, cfb.ErrEncrypted) {
			t.Errorf("%s with another password: %v", name, err)
		}
	}
}

// A chart drawn on a sheet keeps a copy of its numbers in a stream inside the sheet's.
func TestChartsDoNotOverwriteCells(t *testing.T) {
	bof := "\x09\x08\x10\x00\x00\x06\x10\x00\xbb\x0d\xcc\x07\x00\x00\x00\x00\x06\x00\x00\x00"
	number := func(hi byte) string {
		return "\x03\x02\x0e\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00" + string([]byte{hi})
	}
	eof := "\x0a\x00\x00\x00"
	sheets, err := Biff([]byte(bof + number(0x40) + bof + number(0x41) + eof + eof))
	if err != nil || len(sheets) != 1 || sheets[0].Rows[0][0].Text != "2" {
		t.Errorf("%+v %v", sheets, err)
	}
}

func FuzzBiff(f *testing.F) {
	f.Add([]byte(cfbtest.Biff))
	f.Fuzz(func(t *testing.T, in []byte) { _, _ = Biff(in) })
}

// link is the record of a link in the first cell; before are the strings that may stand before the address.
func link(flags int, moniker []byte, url string, before ...string) string {
	b := make([]byte, 32)
	cfbtest.Put32(b, 24, 2)
	cfbtest.Put32(b, 28, flags)
	str := func(s string) {
		w := cfbtest.Wide(s + "\x00")
		n := make([]byte, 4)
		cfbtest.Put32(n, 0, len(w)/2)
		b = append(append(b, n...), w...)
	}
	for _, s := range before {
		str(s)
	}
	b = append(b, moniker...)
	if moniker == nil {
		str(url)
	} else {
		w := cfbtest.Wide(url + "\x00behind")
		n := make([]byte, 4)
		cfbtest.Put32(n, 0, len(w))
		b = append(append(b, n...), w...)
	}
	head := make([]byte, 4)
	cfbtest.Put16(head, 0, xHyperlink)
	cfbtest.Put16(head, 2, len(b))
	return string(head) + string(b)
}

func TestLinks(t *testing.T) {
	cell := "\x03\x02\x0e\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x40"
	file := bytes.Repeat([]byte{7}, 16)
	for name, c := range map[string]struct {
		record string
		want   doc.Links
	}{
		"an address":    {link(0x17, urlMoniker, "https://example.org/a", "as shown"), doc.Links{{Text: "2", Target: "https://example.org/a"}}},
		"in a frame":    {link(0x83, urlMoniker, "mailto:a@example.org", "_blank"), doc.Links{{Text: "2", Target: "mailto:a@example.org"}}},
		"as a string":   {link(0x103, nil, "https://example.org/s"), doc.Links{{Text: "2", Target: "https://example.org/s"}}},
		"a file":        {link(0x3, file, "C:\\x"), nil},
		"a place":       {link(0x8, nil, "S!A1"), nil},
		"a long string": {strings.Replace(link(0x17, urlMoniker, "https://example.org/a", "as shown"), "\x09\x00\x00\x00a", "\xff\xff\xff\xffa", 1), nil},
		"cut off":       {"\xb8\x01\x08\x00\x00\x00\x00\x00\x00\x00\x00\x00", nil},
	} {
		sheets, err := Biff([]byte(cfbtest.Biff[:20] + cell + c.record + "\x0a\x00\x00\x00"))
		if err != nil || !slices.Equal(sheets[0].Links, c.want) {
			t.Errorf("%s: %+v %v", name, sheets, err)
		}
	}
}
