package pipeline

import (
	"log/slog"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/agent/journal"
	"github.com/aidoc-pipeline/aidoc-agent/extract"
)

// What could not be read of a page that an earlier run journalled is a warning of the document all the same.
func TestWarningsOfJournalledPagesAreKept(t *testing.T) {
	j, err := journal.Open(t.Context(), filepath.Join(t.TempDir(), "journal.db"), journal.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	r := &reading{journal: j, extractor: longReader{pages: 1}, sha256: "aa", log: slog.New(slog.DiscardHandler)}
	if err := r.keepDocument(extract.Document{Format: "pdf", Pages: 1}); err != nil {
		t.Fatal(err)
	}
	p := page(1, extract.MethodText, 0, "what is left")
	p.Unread = append(p.Unread, "memory")
	if err := r.KeepPage(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	doc, _, err := r.read(t.Context(), "")
	if err != nil || len(doc.Warnings) != 1 || !strings.HasPrefix(doc.Warnings[0], "Page 1 needs more memory") {
		t.Errorf("%q, %v", doc.Warnings, err)
	}
}
