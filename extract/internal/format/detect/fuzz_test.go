package detect

import (
	"os"
	"path/filepath"
	"testing"
)

// FuzzFile looks for a name for anything: none may be refused without a word for it.
func FuzzFile(f *testing.F) {
	f.Add([]byte(packed(f, "mimetype", "application/epub+zip", "_rels/.rels", "<Relationships/>")), "a.docx")
	f.Add([]byte("From: a@b\nTo: c@d\nSubject: x\n\nbody"), "a.eml")
	f.Add([]byte("\xfe\xff\x00<\x00h"), "a.csv")
	path := filepath.Join(f.TempDir(), "f")
	f.Fuzz(func(t *testing.T, in []byte, name string) {
		if err := os.WriteFile(path, in, 0o600); err != nil {
			t.Skip()
		}
		if k, err := File(path, name); err == nil && k.Format == "" && k.Label == "" {
			t.Errorf("%+v: refused without a name for it", k)
		}
	})
}
