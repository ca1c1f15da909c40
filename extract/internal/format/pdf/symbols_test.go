package pdf

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/formattest"
)

// enciphered is s as a Type 1 font has it, behind four bytes that say nothing (Adobe Type 1 Font Format, chapter 7).
func enciphered(key uint16, s string) string {
	out := make([]byte, 0, len(s)+4)
	for _, c := range []byte("\x00\x00\x00\x00" + s) {
		c ^= byte(key >> 8)
		key = (uint16(c)+key)*52845 + 22719
		out = append(out, c)
	}
	return string(out)
}

// type1PDF shows the glyphs of these names, one behind the other, in a Type 1 font that says nothing of their characters, as those of TeX's formulas.
func type1PDF(names ...string) []byte {
	var encoding, glyphs, shown strings.Builder
	shape := enciphered(4330, "\x8b\xf8\x88\x0d\x0e") // 0 500 hsbw endchar
	for i, n := range append([]string{".notdef"}, names...) {
		fmt.Fprintf(&glyphs, "/%s %d RD %s ND\n", n, len(shape), shape)
		if i > 0 {
			fmt.Fprintf(&encoding, "dup %d /%s put\n", 64+i, n)
			shown.WriteByte(byte(64 + i))
		}
	}
	clear := "%!PS-AdobeFont-1.0: Signs\n/FontName /Signs def\n/FontType 1 def\n/PaintType 0 def\n/FontMatrix [0.001 0 0 0.001 0 0] readonly def\n/FontBBox {0 0 500 500} readonly def\n" +
		"/Encoding 256 array 0 1 255 {1 index exch /.notdef put} for\n" + encoding.String() + "readonly def\ncurrentdict end\ncurrentfile eexec\n"
	private := enciphered(55665, "dup /Private 8 dict dup begin\n/RD{string currentfile exch readstring pop}executeonly def\n/ND{noaccess def}executeonly def\n/password 5839 def\n"+
		fmt.Sprintf("2 index /CharStrings %d dict dup begin\n", len(names)+1)+glyphs.String()+"end\nend\nreadonly put\nnoaccess put\ndup/FontName get exch definefont pop\nmark currentfile closefile\n")
	content := "BT /F1 12 Tf 72 700 Td (" + shown.String() + ") Tj ET"
	return formattest.PDF("",
		"<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Count 1/Kids[4 0 R]>>",
		fmt.Sprintf("<</Type/Font/Subtype/Type1/BaseFont/Signs/FirstChar 65/LastChar %d/Widths[%s]/FontDescriptor 6 0 R>>", 64+len(names), strings.Repeat("500 ", len(names))),
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 3 0 R>>>>/Contents 5 0 R>>",
		fmt.Sprintf("<</Length %d>>stream\n%s\nendstream", len(content), content),
		"<</Type/FontDescriptor/FontName/Signs/Flags 4/FontBBox[0 0 500 500]/ItalicAngle 0/Ascent 500/Descent 0/CapHeight 500/StemV 80/FontFile 7 0 R>>",
		fmt.Sprintf("<</Length %d/Length1 %d/Length2 %d/Length3 0>>stream\n%s%s\nendstream", len(clear)+len(private), len(clear), len(private), clear, private))
}

// Signs of formulas are read by the names of their glyphs; a name that says nothing stays an unknown character.
func TestSignsByTheNamesOfGlyphs(t *testing.T) {
	_, texts := read(t, save(t, type1PDF("A", "uniontext", "x", "summationdisplay", "parenleftBig", "parenlefttp", "nosign", "B")))
	if want := "A⋃x∑(⎛\ufffdB"; texts[0] != want {
		t.Errorf("%q, want %q", texts[0], want)
	}
}
