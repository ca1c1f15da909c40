package pdf

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/formattest"
)

// holding writes a PDF of one page that says "cover"; the catalog and the page have more entries, and objects from number 6 follow.
func holding(catalog, page string, objects ...string) []byte {
	content := show(50, 50, 12, "cover")
	return formattest.PDF("", append([]string{
		"<</Type/Catalog/Pages 2 0 R" + catalog + ">>", "<</Type/Pages/Count 1/Kids[3 0 R]>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 4 0 R>>>>/Contents 5 0 R" + page + ">>",
		"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
		fmt.Sprintf("<</Length %d>>stream\n%s\nendstream", len(content), content)}, objects...)...)
}

func embedded(data string) string {
	return fmt.Sprintf("<</Type/EmbeddedFile/Length %d>>stream\n%s\nendstream", len(data), data)
}

func deflated(t *testing.T, data string) string {
	t.Helper()
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	if _, err := w.Write([]byte(data)); err != nil || w.Close() != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("<</Type/EmbeddedFile/Filter/FlateDecode/Length %d>>stream\n%s\nendstream", b.Len(), b.String())
}

func spec(name string, object int) string {
	return fmt.Sprintf("<</Type/Filespec/F(%s)/UF(%s)/EF<</F %d 0 R>>>>", name, name, object)
}

// inside is what a reader did with the files that it found.
type inside struct {
	given  []string // name=content
	unread []string
}

func openHolding(t *testing.T, data []byte, lim doc.Limits) (doc.Source, *inside) {
	t.Helper()
	got := &inside{}
	lim.Embedded = func(name string, data []byte) string {
		got.given = append(got.given, name+"="+string(data))
		return "text of " + name
	}
	lim.Unread = func(name string, err error) { got.unread = append(got.unread, name+": "+err.Error()) }
	s, err := Open(save(t, data), lim, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s, got
}

// Files are found wherever a PDF keeps them, each once, and their texts follow the pages under their names.
func TestAttachedFiles(t *testing.T) {
	data := holding("/AF[13 0 R 14 0 R 16 0 R]/Names<</EmbeddedFiles<</Kids[6 0 R 7 0 R]>>>>/Collection<</View/T>>", "/Annots[<</Type/Annot/Subtype/FileAttachment/Rect[0 0 9 9]/FS 15 0 R>>]",
		"<</Names[(a) 13 0 R]>>", "<</Names[(key.txt) <</EF<</F 9 0 R>>>>]>>",
		embedded("one"), embedded("two"), embedded("three"), embedded("four"), embedded("machines"),
		spec("Minutes \\374.txt", 8), spec("page.txt", 10), spec("pin.txt", 11),
		"<</Type/Filespec/F(factur-x.xml)/AFRelationship/Alternative/EF<</F 12 0 R>>>>")
	s, got := openHolding(t, data, limits)
	if want := []string{"Minutes ü.txt=one", "key.txt=two", "page.txt=three", "pin.txt=four"}; !slices.Equal(got.given, want) || len(got.unread) > 0 {
		t.Errorf("%q, want %q; unread %q", got.given, want, got.unread)
	}
	texts := formattest.Texts(t, s)
	if len(texts) != 2 || texts[0] != "cover" || !strings.Contains(texts[1], "# Minutes ü.txt\n\ntext of Minutes ü.txt\n\n# key.txt") || !s.Info().Random {
		t.Errorf("%q %+v", texts, s.Info())
	}
}

// A child that joins another knows how many pages there are, and reads attached files when one of theirs is asked for.
func TestAttachedFilesAreReadWhenAskedFor(t *testing.T) {
	lim := limits
	lim.Known, lim.Pages = true, 3
	s, got := openHolding(t, holding("/AF[6 0 R]", "", spec("a.txt", 7), embedded("words")), lim)
	if i := s.Info(); i.Pages != 3 || len(got.given) > 0 {
		t.Fatalf("%+v %q", i, got.given)
	}
	if texts := formattest.Texts(t, s); texts[0] != "cover" || texts[1] != "# a.txt\n\ntext of a.txt" || texts[2] != "" || len(got.given) != 1 {
		t.Errorf("%q %q", texts, got.given)
	}
}

// A file that nobody has named is read all the same.
func TestAttachedWithoutAName(t *testing.T) {
	s, got := openHolding(t, holding("/AF[6 0 R]", "", "<</EF<</F 7 0 R>>>>", embedded("words")), limits)
	if texts := formattest.Texts(t, s); len(texts) != 2 || texts[1] != "text of" || !slices.Equal(got.given, []string{"=words"}) {
		t.Errorf("%q %q", texts, got.given)
	}
}

// A document without files is as it was, and so is one of which files are not asked for.
func TestNothingAttached(t *testing.T) {
	s, _ := openHolding(t, build("", show(50, 50, 12, "alone")), limits)
	if i := s.Info(); i.Pages != 1 || !i.Random || len(i.Warnings) > 0 {
		t.Errorf("%+v", i)
	}
	info, texts := read(t, save(t, holding("/AF[6 0 R]", "", spec("a.txt", 7), embedded("a"))))
	if len(texts) != 1 || !info.Random {
		t.Errorf("%q %+v", texts, info)
	}
}

func TestHostileAttachments(t *testing.T) {
	var many []string
	var tree strings.Builder
	for i := range 10000 {
		fmt.Fprintf(&tree, "(%d) %d 0 R ", i, 7+2*i)
		many = append(many, spec(fmt.Sprint(i), 8+2*i), embedded("x"))
	}
	for name, c := range map[string]struct {
		data          []byte
		given, unread int
	}{
		"a portfolio of 10,000": {holding("/Names<</EmbeddedFiles 6 0 R>>", "", append([]string{"<</Names[" + tree.String() + "]>>"}, many...)...), 300, 9700},
		"a tree in a circle":    {holding("/Names<</EmbeddedFiles 6 0 R>>", "", "<</Kids[6 0 R 6 0 R 6 0 R]/Names[(a) 7 0 R]>>", spec("a", 8), embedded("x")), 1, 0},
		"a bomb":                {holding("/AF[6 0 R 8 0 R]", "", spec("bomb", 7), deflated(t, strings.Repeat("a", 50<<20)), spec("small", 9), embedded("x")), 1, 1},
		"no stream":             {holding("/AF[6 0 R 7 0 R <</EF 5>> null 7]", "", spec("a", 1), spec("b", 9999)), 0, 2},
		"damaged":               {holding("/AF[6 0 R]", "", spec("a", 7), "<</Filter/FlateDecode/Length 4>>stream\nabcd\nendstream"), 0, 0},
		"itself":                {holding("/AF[6 0 R]", "", "<</UF(a)/EF<</F 6 0 R>>>>"), 0, 1},
	} {
		t.Run(name, func(t *testing.T) {
			s, got := openHolding(t, c.data, limits)
			if texts := formattest.Texts(t, s); texts[0] != "cover" {
				t.Errorf("%q", texts)
			}
			if name == "damaged" { // MuPDF gives what it can of it: nothing, or an error
				c.unread = len(got.unread)
				c.given = len(got.given)
			}
			if len(got.given) != c.given || len(got.unread) != c.unread {
				t.Errorf("%d given, %d unread: %.200q", len(got.given), len(got.unread), got.unread)
			}
		})
	}
}

// The text of attached files never makes a document too long.
func TestAttachedPagesAreCut(t *testing.T) {
	lim := limits
	lim.MaxPages = 2
	lim.Embedded = func(string, []byte) string { return strings.Repeat("many words. ", 5000) }
	s, err := Open(save(t, holding("/AF[6 0 R]", "", spec("a", 7), embedded("x"))), lim, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if i := s.Info(); i.Pages != 2 || len(i.Warnings) != 1 || !strings.Contains(i.Warnings[0], "limit of pages") {
		t.Errorf("%+v", i)
	}
}

// Acrobat can lock the attachments alone: they are named, and not given to a reader as what they are not.
func TestLockedAttachments(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	enc := "<</Filter/Standard/V 4/R 4/Length 128/P -4/O(12345678901234567890123456789012)/U(12345678901234567890123456789012)" +
		"/CF<</StdCF<</CFM/AESV2/Length 16/AuthEvent/EFOpen>>>>/StmF /Identity/StrF/Identity/EFF/StdCF/EncryptMetadata false>>"
	data := bytes.Replace(holding("/AF[6 0 R]", "", spec("a.txt", 7), embedded("secret")), []byte("/Root 1 0 R"), []byte("/Encrypt "+enc+"/ID[(a)(a)]/Root 1 0 R"), 1)
	_, got := openHolding(t, data, limits)
	if len(got.given) > 0 || len(got.unread) != 1 || !strings.Contains(got.unread[0], "password") {
		t.Errorf("%+v", got)
	}
	if left, _ := os.ReadDir(os.Getenv("TMPDIR")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}
