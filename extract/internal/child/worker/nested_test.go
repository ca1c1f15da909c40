package worker

import (
	"encoding/base64"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/formattest"
)

var testLimits = doc.Limits{MaxBytes: 64 << 20, MaxPages: 1000, MaxPixels: 1 << 20, MaxUnpacked: 64 << 20, MaxText: 1 << 20}

func zipped(t testing.TB, parts ...string) string { return string(formattest.Zip(t, parts...)) }

func word(t testing.TB, text string, embedded ...string) string {
	parts := []string{"word/document.xml", "<w:document><w:body><w:p><w:r><w:t>" + text + "</w:t></w:r></w:p></w:body></w:document>"}
	rels := ""
	for i, e := range embedded {
		parts = append(parts, fmt.Sprintf("word/embeddings/e%d", i), e)
		rels += fmt.Sprintf(`<Relationship Id="r%d" Type="http://x/package" Target="embeddings/e%d"/>`, i, i)
	}
	return zipped(t, append(parts, "word/_rels/document.xml.rels", "<Relationships>"+rels+"</Relationships>")...)
}

func message(name, data string) string {
	return strings.Join([]string{"From: a@example.org", "To: b@example.org", "Subject: s", "MIME-Version: 1.0", "Content-Type: multipart/mixed; boundary=x", "", "--x", "Content-Type: text/plain", "", "see the file", "--x", "Content-Type: application/octet-stream", "Content-Transfer-Encoding: base64", `Content-Disposition: attachment; filename="` + name + `"`, "", base64.StdEncoding.EncodeToString([]byte(data)), "--x--"}, "\r\n")
}

func read(t testing.TB, content, name string) string {
	t.Helper()
	path := formattest.Save(t, "in", []byte(content))
	t.Setenv("TMPDIR", t.TempDir())
	s, err := openUpload(path, name, testLimits, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	out := formattest.Texts(t, s)
	if left, _ := os.ReadDir(os.Getenv("TMPDIR")); len(left) > 0 {
		t.Errorf("%d files are left behind", len(left))
	}
	return strings.Join(out, "\n")
}

func TestFilesInsideFiles(t *testing.T) {
	inner := word(t, "innermost words", `{\rtf1 rich words}`)
	got := read(t, message("all.zip", zipped(t, "dir/report.docx", inner, "note.txt", "plain words", "x.bin", "\x7fELF\x00\x01\x02\x03")), "m.eml")
	for _, want := range []string{"see the file", "[Attachment: all.zip]", "[dir/report.docx]", "innermost words", "rich words", "plain words"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing in %q", want, got)
		}
	}
	if strings.Contains(got, "ELF") {
		t.Errorf("a program was read: %q", got)
	}
}

func TestNestingEnds(t *testing.T) {
	doc := word(t, "level 0")
	for i := range 30 {
		doc = word(t, fmt.Sprintf("level %d", i+1), doc)
	}
	got := read(t, doc, "")
	if !strings.Contains(got, "level 30") || !strings.Contains(got, "level 25") || strings.Contains(got, "level 20\n") {
		t.Errorf("levels read: %q", got)
	}
}

// A file that holds two copies of a file that holds two copies … must not take exponential work.
func TestNestedFilesAreCounted(t *testing.T) {
	doc := zipped(t, "t.txt", "leaf")
	for range maxNestedDepth {
		var parts []string
		for i := range 6 {
			parts = append(parts, fmt.Sprintf("%d.zip", i), doc)
		}
		doc = zipped(t, parts...)
	}
	got := read(t, message("a.zip", doc), "")
	if n := strings.Count(got, "leaf"); n > maxNestedFiles {
		t.Errorf("%d leaves were read", n)
	}
}

func TestNestedTextIsBounded(t *testing.T) {
	big := strings.Repeat("words and words. ", 1<<17)
	got := read(t, message("a.zip", zipped(t, "a.txt", big, "b.txt", big)), "")
	if len(got) > 2*testLimits.MaxText {
		t.Errorf("%d bytes of text", len(got))
	}
}

func TestBadNestedFileDoesNotHurt(t *testing.T) {
	for _, bad := range []string{"PK\x03\x04", "%PDF-1.4 nothing", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "{\\rtf1" + strings.Repeat("{", 10000), "\xff\xd8\xff"} {
		if got := read(t, message("bad", bad), ""); !strings.Contains(got, "see the file") {
			t.Errorf("%q: %q", bad, got)
		}
	}
}
