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
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/flow"
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

func TestHiddenCells(t *testing.T) {
	record := func(kind int, body ...byte) string {
		head := make([]byte, 4)
		cfbtest.Put16(head, 0, kind)
		cfbtest.Put16(head, 2, len(body))
		return string(head) + string(body)
	}
	row := func(at, flags byte) string { return record(xRow, at, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, flags, 0, 0, 0) }
	cell := func(row, col byte, text string) string {
		return record(xLabel, append([]byte{row, 0, col, 0, 0, 0, byte(len(text)), 0, 0}, text...)...)
	}
	numbers := record(xMulRK, 3, 0, 0, 0, 0, 0, 0x06, 0, 0, 0, 0, 0, 0x0a, 0, 0, 0, 0, 0, 0x0e, 0, 0, 0, 2, 0) // 1, 2 and 3
	formula := record(xFormula, append([]byte{1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, make([]byte, 8)...)...) + record(xString, 2, 0, 0, 'N', 'O')
	columns := record(xColumns, 1, 0, 1, 0, 0, 0, 0, 0, 1, 0) + record(xColumns, 3, 0, 3, 0, 0, 0, 0, 0, 1, 1)
	cells := row(0, 0) + row(1, 0x20) + row(2, 0x21) + cell(0, 0, "a") + cell(0, 1, "B") + cell(0, 2, "c") + cell(1, 2, "HIDDEN") + formula + cell(2, 0, "folded") + numbers + cell(3, 3, "d")
	for name, c := range map[string]struct{ sheet, want string }{
		"rows and columns": {columns + cells, "a\tc\t\nfolded\t\t\n1\t3\td"},
		"a filter":         {columns + record(xFilterMode) + cells, "a\tc\t\nNO\tHIDDEN\t\nfolded\t\t\n1\t3\td"},
	} {
		sheets, err := Biff([]byte(cfbtest.Biff[:20] + c.sheet + "\x0a\x00\x00\x00"))
		if got := strings.ReplaceAll(flow.Grid(sheets[0].Rows), "\x1d", ""); err != nil || got != c.want {
			t.Errorf("%s: %q %v", name, got, err)
		}
	}
	book := func(states ...byte) []byte {
		at := 20 + len(states)*(4+9) + 4
		b := cfbtest.Biff[:20]
		for i, s := range states {
			b += record(xBoundSheet, byte(at+i*(20+16+4)), 0, 0, 0, s, 0, 1, 0, byte('A'+i))
		}
		b += record(xEOF)
		for i := range states {
			b += cfbtest.Biff[:20] + cell(0, 0, string([]byte{'i', 'n', byte('A' + i)})) + record(xEOF)
		}
		return []byte(b)
	}
	for want, states := range map[string][]byte{"A B": {0, 0}, "B": {1, 0}, "C": {1, 2, 0}, "A": {1}} {
		sheets, err := Biff(book(states...))
		var names []string
		for _, s := range sheets {
			names = append(names, s.Name)
			if s.Rows.At(0, 0) != "in"+s.Name {
				t.Errorf("%v: %+v", states, s)
			}
		}
		if got := strings.Join(names, " "); got != want || err != nil {
			t.Errorf("%v: %s, %v", states, got, err)
		}
	}
}
