package pdf

import (
	"fmt"
	"os"
	"testing"
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
