package zipx

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// pack writes a zip; odd parts are stored, even ones deflated with their sizes behind them.
func pack(t testing.TB, parts ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i+1 < len(parts); i += 2 {
		h := &zip.FileHeader{Name: parts[i], Method: zip.Deflate}
		if i%4 == 2 {
			h.Method = zip.Store
		}
		p, err := w.CreateHeader(h)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(p, parts[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func open(t testing.TB, data []byte, budget int64) (*File, error) {
	t.Helper()
	name := filepath.Join(t.TempDir(), "x.zip")
	if err := os.WriteFile(name, data, 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := Open(name, budget)
	if err == nil {
		t.Cleanup(f.Close)
	}
	return f, err
}

func TestOpenNamesParts(t *testing.T) {
	f, err := open(t, pack(t, `Word\Document.XML`, "one", "b.xml", "two"), 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	if b, err := f.Bytes("/word/document.xml"); string(b) != "one" || err != nil {
		t.Errorf("%q %v", b, err)
	}
	if _, err := f.Bytes("c"); !errors.Is(err, ErrMissing) {
		t.Errorf("missing part: %v", err)
	}
}

func TestCutOffContainerIsReadByItsHeaders(t *testing.T) {
	long := strings.Repeat("words that go on and on; ", 4000)
	whole := pack(t, "a.xml", "first", "b.xml", "second", "c.xml", long)
	f, err := open(t, whole[:len(whole)-250], 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	if b, _ := f.Bytes("a.xml"); string(b) != "first" {
		t.Errorf("a: %q", b)
	}
	if b, _ := f.Bytes("b.xml"); string(b) != "second" {
		t.Errorf("b: %q", b)
	}
	if b, _ := f.Bytes("c.xml"); !strings.HasPrefix(long, string(b)) || len(b) < 100 {
		t.Errorf("c: %d bytes", len(b))
	}
	if _, err := open(t, []byte("PK\x03\x04 nothing"), 1<<20); err == nil {
		t.Error("a container without a part was opened")
	}
}

func TestWrongOffsetIsFoundByItsHeader(t *testing.T) {
	b := pack(t, "a.xml", "first")
	at := bytes.Index(b, []byte("PK\x01\x02"))
	binary.LittleEndian.PutUint32(b[at+42:], 7) // where the directory says the part begins
	f, err := open(t, b, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := f.Bytes("a.xml"); string(got) != "first" {
		t.Errorf("%q %v", got, err)
	}
}

func TestWrongChecksumKeepsTheText(t *testing.T) {
	b := pack(t, "a.xml", "first")
	at := bytes.Index(b, []byte("PK\x01\x02"))
	b[at+16] ^= 0xff
	f, err := open(t, b, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := f.Bytes("a.xml"); string(got) != "first" || err != nil {
		t.Errorf("%q %v", got, err)
	}
}

func TestBudgetIsForTheWholeContainer(t *testing.T) {
	bomb := strings.Repeat("\x00", 8<<20)
	f, err := open(t, pack(t, "a", bomb, "b", "x", "c", bomb), 10<<20)
	if err != nil {
		t.Fatal(err)
	}
	if b, err := f.Bytes("a"); err != nil || len(b) != 8<<20 {
		t.Errorf("%d bytes, %v", len(b), err)
	}
	if b, err := f.Bytes("c"); !errors.Is(err, ErrBudget) || len(b) > 2<<20 {
		t.Errorf("%d bytes, %v", len(b), err)
	}
}

func TestTokensIsBounded(t *testing.T) {
	none := func(xml.Token) error { return nil }
	if err := Tokens(strings.NewReader(strings.Repeat("<a>", 1<<20)), none); !errors.Is(err, ErrDepth) {
		t.Errorf("depth: %v", err)
	}
	// Entities of the document are not expanded, so they cannot multiply.
	lol := `<!DOCTYPE l [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]><l>&c; &amp; x</l>`
	root, _ := Parts(map[string][]byte{"a.xml": []byte(lol)}, 1<<20).Tree("a.xml")
	if got := root.Content(); strings.Contains(got, "lollol") || !strings.Contains(got, "x") {
		t.Errorf("entities: %q", got)
	}
}

func FuzzOpen(f *testing.F) {
	f.Add(pack(f, "[Content_Types].xml", "<Types/>", "word/document.xml", "<w:document><w:body><w:p/></w:body></w:document>"))
	f.Add(pack(f, "a", "b")[:40])
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, in []byte) {
		name := filepath.Join(dir, "f.zip")
		if err := os.WriteFile(name, in, 0o600); err != nil {
			t.Skip()
		}
		z, err := Open(name, 1<<20)
		if err != nil {
			return
		}
		defer z.Close()
		total := 0
		for _, n := range z.Names() {
			b, _ := z.Bytes(n)
			total += len(b)
		}
		if total > 1<<20 {
			t.Fatalf("%d bytes came out of a budget of 1 MiB", total)
		}
	})
}
