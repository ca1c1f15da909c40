//go:build e2e

package e2e

import (
	"archive/zip"
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// What is no document, or cannot be read, ends with one sentence on the item. Nothing hangs, nothing is lost.
func TestBadFilesEndWithASentence(t *testing.T) {
	t.Parallel()
	s := testSite(t)
	a := joined(t, s, "reader")

	good := s.Upload(t, "good.txt", text(1))
	cases := map[string]struct {
		id    int64
		state string
		words []string // one of them
	}{
		"empty file":       {s.Insert(t, bad("empty.txt")), "failed", []string{"empty"}},
		"text named .pdf":  {s.Insert(t, bad("text.pdf")), "", nil}, // read as what it is, or refused: both say so
		"encrypted PDF":    {s.Upload(t, "encrypted.pdf", read(t, "bad", "encrypted.pdf")), "failed", []string{"password", "encrypted"}},
		"PDF of no pages":  {s.Upload(t, "zero-pages.pdf", read(t, "bad", "zero-pages.pdf")), "failed", []string{"page"}},
		"truncated PDF":    {s.Upload(t, "truncated.pdf", read(t, "bad", "truncated.pdf")), "", nil}, // repaired, or refused
		"unsupported type": {s.Upload(t, "recording.mp3", read(t, "bad", "recording.mp3")), "unsupported", []string{"audio", "type"}},
		"program as .pdf":  {s.Insert(t, program(t)), "failed", []string{"type", "supported", "not a"}},
		"archive in part":  {s.Upload(t, "papers.zip", zipped(t, "minutes.txt", string(text(1)), "setup.exe", "MZ\x90\x00\x03\x00\x00\x00")), "done", []string{"setup.exe (of a type that is not read)"}},
		"still good":       {good, "done", nil},
	}
	ids := []int64{}
	for _, c := range cases {
		ids = append(ids, c.id)
	}
	a.Do(t, "once").want(t, exitDocument)
	items := s.AwaitRest(t, 10*time.Second, ids...)
	for name, c := range cases {
		item := items[c.id]
		if c.state != "" && item.State != c.state {
			t.Errorf("%s: the item is %s (%s), want %s", name, item.State, item.Detail, c.state)
		}
		if item.State != "done" && len(item.Detail) < 20 {
			t.Errorf("%s: the item is %s and says only %q", name, item.State, item.Detail)
		}
		if c.words != nil && !containsAny(item.Detail, c.words) {
			t.Errorf("%s: the item says %q, want something of %v", name, item.Detail, c.words)
		}
		t.Logf("%-17s %-12s %s", name, item.State, item.Detail)
	}
	if open := s.Count(t, "SELECT COUNT(*) AS n FROM {p}aidoc_jobs WHERE state IN ('queued','leased')"); open != 0 {
		t.Errorf("%d jobs are still open", open)
	}
}

// zipped packs parts given as pairs of name and content.
func zipped(t *testing.T, parts ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i+1 < len(parts); i += 2 {
		p, err := w.Create(parts[i])
		if err == nil {
			_, err = p.Write([]byte(parts[i+1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// WordPress itself refuses some of them at the door, with its own sentence.
func TestWordPressRefusesAtTheDoor(t *testing.T) {
	t.Parallel()
	s := use(t, sites.sqlite)
	for name, content := range map[string][]byte{"text.pdf": read(t, "bad", "text.pdf"), "empty.txt": nil} {
		if id, sentence := s.TryUpload(t, name, content); id != 0 || sentence == "" {
			t.Errorf("%s: taken as %d (%q)", name, id, sentence)
		}
	}
}

func TestOverTheLimit(t *testing.T) {
	t.Parallel()
	s := testSite(t)
	s.WP(t, "setting", "max_bytes", "50000")
	id := s.Upload(t, "paper.pdf", read(t, "paper.pdf"))
	joined(t, s, "small").Do(t, "once")
	item := s.AwaitRest(t, 5*time.Second, id)[id]
	if item.State == "done" || !containsAny(item.Detail, []string{"limit"}) {
		t.Errorf("a file over the site's limit is %s: %q", item.State, item.Detail)
	}
}

// The agent's own limit is smaller than the site's: the item must say so, not wait for ever.
func TestOverTheAgentsLimit(t *testing.T) {
	t.Parallel()
	s := testSite(t)
	id := s.Upload(t, "paper.pdf", read(t, "paper.pdf"))
	joined(t, s, "tiny", "AIDOC_EXTRACT_MAX_BYTES=20KiB").Do(t, "once")
	if item := s.Items(t, id)[id]; item.State == "done" || len(item.Detail) < 20 {
		t.Errorf("a file over the agent's limit is %s and says %q", item.State, item.Detail)
	}
}

// The same pipeline without WordPress.
func TestProcessLocalFiles(t *testing.T) {
	t.Parallel()
	a := newAgent(t)
	path := func(parts ...string) string {
		p, _ := filepath.Abs(filepath.Join(append([]string{documentsDir}, parts...)...))
		return p
	}
	got := a.Do(t, "process", path("mixed.pdf"), path("letter.docx"))
	got.want(t, exitOK)
	if !strings.Contains(got.Stdout, "#") || len(got.Stdout) < 300 {
		t.Errorf("no Markdown on standard output: %q", got.Stdout)
	}
	got = a.Do(t, "process", path("bad", "encrypted.pdf"), path("letter.docx"))
	got.want(t, exitDocument, "encrypted.pdf")
	if len(got.Stdout) < 100 {
		t.Errorf("the good file beside a bad one gave no summary: %q", got.Stdout)
	}
	for _, name := range []string{"empty.txt", "zero-pages.pdf", "recording.mp3"} {
		a.Do(t, "process", path("bad", name)).want(t, exitDocument, name)
	}
	a.Do(t, "process", path("no-such-file.pdf")).want(t, exitDocument, "no-such-file.pdf")
	if extracted := a.Do(t, "extract", path("scan.pdf")); extracted.Code != exitOK || !strings.Contains(extracted.Stdout, "Harrison") {
		t.Errorf("extract scan.pdf: exit %d, %d bytes\n%s", extracted.Code, len(extracted.Stdout), extracted.Stderr)
	}
}

func bad(name string) string {
	path, _ := filepath.Abs(filepath.Join(documentsDir, "bad", name))
	return path
}

// program is an ELF header under the name of a PDF.
func program(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "invoice.pdf")
	if err := os.WriteFile(path, append([]byte("\x7fELF\x02\x01\x01\x00"), make([]byte, 4096)...), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func containsAny(sentence string, words []string) bool {
	for _, word := range words {
		if strings.Contains(strings.ToLower(sentence), strings.ToLower(word)) {
			return true
		}
	}
	return false
}
