package word97

import (
	"encoding/binary"
	"errors"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/cfb"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/cfb/cfbtest"
)

// whole is a text that comes in pieces.
func whole(pieces []string, err error) (string, error) { return strings.Join(pieces, ""), err }

// plainText is the text of s.
func plainText(s string) string {
	var p plain
	p.string(s)
	return strings.Join(p.text(), "")
}

func TestWordNumbersAndHeadings(t *testing.T) {
	f := cfbtest.Open(t, cfb.Open, 64<<20, cfbtest.WordFile(
		cfbtest.WordPara{Text: "Title of it", Style: 1}, cfbtest.WordPara{Text: "one", List: 1}, cfbtest.WordPara{Text: "sub", List: 1, Lvl: 1}, cfbtest.WordPara{Text: "sub", List: 1, Lvl: 1},
		cfbtest.WordPara{Text: "two", List: 1}, cfbtest.WordPara{Text: "between"}, cfbtest.WordPara{Text: "again", List: 2}, cfbtest.WordPara{Text: "sub", List: 2, Lvl: 1}))
	got, err := whole(Word(f, 0, nil))
	want := "# Title of it\n\n1. one\n1.a) sub\n1.b) sub\n2. two\n\nbetween\n\n5. again\n5.a) sub"
	if err != nil || got != want {
		t.Errorf("got  %q\nwant %q (%v)", got, want, err)
	}
}

func TestWordRefusesEncrypted(t *testing.T) {
	s := cfbtest.WordFile(cfbtest.WordPara{Text: "secret"})
	cfbtest.Put16(s["WordDocument"], 10, 0x300)
	if _, err := Word(cfbtest.Open(t, cfb.Open, 64<<20, s), 0, nil); !errors.Is(err, cfb.ErrEncrypted) {
		t.Errorf("got %v", err)
	}
}

// Every cut of the table stream must give an answer without a panic; the text itself stays as long
// as the piece table is whole.
func TestWordWithCutTables(t *testing.T) {
	s := cfbtest.WordFile(cfbtest.WordPara{Text: "one", List: 1}, cfbtest.WordPara{Text: "two", List: 1, Lvl: 1})
	table := s["1Table"]
	for n := range table {
		s["1Table"] = table[:n]
		got, err := whole(Word(cfbtest.Open(t, cfb.Open, 64<<20, s), 0, nil))
		if n >= 21 && (err != nil || !strings.Contains(got, "two")) {
			t.Fatalf("table of %d bytes: %q %v", n, got, err)
		}
	}
}

func FuzzPlainText(f *testing.F) {
	f.Add("a\x13b\x14c\x15\x07\x07\r")
	f.Fuzz(func(t *testing.T, in string) { plainText(in) })
}

func TestPlainText(t *testing.T) {
	for in, want := range map[string]string{
		"a\rb": "a\n\nb",
		"see \x13 HYPERLINK \"u\" \x14the page\x15 now":                      "see the page now",
		"in \x13 EQ \\* jc2 \\* hps10 \\o\\ad(\\s\\up 10(とうきょう),東京)\x15 now": "in 東京 (とうきょう) now",
		"\x13 PAGE \x15x":                  "x",
		"c1\x07c2\x07\x07d1\x07d2\x07\x07": "c1\tc2\nd1\td2",
		"non\x1ebreaking\x1f hyphen":       "non-breaking hyphen",
	} {
		if got := plainText(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestLinks(t *testing.T) {
	for in, want := range map[string]doc.Links{
		"see \x13 HYPERLINK \"https://example.org/a\" \\o \"tip\" \x01\x14the page\x15 now":                                   {{Text: "the page", Target: "https://example.org/a"}},
		"\x13 TOC \\o \x14\x13 HYPERLINK \\l \"_Toc\" \x14one \x13 PAGEREF _Toc \x143\x15\x15\x15":                            nil,
		"\x13HYPERLINK mailto:a@example.org\x14write \x13 PAGE \x14to\x15 us\x15":                                             {{Text: "write to us", Target: "mailto:a@example.org"}},
		"\x13 HYPERLINK \"https://example.org/" + strings.Repeat("a", 1<<20) + "\"\x14" + strings.Repeat("x", 1<<20) + "\x15": nil,
		"\x14\x15\x13 HYPERLINK \"https://example.org/\"\x14never ended":                                                      nil,
	} {
		var got doc.Links
		p := plain{links: &got}
		p.string(in)
		if !slices.Equal(got, want) {
			t.Errorf("%.100q: %q", in, got)
		}
	}
}

// The text is not copied out of the file to be looked at: characters of both widths, in pieces, and of two units.
func TestTextIsReadWhereItStands(t *testing.T) {
	main := append(make([]byte, 0x200), "\x93one\x94\r"...)
	wide := len(main)
	for _, u := range utf16.Encode([]rune("zwei 𝄞\r")) {
		main = binary.LittleEndian.AppendUint16(main, u)
	}
	d := &document{main: main, units: 6 + 8, pieces: []piece{
		{cp: 0, fc: 0x200, width: 1, data: main[0x200:wide]}, {cp: 6, fc: wide, width: 2, data: main[wide:]}}}
	if got := strings.Join(d.story(0, d.units), ""); got != "“one”\n\nzwei 𝄞" {
		t.Errorf("%q", got)
	}
	if got := strings.Join(d.story(7, 9), ""); got != "we" {
		t.Errorf("%q", got)
	}
}

// A text of more running words than the limit of pages can hold is refused before it is in memory; the end of a page in it says that it is cut there.
func TestWordOfTooManyWords(t *testing.T) {
	long := strings.Repeat("a paragraph of the text\r", 20)
	for name, c := range map[string]struct {
		text string
		most int
		want error
	}{
		"within": {long, 520, nil}, "beyond": {long, 300, cfb.ErrBudget}, "any": {long, 0, nil}, "with pages": {"one\x0c" + long, 300, nil},
	} {
		file := cfbtest.WordFile(cfbtest.WordPara{Text: c.text})
		if got, err := whole(Word(cfbtest.Open(t, cfb.Open, 64<<20, file), c.most, nil)); !errors.Is(err, c.want) || err == nil && len(got) < 480 {
			t.Errorf("%s: %d bytes, %v", name, len(got), err)
		}
		if got := strings.Join(oldWord(oldFile(0, c.text, nil), c.most), ""); c.want != nil && len(got) > c.most+50 || c.want == nil && len(got) < 480 {
			t.Errorf("%s of Word 95: %d bytes", name, len(got))
		}
	}
}
