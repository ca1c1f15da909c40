package pdf

import (
	"bytes"
	"fmt"
	"os"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
)

// A table that can be read but has lost its objects hides the pages; they are still in the file.
func TestPagesBehindAWrongTable(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	data := build("", show(50, 50, 12, "found again"))
	at := len(data)
	data = fmt.Appendf(data, "xref\n0 1\n0000000000 65535 f \ntrailer<</Size 7/Root 1 0 R/Prev [9]>>\nstartxref\n%d\n%%%%EOF\n", at)
	info, texts := read(t, save(t, data))
	if info.Pages != 1 || texts[0] != "found again" {
		t.Errorf("%+v %q", info, texts)
	}
	if left, _ := os.ReadDir(os.Getenv("TMPDIR")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// Acrobat can lock the attachments alone; the pages need no password.
func TestPagesBesideLockedAttachments(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	lock := func(filter string) []byte {
		enc := "<</Filter/Standard/V 4/R 4/Length 128/P -4/O(12345678901234567890123456789012)/U(12345678901234567890123456789012)" +
			"/CF<</StdCF<</CFM/AESV2/Length 16/AuthEvent/EFOpen>>>>/StmF /" + filter + "/StrF/" + filter + "/EFF/StdCF/EncryptMetadata false>>"
		return bytes.Replace(build("", show(50, 50, 12, "open to all")), []byte("/Root 1 0 R"), []byte("/Encrypt "+enc+"/Root 1 0 R"), 1)
	}
	info, texts := read(t, save(t, lock("Identity")))
	if info.Pages != 1 || texts[0] != "open to all" {
		t.Errorf("%+v %q", info, texts)
	}
	if _, err := Open(save(t, lock("StdCF")), limits, nil, nil); doc.AsFail(err).Code != doc.CodeEncrypted {
		t.Errorf("a locked document: %v", err)
	}
	if left, _ := os.ReadDir(os.Getenv("TMPDIR")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}
