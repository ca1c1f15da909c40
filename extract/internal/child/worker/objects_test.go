package worker

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/cfb"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/cfb/cfbtest"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/formattest"
)

// ole1 writes an object of OLE 1 that holds its data.
func ole1(class string, data string) string {
	text := func(s string) string {
		return string(binary.LittleEndian.AppendUint32(nil, uint32(len(s)))) + s
	}
	return "\x01\x05\x00\x00\x02\x00\x00\x00" + text(class+"\x00") + text("") + text("") + text(data)
}

// packaged writes a file as the shell's packager does.
func packaged(name, data string) string {
	size := binary.LittleEndian.AppendUint32(nil, uint32(len(data)))
	path := "C:\\tmp\\" + name + "\x00"
	return "\x02\x00" + name + "\x00" + path + "\x00\x00\x03\x00" + string(binary.LittleEndian.AppendUint32(nil, uint32(len(path)))) + path + string(size) + data
}

func TestObjectsInRichText(t *testing.T) {
	digits := func(s string) string { // in lines, as programs write them
		h := hex.EncodeToString([]byte(s))
		return strings.Join([]string{h[:9], h[9:31], h[31:]}, "\r\n")
	}
	rich := func(objects ...string) string {
		out := `{\rtf1 the letter`
		for _, o := range objects {
			out += `{\object\objemb{\*\objclass Package}{\*\objdata ` + digits(o) + `}{\result shown}}`
		}
		return out + "}"
	}
	got := read(t, rich(ole1("Package", packaged("Plan.docx", word(t, "words of the plan"))), ole1("Word.Document.12", word(t, "second words"))), "a.rtf")
	for _, want := range []string{"the letter", "[Attachment: Plan.docx]\n\nwords of the plan", "second words", "shown"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing in %q", want, got)
		}
	}
	for name, o := range map[string]string{
		"cut off": ole1("Package", packaged("a.txt", "words"))[:40], "a link": "\x01\x05\x00\x00\x01" + strings.Repeat("\x00", 60),
		"endless name": "\x01\x05\x00\x00\x02\x00\x00\x00\xff\xff\xff\xff" + strings.Repeat("a", 60),
	} {
		if got := read(t, rich(o), "a.rtf"); got != "the lettershown" {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// What a container cannot unpack is named as well as what a reader refuses.
func TestDroppedMembersAreNamed(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	damaged := formattest.Zip(t, "note.txt", "plain words", "Big.txt", strings.Repeat("abcdefghij", 1000))
	at := strings.Index(string(damaged), "Big.txt") + len("Big.txt")
	for i := range 30 {
		damaged[at+i] = 0xff
	}
	s, err := openUpload(formattest.Save(t, "in", damaged), "a.zip", testLimits, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if got := strings.Join(s.Info().Warnings, "|"); !strings.Contains(got, "Big.txt (damaged)") {
		t.Errorf("%q", got)
	}
}

// What is known of the upload says nothing of the files in it.
func TestPagesOfTheUpload(t *testing.T) {
	content := "BT /F1 12 Tf 50 700 Td (inner words) Tj ET"
	inner := formattest.PDF("", "<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Count 1/Kids[3 0 R]>>", "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 4 0 R>>>>/Contents 5 0 R>>",
		"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>", fmt.Sprintf("<</Length %d>>stream\n%s\nendstream", len(content), content))
	lim := testLimits
	lim.Known, lim.Pages = true, 40
	t.Setenv("TMPDIR", t.TempDir())
	n := newNested(lim, nil, nil)
	if got := n.at(1)("a.pdf", inner); got != "inner words" || n.lim.Pages != 0 {
		t.Errorf("%q, %d pages known", got, n.lim.Pages)
	}
}

// A child that died over a file inside reads the outer one without it.
func TestAlone(t *testing.T) {
	lim := testLimits
	lim.Alone = true
	s, err := openUpload(formattest.Save(t, "in", []byte(message("a.txt", "inner words"))), "m.eml", lim, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if got := strings.Join(formattest.Texts(t, s), ""); !strings.Contains(got, "see the file") || strings.Contains(got, "inner words") {
		t.Errorf("%q", got)
	}
	if w := s.Info().Warnings; len(w) != 1 || !strings.Contains(w[0], "left out") {
		t.Errorf("%q", w)
	}
}

// A compound file that is not read is refused by the name of what it is, with what to do, and without the list of all that is read.
func TestCompoundFilesAreRefusedByName(t *testing.T) {
	for want, stream := range map[string][2]string{
		"The file is a Hangul document of a version that is not read; save it as DOCX or PDF and upload that.": {"FileHeader", "HWP Document File\x00"},
		"The file is a Microsoft Project file; save it as PDF and upload that.":                                {"Props14", "x"},
		"The file is a drawing of an old Visio (vsd); save it as VSDX or PDF and upload that.":                 {"VisioDocument", "x"},
		"The file is an OLE container of an unknown program; " + reads + ".":                                   {"Something", "x"},
	} {
		f := cfbtest.Open(t, cfb.Open, 1<<20, map[string][]byte{stream[0]: []byte(stream[1])})
		_, err := readOLE(f, doc.Limits{MaxUnpacked: 1 << 20})
		if e := (*doc.Fail)(nil); !errors.As(err, &e) || e.Code != doc.CodeUnsupportedType || e.Message != want {
			t.Errorf("%s: %v", stream[0], err)
		}
	}
}
