package mupdf

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/formattest"
)

func opened(t testing.TB, data []byte) *Document {
	t.Helper()
	d, err := Open(formattest.Save(t, "f.pdf", data))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	return d
}

// pieces of content, and what may be mistaken for some.
var tokens = []string{"0", "-0", "+7", "007", "-12", "123456789", "1234567890", "-999999999", "2147483648", "99999999999999999999", "--5", "5-3", "1.5", "-0.0", ".5", "-.5", "5.",
	".", "-", "+", "1.2.3", "16777217.5", "0.123456789", "0.12345678", "12345.6789", "8388608.5", "33554433.", "123456789.0", "1234567890.5", "0.000000000000-5684342", "1e5", "0x1", "1a",
	"/F1", "/", "/A#20B", "/A#2", "/a#00b", "/" + strings.Repeat("n", 254), "/" + strings.Repeat("n", 255), "/" + strings.Repeat("n", 256), "/" + strings.Repeat("n", 5000),
	"(a)", "()", "(a(b)c)", `(a\)b)`, `(\101\n\
x)`, "(a\rb)", "(a\r\nb)", "(a\nb)", "(" + strings.Repeat("s", 255) + ")", "(" + strings.Repeat("s", 256) + ")", "(" + strings.Repeat("s", 3000) + ")", "(open",
	"<0041>", "<00 41>", "<004>", "<>", "<zz>", "<" + strings.Repeat("41", 256) + ">", "<" + strings.Repeat("41", 300) + ">", "<0041", "<<", ">>", "<", ">", "[", "]", "{", "}", ")",
	"% said\n", "Tj", "TJ", "'", "\"", "T*", "BT", "ET", "re", "R", "Ro", "obj", "endobj", "stream", "endstream", "xref", "trailer", "startxref", "newobj", "true", "false", "null", "nul",
	"q", "\x80", "Q\x01", "a#b", "BDC", "EMC", "o", "ob", "\x00", "\t", "\f", "\r\n", " "}

// Our scanner and MuPDF's give the same tokens, the same numbers to the bit, and stop at the same byte, wherever a stream is cut into pieces.
func TestTokens(t *testing.T) {
	d := opened(t, onePage(""))
	r := rand.New(rand.NewPCG(1, 2))
	for range 4000 {
		var s strings.Builder
		for range 1 + r.IntN(40) {
			switch r.IntN(4) {
			case 0:
				s.WriteString(tokens[r.IntN(len(tokens))])
			case 1:
				fmt.Fprintf(&s, "%.*f", r.IntN(9), (r.Float64()-0.5)*[]float64{1, 100, 1e4, 1e7}[r.IntN(4)])
			case 2:
				fmt.Fprint(&s, r.Int64N(1<<uint(1+r.IntN(40))))
			default:
				s.WriteString(string([]byte{byte(r.IntN(256))}))
			}
			s.WriteString([]string{" ", " ", "\n", ""}[r.IntN(4)])
		}
		data := []byte(s.String())
		if at, _ := d.tokensDiffer(data, []int{1, 2, 7, 64, 1 << 20}[r.IntN(5)]); at >= 0 {
			t.Fatalf("%q: they differ before byte %d", data, at)
		}
	}
	if at, n := d.tokensDiffer([]byte(strings.Join(tokens, " ")), 1<<20); at >= 0 || n < len(tokens)/2 {
		t.Errorf("%d tokens, they differ before byte %d", n, at)
	}
}

func FuzzTokens(f *testing.F) {
	for _, s := range tokens {
		f.Add([]byte(s+" "), 1<<20)
	}
	d := opened(f, onePage(""))
	f.Fuzz(func(t *testing.T, data []byte, step int) {
		if at, _ := d.tokensDiffer(data, max(1, step)); at >= 0 {
			t.Errorf("they differ before byte %d", at)
		}
	})
}

// What is kept of the letters of built-in fonts is what FreeType says of them each time.
func TestLettersOfBuiltinFonts(t *testing.T) {
	d := opened(t, onePage(""))
	for _, font := range []string{"Helvetica", "Helvetica-BoldOblique", "Times-Roman", "Courier", "Symbol", "ZapfDingbats"} {
		if wrong, n := d.lettersDiffer(font); wrong != 0 || n < 100 {
			t.Errorf("%s: %d of %d differ", font, wrong, n)
		}
	}
}

// What a page holds does not depend on whether MuPDF is told how large letters are; what is drawn later neither.
func TestLinesWithoutSizesOfLetters(t *testing.T) {
	const page = "BT /F1 12 Tf 50 700 Td (Plain text) Tj 0 -20 Td 7 Tr (Clip) Tj ET BT 0 Tr /T 20 Tf 50 600 Td (aba) Tj ET " +
		"/Pattern cs /P scn BT /F1 60 Tf 50 400 Td (Filled) Tj ET 0 g BT /F1 9 Tf 50 300 Td (Behind) Tj ET /G gs BT 50 200 Td (Faint) Tj ET"
	const tile = "BT /F1 4 Tf 1 1 Td (tile) Tj ET q 3 0 0 3 5 5 cm BI /W 1 /H 1 /CS /G /BPC 8 ID x EI Q"
	const glyph = "900 0 0 0 800 800 d1 BT /F1 500 Tf 0 0 Td (g) Tj ET 0 0 400 400 re f"
	stream := func(dict, s string) string {
		return fmt.Sprintf("<<%s/Length %d>>\nstream\n%s\nendstream", dict, len(s), s)
	}
	data := formattest.PDF("", "<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Count 2/Kids[3 0 R 3 0 R]>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 5 0 R/T 6 0 R>>/Pattern<</P 7 0 R>>/ExtGState<</G<</ca .5/BM/Multiply>>>>>>/Contents 4 0 R>>",
		stream("", page), "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
		"<</Type/Font/Subtype/Type3/FontBBox[0 0 0 0]/FontMatrix[.001 0 0 .001 0 0]/FirstChar 97/LastChar 98/Widths[900 900]/Encoding<</Differences[97/a/b]>>/CharProcs<</a 8 0 R/b 8 0 R>>/Resources<</Font<</F1 5 0 R>>>>>>",
		stream("/Type/Pattern/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 10 10]/XStep 10/YStep 10/Resources<</Font<</F1 5 0 R>>>>", tile),
		stream("", glyph))
	read := func(yes bool) (pages []PageLines, drawn []byte) {
		plainly(yes)
		defer plainly(false)
		d := opened(t, data)
		for i := range 2 {
			l, err := d.Lines(i)
			if err != nil {
				t.Fatal(err)
			}
			pages = append(pages, *l)
			for k := range l.Lines {
				l.Lines[k].Chars = append([]Char(nil), l.Lines[k].Chars...)
			}
		}
		g, err := d.Gray(0, 72, 1<<24)
		if err != nil {
			t.Fatal(err)
		}
		return pages, g.Pix
	}
	want, inked := read(true)
	got, drawn := read(false)
	if !reflect.DeepEqual(got, want) || len(want[0].Images) == 0 || len(want[0].Lines) < 7 {
		t.Errorf("%d and %d pictures, %d and %d lines", len(got[0].Images), len(want[0].Images), len(got[0].Lines), len(want[0].Lines))
	}
	if !reflect.DeepEqual(drawn, inked) {
		t.Error("the page is drawn otherwise after its text was read")
	}
}
