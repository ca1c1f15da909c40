package worker

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/formattest"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/flow"
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
	got := read(t, message("all.zip", zipped(t, "dir/Report.docx", inner, "note.txt", "plain words", "x.bin", "\x7fELF\x00\x01\x02\x03")), "m.eml")
	for _, want := range []string{"see the file", "[Attachment: all.zip]", "# dir/Report.docx\n\n", "innermost words", "rich words", "plain words"} {
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

// A part that cannot be read is named with its reason, and takes nothing from the others.
func TestUnreadFilesAreNamed(t *testing.T) {
	info := func(content string) doc.Info {
		path := formattest.Save(t, "in", []byte(content))
		t.Setenv("TMPDIR", t.TempDir())
		s, err := openUpload(path, "a.zip", testLimits, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		return s.Info()
	}
	if i := info(zipped(t, "note.txt", "plain words", ".DS_Store", "\x00\x01\x02\x03", "s.p7s", "0\x80\x06\x09")); len(i.Warnings) > 0 || i.Format != "zip" {
		t.Errorf("%+v", i)
	}
	parts := []string{"note.txt", "plain words", "x.bin", "\x7fELF\x00\x01\x02\x03", "Bad.pdf", "%PDF-1.4 nothing"}
	if got := strings.Join(info(zipped(t, parts...)).Warnings, "|"); got != "Not all files inside could be read: x.bin (of a type that is not read), Bad.pdf (damaged); upload them by themselves if their text is needed." {
		t.Errorf("%q", got)
	}
	if got := info(strings.Replace(message("x", "\x7fELF\x00\x01\x02\x03"), `; filename="x"`, "", 1)).Warnings; len(got) != 1 || !strings.Contains(got[0], "read: a file without a name (of a type") {
		t.Errorf("%q", got)
	}
	for i := range 10000 {
		parts = append(parts, strings.Repeat("ü", 100)+fmt.Sprint(i), "\x7fELF\x00\x01\x02\x03")
	}
	// More than 600 bytes are refused by the agent.
	if got := strings.Join(info(zipped(t, parts...)).Warnings, "|"); !strings.Contains(got, "and 9998 more") || len(got) > 450 {
		t.Errorf("%q", got)
	}
}

// An archive in which nothing can be read is refused by name, and so is one that never ends.
func TestArchives(t *testing.T) {
	if got := read(t, zipped(t, "a/One.txt", "first words", "b.zip", zipped(t, "Two.md", "second words")), "x.zip"); got != "# a/One.txt\n\nfirst words\n\n# b.zip\n\n# Two.md\n\nsecond words" {
		t.Errorf("%q", got)
	}
	deep := zipped(t, "t.txt", "leaf")
	for range 30 {
		deep = zipped(t, "z.zip", deep)
	}
	for name, content := range map[string]string{"a program": zipped(t, "x.bin", "\x7fELF\x00\x01\x02\x03"), "endless": deep, "a bomb": zipped(t, "b.txt", strings.Repeat("a", flow.MaxInside+1))} {
		path := formattest.Save(t, "in", []byte(content))
		t.Setenv("TMPDIR", t.TempDir())
		_, err := openUpload(path, "x.zip", testLimits, nil, nil)
		if f := doc.AsFail(err); f.Code != doc.CodeUnsupportedType || !strings.Contains(f.Message, "a ZIP archive, and nothing in it could be read: ") || !strings.HasSuffix(f.Message, "; unpack it and upload the documents in it.") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// What nobody can open says so, and not what it is packed in.
func TestArchivesThatAreLockedOrPackedOtherwise(t *testing.T) {
	locked := []byte(zipped(t, "One.txt", "words"))
	for _, header := range []string{"PK\x03\x04", "PK\x01\x02"} { // the flag of a password, and a method that no reader knows
		at := bytes.Index(locked, []byte(header))
		locked[at+map[string]int{"PK\x03\x04": 6, "PK\x01\x02": 8}[header]] |= 1
		locked[at+map[string]int{"PK\x03\x04": 8, "PK\x01\x02": 10}[header]] = 99
	}
	other := bytes.Clone(locked)
	other[bytes.Index(other, []byte("PK\x03\x04"))+6] &^= 1
	other[bytes.Index(other, []byte("PK\x01\x02"))+8] &^= 1
	for _, c := range []struct {
		data []byte
		code doc.Code
		say  string
	}{
		{locked, doc.CodeEncrypted, "The file is a ZIP archive, and all in it is protected by a password; upload the files without one."},
		{other, doc.CodeUnsupportedType, "The file is a ZIP archive, and nothing in it could be read: One.txt (packed in a way that is not read); unpack it and upload the documents in it."},
	} {
		t.Setenv("TMPDIR", t.TempDir())
		_, err := openUpload(formattest.Save(t, "in", c.data), "x.zip", testLimits, nil, nil)
		if f := doc.AsFail(err); f.Code != c.code || f.Message != c.say {
			t.Errorf("%v, want %s", err, c.say)
		}
	}
}
