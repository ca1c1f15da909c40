package worker

import (
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/child/wire"
)

func TestMetadataIsOneLine(t *testing.T) {
	for in, want := range map[string]string{
		"  A title\r\nof two\tlines ": "A title of two lines", "a\x1b[2Jb\x00\u009b": "a[2Jb", "": "", strings.Repeat("ä", wire.MaxMeta): strings.Repeat("ä", wire.MaxMeta/2),
	} {
		if got := line(in); got != want {
			t.Errorf("%q: %.80q", in, got)
		}
	}
}
