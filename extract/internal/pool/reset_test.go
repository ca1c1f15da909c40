package pool

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/child/wire"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
)

// A child that does not let go of its document is ended, and so is one that ends by itself: neither costs a document.
func TestAChildThatDoesNotCloseIsEnded(t *testing.T) {
	for _, mode := range []string{"does not close", "ends after its document", "speaks when closed"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			p, err := badPool(t, mode, func(c *Config) {
				c.Workers = 1
				if mode == "does not close" {
					c.closeTimeout = 50 * time.Millisecond
				}
			})
			if err != nil {
				t.Fatal(err)
			}
			for range 3 {
				if err := extractAll(t, p, ""); err != nil {
					t.Errorf("%v", err)
				}
			}
		})
	}
}

// An idle child has no document: not in its folder, not open, not in its scratch folder, and what it reads next comes when
// it is asked to read it.
func TestAnIdleChildHasNoDocument(t *testing.T) {
	t.Parallel()
	p, err := New(Config{Workers: 1, WorkDir: t.TempDir(), Sandbox: SandboxOff}) // the kernel shows what a confined one has open to root alone
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	k := onlyChild(t, p)
	in := filepath.Join(k.dir, wire.InDir)
	const file = "../../../test/documents/paper.pdf"
	for range 2 {
		open := 0
		if _, err := p.Extract(context.Background(), file, Options{OnPage: func(doc.Page) error { open += openFiles(t, k, in); return nil }}); err != nil {
			t.Fatal(err)
		}
		if open == 0 {
			t.Error("a document that is read is not open: this test proves nothing")
		}
		if n := openFiles(t, k, in); n > 0 {
			t.Errorf("%d files of the document are open in an idle child", n)
		}
		if left, err := os.ReadDir(in); err != nil || len(left) > 0 {
			t.Errorf("an idle child has %v, %v", left, err)
		}
		assertSuspended(t, k)
	}
}

// openFiles counts the files below dir that a child has open.
func openFiles(t *testing.T, k *child, dir string) (n int) {
	t.Helper()
	fds, err := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", k.cmd.Process.Pid))
	if err != nil || len(fds) == 0 {
		t.Fatalf("what the child has open is not shown: %v", err)
	}
	for _, fd := range fds {
		if to, _ := os.Readlink(fd); strings.HasPrefix(to, dir+"/") {
			n++
		}
	}
	return n
}

// What a document leaves in the scratch folder is cut before the next one comes, and a child that leaves much is replaced.
func TestScratchIsEmptiedAfterEachDocument(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "leftover"), make([]byte, 9000), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := truncateAll(dir); err != nil {
		t.Fatal(err)
	}
	if st, err := os.Stat(filepath.Join(dir, "leftover")); err != nil || st.Size() != 0 {
		t.Errorf("%v, %v", st, err)
	}
	if err := os.Link(filepath.Join(dir, "leftover"), filepath.Join(t.TempDir(), "other")); err != nil {
		t.Fatal(err)
	}
	if err := truncateAll(dir); !errors.Is(err, errUnsolicited) {
		t.Errorf("a file that is another's too was cut: %v", err)
	}
	many := t.TempDir()
	for i := range maxLeftovers + 1 {
		if err := os.Mkdir(filepath.Join(many, fmt.Sprint(i)), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if err := truncateAll(many); !errors.Is(err, errUnsolicited) {
		t.Errorf("%d folders were left: %v", maxLeftovers+1, err)
	}
}
