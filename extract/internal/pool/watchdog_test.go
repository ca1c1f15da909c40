package pool

import (
	"context"
	"encoding/base64"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/child/wire"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
)

func TestUsageCountsWhatIsThere(t *testing.T) {
	dir := t.TempDir()
	if u := diskUsage(dir); u.files != 0 || u.bytes != 0 || u.unreadable != nil {
		t.Errorf("an empty folder: %+v", u)
	}
	if err := os.WriteFile(filepath.Join(dir, "a"), make([]byte, 1<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(dir, "b", "c"), 0o700); err != nil {
		t.Fatal(err)
	}
	if u := diskUsage(dir); u.files != 3 || u.bytes < 1<<20 || u.unreadable != nil {
		t.Errorf("%+v, want 3 names and a mebibyte", u)
	}
	if u := diskUsage(filepath.Join(dir, "none")); u.files != 0 || u.unreadable != nil {
		t.Errorf("a folder that is gone: %+v", u)
	}
}

// Files count where a path cannot reach them.
func TestUsageNoticesWhatIsTooDeep(t *testing.T) {
	dir := t.TempDir()
	fd, err := unix.Open(dir, unix.O_DIRECTORY, 0)
	if err != nil {
		t.Fatal(err)
	}
	name := strings.Repeat("d", 250)
	for range 20 {
		if err := unix.Mkdirat(fd, name, 0o700); err != nil {
			t.Fatal(err)
		}
		next, err := unix.Openat(fd, name, unix.O_DIRECTORY, 0)
		_ = unix.Close(fd)
		if err != nil {
			t.Fatal(err)
		}
		fd = next
	}
	_ = unix.Close(fd)
	if u := diskUsage(dir); u.unreadable == nil {
		t.Errorf("%+v: a file down there would not be counted", u)
	}
	if err := removeAll(dir); err != nil {
		t.Error(err)
	}
}

// A folder that the agent's user may not list hides nothing, and is removed.
func TestUsageNoticesWhatItMayNotSee(t *testing.T) {
	const nobody = 65534
	dir, err := os.MkdirTemp("", "aidoc-hidden-") //nolint:usetesting // another user must reach it
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	if os.Geteuid() == 0 {
		if err := os.Chown(dir, nobody, nobody); err != nil {
			t.Fatal(err)
		}
		runtime.LockOSThread() // and keep: the thread ends with the test
		if err := unix.Setfsuid(nobody); err != nil {
			t.Fatal(err)
		}
	}
	hidden := filepath.Join(dir, "a")
	if err := os.Mkdir(hidden, 0o300); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(hidden, "big"), make([]byte, 1<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	if u := diskUsage(dir); u.unreadable == nil {
		t.Errorf("%+v: a file in there would not be counted", u)
	}
	if err := removeAll(dir); err != nil {
		t.Errorf("a child's folder stays for ever: %v", err)
	}
}

// A confined reader cannot take the names of its temporary files away: they are empty when the document is done, and the
// child goes on.
func TestTemporaryFilesAreEmptyAfterTheDocument(t *testing.T) {
	t.Parallel()
	p := newPool(t)
	if !p.Sandbox().Complete() {
		t.Skip("this kernel lacks a sandbox layer")
	}
	k := onlyChild(t, p)
	attachment, err := os.ReadFile("../../../test/documents/report.docx")
	if err != nil {
		t.Fatal(err)
	}
	mail := "From: a@example.org\r\nTo: b@example.org\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: application/octet-stream; name=a.docx\r\nContent-Transfer-Encoding: base64\r\n\r\n" +
		base64.StdEncoding.EncodeToString(attachment) + "\r\n--x--\r\n"
	for range 2 {
		var text string
		if _, err := p.Extract(context.Background(), tempFile(t, "a.eml", []byte(mail)), Options{OnPage: func(pg doc.Page) error { text += pg.Text; return nil }}); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(text, "Natural Language Toolkit") {
			t.Fatalf("the attachment was not read: this test proves nothing: %q", text)
		}
	}
	if onlyChild(t, p) != k {
		t.Error("the child was replaced")
	}
	if u := diskUsage(filepath.Join(k.dir, wire.ScratchDir)); u.files != 2 || u.bytes != 0 {
		t.Errorf("%+v, want two empty files", u)
	}
}

func TestWhatADocumentLeavesIsEmptied(t *testing.T) {
	t.Parallel()
	p, err := badPool(t, "leaves a file", func(c *Config) { c.Workers = 1 })
	if err != nil {
		t.Fatal(err)
	}
	k := onlyChild(t, p)
	for n := 1; n <= 2; n++ {
		if err := extractAll(t, p, ""); err != nil {
			t.Fatal(err)
		}
		if u := diskUsage(filepath.Join(k.dir, wire.ScratchDir)); u.files != n || u.bytes != 0 {
			t.Errorf("%+v, want %d empty files", u, n)
		}
	}
	if onlyChild(t, p) != k {
		t.Error("the child was replaced")
	}
}
